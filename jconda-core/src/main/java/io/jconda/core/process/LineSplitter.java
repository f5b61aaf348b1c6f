package io.jconda.core.process;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines for a listener: at a line feed, a carriage return, or both together. A line
 * that grows too long comes in pieces. Not thread-safe.
 */
final class LineSplitter {
  static final int LONGEST_LINE = 65_536;

  private final CharsetDecoder decoder;
  private final Consumer<String> listener;
  private final StringBuilder line = new StringBuilder();
  private final CharBuffer chars = CharBuffer.allocate(8192);
  private ByteBuffer undecoded = ByteBuffer.allocate(0);
  private boolean afterCarriageReturn;

  LineSplitter(Charset charset, Consumer<String> listener) {
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    this.listener = listener;
  }

  void add(byte[] bytes, int count) {
    ByteBuffer in = ByteBuffer.allocate(undecoded.remaining() + count);
    in.put(undecoded).put(bytes, 0, count).flip();
    decode(in, false);
    undecoded = in;
  }

  /** Hands out what is left after the last line end. */
  void end() {
    decode(undecoded, true);
    decoder.flush(chars);
    take();
    if (!line.isEmpty()) {
      emit();
    }
  }

  private void decode(ByteBuffer in, boolean last) {
    boolean more;
    do {
      more = decoder.decode(in, chars, last).isOverflow();
      take();
    } while (more);
  }

  private void take() {
    chars.flip();
    while (chars.hasRemaining()) {
      char c = chars.get();
      boolean secondHalf = c == '\n' && afterCarriageReturn;
      afterCarriageReturn = c == '\r';
      if (secondHalf) {
        continue;
      }
      if (c == '\n' || c == '\r') {
        emit();
      } else {
        line.append(c);
        if (line.length() >= LONGEST_LINE) {
          emit();
        }
      }
    }
    chars.clear();
  }

  private void emit() {
    String text = line.toString();
    line.setLength(0);
    listener.accept(text);
  }
}

package io.jconda.core.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the numbers and texts of a zip, looks ahead, and knows how far it is. */
final class LookaheadStream {
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteBuffer view = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
  private int start;
  private int end;
  private long before;

  LookaheadStream(InputStream in) {
    this.in = in;
  }

  long position() {
    return before + start;
  }

  int ready() {
    return end - start;
  }

  /** Reads until so many bytes are ready; returns whether the stream has them. */
  boolean fill(int count) throws IOException {
    if (end - start >= count) {
      return true;
    }
    System.arraycopy(buffer, start, buffer, 0, end - start);
    before += start;
    end -= start;
    start = 0;
    while (end < count) {
      int got = in.read(buffer, end, buffer.length - end);
      if (got < 0) {
        return false;
      }
      end += got;
    }
    return true;
  }

  void need(int count) throws IOException {
    if (!fill(count)) {
      throw new EOFException("it ends too early");
    }
  }

  int peek(int ahead) {
    return buffer[start + ahead];
  }

  int peekInt(int ahead) {
    return view.getInt(start + ahead);
  }

  long peekLong(int ahead) {
    return view.getLong(start + ahead);
  }

  int next() throws IOException {
    need(1);
    return buffer[start++] & 0xff;
  }

  int int16() throws IOException {
    need(2);
    start += 2;
    return view.getShort(start - 2) & 0xffff;
  }

  int int32() throws IOException {
    need(4);
    start += 4;
    return view.getInt(start - 4);
  }

  long int64() throws IOException {
    need(8);
    start += 8;
    return view.getLong(start - 8);
  }

  byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int got = 0;
    while (got < count) {
      need(1);
      got += take(bytes, got, count - got);
    }
    return bytes;
  }

  /**
   * Reads bytes that nobody has to look at first: past the own buffer, if nothing is ready in it.
   */
  int read(byte[] target, int from, int count) throws IOException {
    if (ready() > 0) {
      return take(target, from, count);
    }
    int got = in.read(target, from, count);
    if (got < 0) {
      throw new EOFException("it ends too early");
    }
    before += got;
    return got;
  }

  int take(byte[] target, int from, int count) {
    int taken = Math.min(count, ready());
    System.arraycopy(buffer, start, target, from, taken);
    start += taken;
    return taken;
  }
}

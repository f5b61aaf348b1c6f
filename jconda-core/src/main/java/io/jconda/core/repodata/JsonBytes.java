package io.jconda.core.repodata;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the bytes of a JSON text without making anything of them, and keeps the bytes from a
 * mark on; checks that strings are UTF-8.
 */
final class JsonBytes {
  private static final int BUFFER = 1 << 17;
  private static final int LONGEST_KEPT = 1 << 26;
  private static final long LONGEST_TEXT = 1L << 34;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;
  private int mark = -1;
  private long filled;

  JsonBytes(InputStream in) {
    this.in = in;
  }

  /** Keeps the bytes from the next one on, until the mark is set anew or released. */
  void mark() {
    mark = position;
  }

  void release() {
    mark = -1;
  }

  /** Returns how many bytes were read since the mark. */
  int marked() {
    return position - mark;
  }

  /**
   * Returns the array that the kept bytes lie in, at {@link #markOffset()}, until the next read.
   */
  byte[] buffer() {
    return buffer;
  }

  int markOffset() {
    return mark;
  }

  /** Returns the next byte that is no white space without taking it, or -1 at the end. */
  int peek() throws IOException {
    while (true) {
      if (position == limit && !fill()) {
        return -1;
      }
      byte b = buffer[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      position++;
    }
  }

  /** Takes the next byte that is no white space. */
  int next() throws IOException {
    int b = peek();
    if (b < 0) {
      throw new EOFException("the index ends too soon");
    }
    position++;
    return b;
  }

  /** Takes the next byte that is no white space, which must be a certain one. */
  void expect(char wanted) throws IOException {
    int b = next();
    if (b != wanted) {
      throw malformed("there is %s where '%s' should be".formatted(shown(b), wanted));
    }
  }

  /** Takes the rest of a string whose opening quote was taken. */
  void finishString() throws IOException {
    while (true) {
      // locals make this loop, in which nearly all the time is spent, about twice as fast
      byte[] bytes = buffer;
      int end = limit;
      int at = position;
      while (at < end) {
        byte b = bytes[at++];
        if (b == '"') {
          position = at;
          return;
        }
        if (b == '\\' || b < ' ') {
          position = at;
          special(b);
          bytes = buffer;
          end = limit;
          at = position;
        }
      }
      position = at;
      if (!fill()) {
        throw new EOFException("the index ends too soon");
      }
    }
  }

  private void special(byte b) throws IOException {
    if (b == '\\') {
      raw();
    } else if (b >= 0) {
      throw malformed("a string has a control character in it");
    } else {
      multiByte(b & 0xff);
    }
  }

  /** Checks one character of UTF-8 beyond ASCII (RFC 3629), whose first byte was taken. */
  private void multiByte(int first) throws IOException {
    int second = raw();
    boolean valid;
    if (first >= 0xc2 && first <= 0xdf) {
      valid = isContinuation(second);
    } else if (first >= 0xe0 && first <= 0xef) {
      boolean shortest = first != 0xe0 || second >= 0xa0;
      boolean noSurrogate = first != 0xed || second <= 0x9f;
      valid = shortest && noSurrogate && isContinuation(second) && isContinuation(raw());
    } else {
      boolean shortest = first != 0xf0 || second >= 0x90;
      boolean inRange = first >= 0xf0 && (first < 0xf4 || (first == 0xf4 && second <= 0x8f));
      valid =
          shortest
              && inRange
              && isContinuation(second)
              && isContinuation(raw())
              && isContinuation(raw());
    }
    if (!valid) {
      throw malformed("it is not UTF-8");
    }
  }

  private static boolean isContinuation(int b) {
    return (b & 0xc0) == 0x80;
  }

  private int raw() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("the index ends too soon");
    }
    return buffer[position++] & 0xff;
  }

  /** Takes a string, its opening quote included, and returns its characters. */
  String string() throws IOException {
    peek();
    int outer = mark;
    int from = outer < 0 ? 0 : position - outer;
    mark = outer < 0 ? position : outer;
    expect('"');
    finishString();
    int start = mark + from + 1;
    String text = decode(start, position - 1 - start);
    mark = outer < 0 ? -1 : mark;
    return text;
  }

  /** Takes a string while bytes are kept, and tells whether it is a certain one. */
  boolean stringIs(byte[] wanted) throws IOException {
    expect('"');
    int from = position - mark;
    finishString();
    int start = mark + from;
    return Arrays.equals(buffer, start, position - 1, wanted, 0, wanted.length);
  }

  /** Returns the characters of a string that is kept, from so far behind the mark. */
  String kept(int from, int length) throws IOException {
    return decode(mark + from, length);
  }

  /** Tells whether a string that is kept has an escape in it. */
  boolean keptHasBackslash(int from, int length) {
    for (int i = mark + from; i < mark + from + length; i++) {
      if (buffer[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private String decode(int start, int length) throws IOException {
    for (int i = start; i < start + length; i++) {
      if (buffer[i] == '\\') {
        return RecordParser.unescape(buffer, start - 1, length + 2);
      }
    }
    return new String(buffer, start, length, StandardCharsets.UTF_8);
  }

  /** Takes a value of any kind. */
  void skipValue() throws IOException {
    int b = next();
    if (b == '"') {
      finishString();
    } else if (b == '{' || b == '[') {
      skipContainer();
    } else {
      skipLiteral(b);
    }
  }

  private void skipContainer() throws IOException {
    int depth = 1;
    while (depth > 0) {
      int b = next();
      switch (b) {
        case '"' -> finishString();
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> checkLiteral(b);
      }
    }
  }

  private void skipLiteral(int first) throws IOException {
    checkLiteral(first);
    int b = peek();
    while (b >= 0 && b != ',' && b != '}' && b != ']') {
      checkLiteral(next());
      b = peek();
    }
  }

  private void checkLiteral(int b) throws MalformedIndexException {
    if (b <= ' ' || b >= 0x7f || b == '<') {
      throw malformed("there is %s where a value should be".formatted(shown(b)));
    }
  }

  MalformedIndexException malformed(String problem) {
    return new MalformedIndexException(
        "%s, near byte %d".formatted(problem, filled - limit + position));
  }

  private static String shown(int b) {
    return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : "byte 0x" + Integer.toHexString(b);
  }

  /** Reads more, behind what is kept. */
  private boolean fill() throws IOException {
    int keep = mark < 0 ? position : mark;
    if (keep > 0) {
      System.arraycopy(buffer, keep, buffer, 0, limit - keep);
      limit -= keep;
      position -= keep;
      mark = mark < 0 ? -1 : 0;
    }
    if (limit == buffer.length) {
      if (limit >= LONGEST_KEPT) {
        throw malformed("a record is larger than %d bytes".formatted(LONGEST_KEPT));
      }
      buffer = Arrays.copyOf(buffer, limit * 2);
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    if (read < 0) {
      return false;
    }
    limit += read;
    filled += read;
    if (filled > LONGEST_TEXT) {
      throw malformed("it is larger than %d bytes".formatted(LONGEST_TEXT));
    }
    return true;
  }
}

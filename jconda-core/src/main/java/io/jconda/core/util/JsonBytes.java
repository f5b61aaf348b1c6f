package io.jconda.core.util;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the bytes of a JSON text without making anything of them, and keeps the bytes from a
 * mark on; checks that strings are UTF-8. For texts of many thousands of values: a parser that
 * knows all of JSON takes longer to be compiled than to read them. For one thread at a time.
 *
 * <p>Its methods throw {@link MalformedJsonException} where the text is no JSON, {@link
 * EOFException} where it ends too soon, and what the stream throws.
 */
public final class JsonBytes {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int BUFFER = 1 << 17;
  private static final int LONGEST_KEPT = 1 << 26;
  private static final long LONGEST_TEXT = 1L << 34;

  private final @Nullable InputStream in;
  private byte[] buffer;
  private int position;
  private int limit;
  private int mark = -1;
  private long filled;

  /** Walks over a stream, which stays the caller's to close. */
  public JsonBytes(InputStream in) {
    this.in = in;
    this.buffer = new byte[BUFFER];
  }

  /** Walks over a text in memory, which must not change meanwhile. */
  public JsonBytes(byte[] text) {
    this.in = null;
    this.buffer = text;
    this.limit = text.length;
    this.filled = text.length;
  }

  /** Keeps the bytes from the next one on, until the mark is set anew or released. */
  public void mark() {
    mark = position;
  }

  /** Keeps nothing any more. */
  public void release() {
    mark = -1;
  }

  /** Returns how many bytes were read since the mark. */
  public int marked() {
    return position - mark;
  }

  /**
   * Returns the array that the kept bytes lie in, at {@link #markOffset()}, until the next read.
   */
  public byte[] buffer() {
    return buffer;
  }

  public int markOffset() {
    return mark;
  }

  /** Returns the next byte that is no white space without taking it, or -1 at the end. */
  public int peek() throws IOException {
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
  public int next() throws IOException {
    int b = peek();
    if (b < 0) {
      throw new EOFException("it ends too soon");
    }
    position++;
    return b;
  }

  /** Takes the next byte that is no white space, which must be a certain one. */
  public void expect(char wanted) throws IOException {
    int b = next();
    if (b != wanted) {
      throw malformed("there is %s where '%s' should be".formatted(shown(b), wanted));
    }
  }

  /** Takes the rest of a string whose opening quote was taken. */
  public void finishString() throws IOException {
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
        throw new EOFException("it ends too soon");
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
      throw new EOFException("it ends too soon");
    }
    return buffer[position++] & 0xff;
  }

  /** Takes a string, its opening quote included, and returns its characters. */
  public String string() throws IOException {
    boolean keeps = mark >= 0;
    int start = keptString();
    String text = decode(start, position - 1 - start);
    mark = keeps ? mark : -1;
    return text;
  }

  /** Takes a string, and returns where in the buffer its characters lie; something is kept then. */
  private int keptString() throws IOException {
    peek();
    int from = keepFromHere();
    expect('"');
    finishString();
    return mark + from + 1;
  }

  /** Keeps the bytes from the next one on, if not more; returns how far behind the mark it is. */
  private int keepFromHere() {
    mark = mark < 0 ? position : mark;
    return position - mark;
  }

  /**
   * Takes a string, its opening quote included, and returns the place of the first of some texts
   * that it is, written without an escape; -1 if it is none of them.
   */
  public int stringAmong(byte[][] texts) throws IOException {
    boolean keeps = mark >= 0;
    int start = keptString();
    int end = position - 1;
    mark = keeps ? mark : -1;
    for (int i = 0; i < texts.length; i++) {
      if (Arrays.equals(buffer, start, end, texts[i], 0, texts[i].length)) {
        return i;
      }
    }
    return -1;
  }

  /** Takes a string while bytes are kept, and tells whether it is a certain one. */
  public boolean stringIs(byte[] wanted) throws IOException {
    expect('"');
    int from = position - mark;
    finishString();
    int start = mark + from;
    return Arrays.equals(buffer, start, position - 1, wanted, 0, wanted.length);
  }

  /** Returns the characters of a string that is kept, from so far behind the mark. */
  public String kept(int from, int length) throws IOException {
    return decode(mark + from, length);
  }

  /** Tells whether a string that is kept has an escape in it. */
  public boolean keptHasBackslash(int from, int length) {
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
        return unescape(buffer, start - 1, length + 2);
      }
    }
    return new String(buffer, start, length, StandardCharsets.UTF_8);
  }

  private static String unescape(byte[] buffer, int offset, int length) throws IOException {
    try (JsonParser parser = FACTORY.createParser(buffer, offset, length)) {
      parser.nextToken();
      return parser.getText();
    } catch (JsonParseException e) {
      throw new MalformedJsonException("a string in it has an escape that JSON does not know");
    }
  }

  /** Takes one member of an object, whose value comes next and must be taken. */
  public interface Member {
    /** Takes it. */
    void take(String key) throws IOException;
  }

  /** Takes an object, one member after the other. */
  public void members(Member member) throws IOException {
    expect('{');
    if (peek() == '}') {
      next();
      return;
    }
    int separator;
    do {
      String key = string();
      expect(':');
      member.take(key);
      separator = next();
    } while (separator == ',');
    if (separator != '}') {
      throw malformed("an object does not end where it should");
    }
  }

  /** Takes one element of an array, which comes next. */
  public interface Element {
    /** Takes it. */
    void take() throws IOException;
  }

  /** Takes an array, one element after the other. */
  public void elements(Element element) throws IOException {
    expect('[');
    if (peek() == ']') {
      next();
      return;
    }
    int separator;
    do {
      element.take();
      separator = next();
    } while (separator == ',');
    if (separator != ']') {
      throw malformed("an array does not end where it should");
    }
  }

  /** Takes a value that is no string, array or object, and returns it as it is written. */
  public String literal() throws IOException {
    boolean keeps = mark >= 0;
    peek();
    int from = keepFromHere();
    skipLiteral(next());
    String text = kept(from, marked() - from).strip();
    mark = keeps ? mark : -1;
    return text;
  }

  /** Takes a value of any kind. */
  public void skipValue() throws IOException {
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

  private void checkLiteral(int b) throws MalformedJsonException {
    if (b <= ' ' || b >= 0x7f || b == '<') {
      throw malformed("there is %s where a value should be".formatted(shown(b)));
    }
  }

  /** Makes what to throw where the text is not what it should be, and says where that is. */
  public MalformedJsonException malformed(String problem) {
    return new MalformedJsonException(
        "%s, near byte %d".formatted(problem, filled - limit + position));
  }

  private static String shown(int b) {
    return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : "byte 0x" + Integer.toHexString(b);
  }

  /** Reads more, behind what is kept. */
  private boolean fill() throws IOException {
    if (in == null) {
      return false;
    }
    int keep = mark < 0 ? position : mark;
    if (keep > 0) {
      System.arraycopy(buffer, keep, buffer, 0, limit - keep);
      limit -= keep;
      position -= keep;
      mark = mark < 0 ? -1 : 0;
    }
    if (limit == buffer.length) {
      if (limit >= LONGEST_KEPT) {
        throw malformed("a value is larger than %d bytes".formatted(LONGEST_KEPT));
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

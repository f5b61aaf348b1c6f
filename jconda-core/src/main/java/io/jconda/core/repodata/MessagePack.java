package io.jconda.core.repodata;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads MessagePack from an array, value by value.
 *
 * <p>Trusts nothing: a count or length that the rest of the bytes cannot hold is refused before
 * anything is made of it, nesting costs no stack, and whatever the bytes are, the only exception is
 * {@link MalformedIndexException}. For one thread at a time.
 */
final class MessagePack {
  /** Names what a value may be. */
  enum Kind {
    NIL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    TEXT,
    BINARY,
    ARRAY,
    MAP,
    EXTENSION
  }

  // texts repeat from record to record: a table of this size finds nearly all of them
  private static final int KNOWN_TEXTS = 1 << 10;
  private static final int LONGEST_KNOWN = 120;

  private final byte[] bytes;
  private final int end;
  private @Nullable String @Nullable [] known;
  private int position;

  MessagePack(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  MessagePack(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int position() {
    return position;
  }

  /** Goes back, or on, to a position where a value begins. */
  void position(int newPosition) {
    position = newPosition;
  }

  boolean isAtEnd() {
    return position == end;
  }

  /** Returns what the next value is, without taking it. */
  Kind peek() throws MalformedIndexException {
    int b = head();
    if (b < 0x80 || b >= 0xe0) {
      return Kind.INTEGER;
    }
    if (b < 0x90) {
      return Kind.MAP;
    }
    if (b < 0xa0) {
      return Kind.ARRAY;
    }
    if (b < 0xc0) {
      return Kind.TEXT;
    }
    return switch (b) {
      case 0xc0 -> Kind.NIL;
      case 0xc2, 0xc3 -> Kind.BOOLEAN;
      case 0xc4, 0xc5, 0xc6 -> Kind.BINARY;
      case 0xca, 0xcb -> Kind.FLOAT;
      case 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3 -> Kind.INTEGER;
      case 0xd9, 0xda, 0xdb -> Kind.TEXT;
      case 0xdc, 0xdd -> Kind.ARRAY;
      case 0xde, 0xdf -> Kind.MAP;
      case 0xc1 -> throw malformed("there is a byte that MessagePack does not use");
      default -> Kind.EXTENSION;
    };
  }

  private int head() throws MalformedIndexException {
    if (position >= end) {
      throw malformed("it ends too soon");
    }
    return bytes[position] & 0xff;
  }

  MalformedIndexException malformed(String problem) {
    return new MalformedIndexException("%s, near byte %d".formatted(problem, position));
  }

  private MalformedIndexException unexpected(String wanted) {
    return malformed("there is no %s where one should be".formatted(wanted));
  }

  /** Takes the head of a map, and returns how many pairs follow. */
  int mapSize() throws MalformedIndexException {
    int b = head();
    if (b >= 0x80 && b < 0x90) {
      position++;
      return count(b & 0x0f, 2);
    }
    if (b != 0xde && b != 0xdf) {
      throw unexpected("map");
    }
    return count(number(b == 0xde ? 2 : 4), 2);
  }

  /** Takes the head of an array, and returns how many values follow. */
  int arraySize() throws MalformedIndexException {
    int b = head();
    if (b >= 0x90 && b < 0xa0) {
      position++;
      return count(b & 0x0f, 1);
    }
    if (b != 0xdc && b != 0xdd) {
      throw unexpected("array");
    }
    return count(number(b == 0xdc ? 2 : 4), 1);
  }

  /** Takes the head and a number behind it that is not negative unless it has eight bytes. */
  private long number(int size) throws MalformedIndexException {
    if (end - position <= size) {
      throw malformed("it ends too soon");
    }
    position++;
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    return value;
  }

  private int count(long count, int bytesOfEach) throws MalformedIndexException {
    if (count * bytesOfEach > end - position) {
      throw malformed("it ends too soon for the %d values announced".formatted(count));
    }
    return (int) count;
  }

  /** Takes the head of a text, and returns how many bytes follow. */
  private int textLength() throws MalformedIndexException {
    int b = head();
    if (b >= 0xa0 && b < 0xc0) {
      position++;
      return count(b & 0x1f, 1);
    }
    return switch (b) {
      case 0xd9 -> count(number(1), 1);
      case 0xda -> count(number(2), 1);
      case 0xdb -> count(number(4), 1);
      default -> throw unexpected("text");
    };
  }

  /** Takes a text; the same text met again is, mostly, the same object. */
  String text() throws MalformedIndexException {
    int length = textLength();
    int start = position;
    int hash = 0;
    int or = 0;
    for (int i = start; i < start + length; i++) {
      byte b = bytes[i];
      hash = 31 * hash + b;
      or |= b;
    }
    position += length;
    if (or < 0) {
      return decode(start, length);
    }
    if (length > LONGEST_KNOWN) {
      return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }
    @Nullable String[] texts = known;
    if (texts == null) {
      texts = new @Nullable String[KNOWN_TEXTS];
      known = texts;
    }
    int slot = (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (KNOWN_TEXTS - 1);
    String same = texts[slot];
    if (same != null && isAt(same, start, length)) {
      return same;
    }
    String text = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    texts[slot] = text;
    return text;
  }

  private boolean isAt(String text, int start, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  private String decode(int start, int length) throws MalformedIndexException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("there is a text that is not UTF-8");
    }
  }

  /**
   * Takes a text of ASCII, as names are, without making anything of it, and returns the hash that
   * {@link String#hashCode} gives for the same text.
   */
  int hashOfText() throws MalformedIndexException {
    int length = textLength();
    int hash = 0;
    int or = 0;
    int limit = position + length;
    for (int i = position; i < limit; i++) {
      byte b = bytes[i];
      hash = 31 * hash + b;
      or |= b;
    }
    if (or < 0) {
      throw malformed("there is a name that is not ASCII");
    }
    position = limit;
    return hash;
  }

  /** Takes a text, and tells whether it is a certain one, of ASCII. */
  boolean textIs(String wanted) throws MalformedIndexException {
    int length = textLength();
    int start = position;
    position += length;
    return isAt(wanted, start, length);
  }

  /** Takes a string of bytes. */
  byte[] binary() throws MalformedIndexException {
    int length = binaryLength();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  /** Takes the head of a string of bytes, and returns how many follow. */
  int binaryLength() throws MalformedIndexException {
    return switch (head()) {
      case 0xc4 -> count(number(1), 1);
      case 0xc5 -> count(number(2), 1);
      case 0xc6 -> count(number(4), 1);
      default -> throw unexpected("string of bytes");
    };
  }

  /** Takes a whole number; one above the largest {@code long} is refused. */
  long integer() throws MalformedIndexException {
    int b = head();
    if (b < 0x80 || b >= 0xe0) {
      position++;
      return (byte) b;
    }
    return switch (b) {
      case 0xcc -> number(1);
      case 0xcd -> number(2);
      case 0xce -> number(4);
      case 0xcf -> {
        long value = number(8);
        if (value < 0) {
          throw malformed("there is a number that is too large");
        }
        yield value;
      }
      case 0xd0 -> (byte) number(1);
      case 0xd1 -> (short) number(2);
      case 0xd2 -> (int) number(4);
      case 0xd3 -> number(8);
      default -> throw unexpected("whole number");
    };
  }

  /** Takes a whole or a broken number. */
  double decimal() throws MalformedIndexException {
    return switch (head()) {
      case 0xca -> Float.intBitsToFloat((int) number(4));
      case 0xcb -> Double.longBitsToDouble(number(8));
      default -> integer();
    };
  }

  boolean bool() throws MalformedIndexException {
    int b = head();
    if (b != 0xc2 && b != 0xc3) {
      throw unexpected("truth value");
    }
    position++;
    return b == 0xc3;
  }

  /** Takes a value of any kind, and all that is in it. */
  void skip() throws MalformedIndexException {
    // a count instead of recursion: no depth is too deep
    long values = 1;
    while (values > 0) {
      values--;
      switch (peek()) {
        case NIL, BOOLEAN -> position++;
        case INTEGER -> advance(lengthOfNumber());
        case FLOAT -> advance(head() == 0xca ? 5 : 9);
        case TEXT -> advance(textLength());
        case BINARY -> advance(binaryLength());
        case ARRAY -> values += arraySize();
        case MAP -> values += 2L * mapSize();
        case EXTENSION -> advance(1 + extensionLength());
      }
    }
  }

  private void advance(int count) throws MalformedIndexException {
    if (count > end - position) {
      throw malformed("it ends too soon");
    }
    position += count;
  }

  private int lengthOfNumber() throws MalformedIndexException {
    return switch (head()) {
      case 0xcc, 0xd0 -> 2;
      case 0xcd, 0xd1 -> 3;
      case 0xce, 0xd2 -> 5;
      case 0xcf, 0xd3 -> 9;
      default -> 1;
    };
  }

  /** Takes the head of an extension, and returns how many bytes follow behind that of its type. */
  private int extensionLength() throws MalformedIndexException {
    int b = head();
    switch (b) {
      case 0xc7 -> {
        return count(number(1), 1);
      }
      case 0xc8 -> {
        return count(number(2), 1);
      }
      case 0xc9 -> {
        return count(number(4), 1);
      }
      default -> {
        position++;
        return 1 << (b - 0xd4);
      }
    }
  }
}

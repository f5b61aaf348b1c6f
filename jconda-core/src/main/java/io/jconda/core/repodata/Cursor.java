package io.jconda.core.repodata;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Goes over bytes that {@link Varints} wrote. For one thread. */
final class Cursor {
  private final byte[] bytes;
  private int at;

  Cursor(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  int position() {
    return at;
  }

  void position(int newPosition) {
    at = newPosition;
  }

  void skip(int count) {
    at += count;
  }

  int number() {
    return (int) longNumber();
  }

  long longNumber() {
    long number = 0;
    int shift = 0;
    byte b = bytes[at++];
    while (b < 0) {
      number |= (long) (b & 0x7f) << shift;
      shift += 7;
      b = bytes[at++];
    }
    return number | (long) b << shift;
  }

  /** Takes a text behind its length. */
  String text() {
    return text(number(), StandardCharsets.UTF_8);
  }

  String text(int length, Charset charset) {
    String text = new String(bytes, at, length, charset);
    at += length;
    return text;
  }

  /** Takes a text behind its length, and tells whether it is a certain one. */
  boolean isText(byte[] wanted) {
    int length = number();
    boolean same = Arrays.equals(bytes, at, at + length, wanted, 0, wanted.length);
    at += length;
    return same;
  }
}

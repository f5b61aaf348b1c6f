package io.jconda.core.repodata;

import java.util.Arrays;

/**
 * Is a buffer that grows, of bytes and of numbers in as few bytes as they need: seven bits in each,
 * the lowest first, the highest bit set in all but the last. For one thread.
 */
final class Varints {
  private byte[] bytes = new byte[256];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void addByte(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
  }

  /** Adds a number that is not negative. */
  void add(long number) {
    ensure(Long.BYTES + 2);
    long rest = number;
    while (rest > 0x7f) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void add(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}

package io.jconda.core.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one header block: ustar of POSIX, GNU tar's, and that of before both.
 *
 * <p>Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
final class TarHeader {
  static final int BLOCK = 512;

  private static final int SPARSE_PAIRS = 4;
  private static final int SPARSE_PAIRS_MORE = 21;
  private static final int NUMBER = 12;

  private final byte[] block;

  /** Reads from a block that others fill. */
  TarHeader(byte[] block) {
    this.block = block;
  }

  /** Tells whether the block is the end mark. */
  boolean isZero() {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** Throws if the block's sum is not what it says. */
  void check() throws IOException {
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      int value = i >= 148 && i < 156 ? ' ' : block[i];
      unsigned += value & 0xff;
      signed += value;
    }
    long sum = number(148, 8);
    // some old programs took bytes for signed
    if (sum != unsigned && sum != signed) {
      throw new IOException("the header of an entry of its tarball is damaged");
    }
  }

  byte type() {
    return block[156];
  }

  String name() {
    String name = text(0, 100);
    // GNU tar keeps other things there, and what is older had nothing
    if (block[345] == 0 || !hasText(257, "ustar\0")) {
      return name;
    }
    return text(345, hasText(508, "tar\0") ? 131 : 155) + "/" + name;
  }

  int mode() throws IOException {
    return (int) number(100, 8);
  }

  long size() throws IOException {
    return number(124, NUMBER);
  }

  long modifiedSecond() throws IOException {
    return number(136, NUMBER);
  }

  String linkName() {
    return text(157, 100);
  }

  /** Returns how long a sparse file of GNU's old format is, holes included. */
  long sparseSize() throws IOException {
    return number(483, NUMBER);
  }

  /**
   * Adds the parts that a header of a sparse file names, and tells whether a block with more
   * follows.
   */
  boolean addSparse(SparseMap.Parts parts) throws IOException {
    return addSparse(parts, 386, SPARSE_PAIRS);
  }

  /** Adds the parts that a further block names, and tells whether one more follows. */
  boolean addMoreSparse(SparseMap.Parts parts) throws IOException {
    return addSparse(parts, 0, SPARSE_PAIRS_MORE);
  }

  private boolean addSparse(SparseMap.Parts parts, int start, int most) throws IOException {
    int end = start + most * 2 * NUMBER;
    for (int at = start; at < end && block[at] != 0; at += 2 * NUMBER) {
      parts.add(number(at, NUMBER), number(at + NUMBER, NUMBER));
    }
    return block[end] != 0;
  }

  private boolean hasText(int start, String wanted) {
    for (int i = 0; i < wanted.length(); i++) {
      if (block[start + i] != wanted.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String text(int start, int most) {
    return text(block, start, most);
  }

  /** Returns what stands before the first NUL. */
  static String text(byte[] bytes, int start, int most) {
    int end = start;
    while (end < start + most && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** Reads octal digits, or what GNU tar writes where they are too few: the number's own bytes. */
  private long number(int start, int length) throws IOException {
    byte first = block[start];
    if (first < 0) {
      return binary(start, length);
    }
    int at = start;
    int end = start + length;
    while (at < end && (block[at] == ' ' || block[at] == 0)) {
      at++;
    }
    long value = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      value = (value << 3) | (block[at++] - '0');
    }
    if (at < end && block[at] != ' ' && block[at] != 0) {
      throw new IOException("the header of an entry of its tarball holds no number where one is");
    }
    return value;
  }

  private long binary(int start, int length) throws IOException {
    boolean negative = block[start] == (byte) 0xff;
    long value = negative ? -1 : block[start] & 0x7f;
    for (int i = 1; i < length; i++) {
      if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
        throw new IOException("the header of an entry of its tarball holds too large a number");
      }
      value = (value << 8) | (block[start + i] & 0xff);
    }
    return value;
  }
}

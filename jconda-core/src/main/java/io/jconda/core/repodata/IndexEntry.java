package io.jconda.core.repodata;

import java.nio.charset.StandardCharsets;

/**
 * Is one record, not parsed: a part of a block. In the block stand the length of the file name in
 * two bytes, the file name, and the record's JSON.
 */
final class IndexEntry {
  private static final int LENGTH_OF_FILE_NAME = 2;

  private final String fileName;
  private final byte[] buffer;
  private final int offset;
  private final int length;

  private IndexEntry(String fileName, byte[] buffer, int offset, int length) {
    this.fileName = fileName;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /** Returns how much room an entry takes. */
  static int size(byte[] fileName, int length) {
    return LENGTH_OF_FILE_NAME + fileName.length + length;
  }

  /** Writes an entry into a block that has room for it. */
  static void put(byte[] block, int at, byte[] fileName, byte[] json, int offset, int length) {
    block[at] = (byte) (fileName.length >> 8);
    block[at + 1] = (byte) fileName.length;
    System.arraycopy(fileName, 0, block, at + LENGTH_OF_FILE_NAME, fileName.length);
    System.arraycopy(json, offset, block, at + LENGTH_OF_FILE_NAME + fileName.length, length);
  }

  /** Finds the entry that {@link #put} wrote. */
  static IndexEntry in(byte[] block, int at, int size) {
    int file = ((block[at] & 0xff) << 8) | (block[at + 1] & 0xff);
    int start = at + LENGTH_OF_FILE_NAME;
    return new IndexEntry(
        new String(block, start, file, StandardCharsets.UTF_8),
        block,
        start + file,
        size - LENGTH_OF_FILE_NAME - file);
  }

  /** Returns the archive's name. */
  String fileName() {
    return fileName;
  }

  /** Returns what holds the record's JSON, from {@link #offset()} on. */
  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}

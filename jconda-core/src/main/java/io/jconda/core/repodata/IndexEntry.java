package io.jconda.core.repodata;

/** Is one record, not parsed: where its JSON is. */
final class IndexEntry {
  private final String fileName;
  private final byte[] buffer;
  private final int offset;
  private final int length;

  /**
   * Says where a record is.
   *
   * @param fileName the archive's name
   * @param buffer holds the record's JSON; not copied
   * @param offset where it begins
   * @param length how long it is
   */
  IndexEntry(String fileName, byte[] buffer, int offset, int length) {
    this.fileName = fileName;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  String fileName() {
    return fileName;
  }

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

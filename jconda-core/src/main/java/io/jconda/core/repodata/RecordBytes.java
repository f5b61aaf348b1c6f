package io.jconda.core.repodata;

/**
 * Says where in a buffer a record of an index and its key lie. {@link IndexScanner} fills it anew
 * for each record; what it says holds until the next one.
 */
final class RecordBytes {
  /** Holds the JSON of the record. */
  byte[] buffer = new byte[0];

  /** Where the record begins. */
  int offset;

  /** How long the record is. */
  int length;

  /** Holds the archive's name. */
  byte[] key = buffer;

  /** Where the archive's name begins. */
  int keyOffset;

  /** How long the archive's name is. */
  int keyLength;

  /** Holds the package's name. */
  byte[] name = buffer;

  /** Where the package's name begins. */
  int nameOffset;

  /** How long the package's name is. */
  int nameLength;
}

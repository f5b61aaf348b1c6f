package io.jconda.core.repodata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Packs records of one name, as their JSON stands in an index, into a chunk that {@link
 * ChunkReader} reads without parsing: texts and lists that records share stand in it once.
 *
 * <p>A record in which anything is out of the ordinary goes in as JSON, for {@link RecordParser} to
 * judge. Used for chunk after chunk without making garbage, of which a whole index would make
 * hundreds of megabytes. For one thread.
 *
 * <p>A chunk is: how many texts, lists and records; the texts (length, whether it is ASCII, bytes);
 * the lists (length, numbers of texts); the records. Numbers are {@linkplain Varints variable}.
 */
final class ChunkWriter {
  /** What a record begins with: which fields it has, and how. */
  static final int RAW = 1;

  static final int CONDA = 2;
  static final int TAR_BZ2 = 4;
  static final int SHA256 = 8;
  static final int MD5 = 16;
  static final int SIZE = 32;
  static final int TIMESTAMP = 64;
  static final int INDEXED_TIMESTAMP = 128;
  static final int LICENSE = 256;
  static final int LICENSE_FAMILY = 512;
  static final int SITE_PACKAGES = 1024;
  static final int CONSTRAINS = 2048;
  static final int NOARCH_PYTHON = 4096;
  static final int NOARCH_GENERIC = 8192;
  static final int TRACK_FEATURES = 16384;
  static final int FEATURES = 32768;

  static final int SHA256_BYTES = 32;
  static final int MD5_BYTES = 16;

  private static final byte[] CONDA_ENDING = ".conda".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAR_BZ2_ENDING = ".tar.bz2".getBytes(StandardCharsets.US_ASCII);
  private static final int NONE = -1;

  private final Pool texts = new Pool();
  private final Pool lists = new Pool();
  private final Varints records = new Varints();
  private final RecordFields fields = new RecordFields(texts, lists);
  private int count;

  /** Returns how many records are in the chunk. */
  int count() {
    return count;
  }

  /** Returns about how large the chunk is, in bytes. */
  int size() {
    return texts.size() + lists.size() + records.size();
  }

  /** Begins another chunk. */
  void clear() {
    texts.clear();
    lists.clear();
    records.clear();
    count = 0;
  }

  /** Adds a record. */
  void add(RecordBytes record) {
    count++;
    fields.read(record);
    if (fields.ordinary && fields.areComplete()) {
      ordinary(record);
    } else {
      raw(record);
    }
  }

  private void raw(RecordBytes record) {
    records.add(RAW);
    records.add(record.keyLength);
    records.add(record.key, record.keyOffset, record.keyLength);
    records.add(record.length);
    records.add(record.buffer, record.offset, record.length);
  }

  private void ordinary(RecordBytes record) {
    RecordFields f = fields;
    int ending = ending(record);
    records.add(
        ending
            | flag(f.sha256, SHA256)
            | flag(f.md5, MD5)
            | (f.size >= 0 ? SIZE : 0)
            | (f.timestamp >= 0 ? TIMESTAMP : 0)
            | (f.indexedTimestamp >= 0 ? INDEXED_TIMESTAMP : 0)
            | flag(f.license, LICENSE)
            | flag(f.licenseFamily, LICENSE_FAMILY)
            | flag(f.sitePackages, SITE_PACKAGES)
            | (f.trackFeatures.length > 0 ? TRACK_FEATURES : 0)
            | (f.features.length > 0 ? FEATURES : 0)
            | (f.constrains == NONE ? 0 : CONSTRAINS)
            | f.noarch);
    records.add(text(f.name));
    records.add(text(f.version));
    records.add(text(f.build));
    if (ending == 0) {
      records.add(texts.number(record.key, record.keyOffset, record.keyLength));
    }
    records.add(f.buildNumber);
    records.add(f.depends == NONE ? emptyList() : f.depends);
    if (f.constrains != NONE) {
      records.add(f.constrains);
    }
    hash(f.sha256, SHA256_BYTES);
    hash(f.md5, MD5_BYTES);
    number(f.size);
    number(f.timestamp);
    number(f.indexedTimestamp);
    optional(f.license);
    optional(f.licenseFamily);
    optional(f.sitePackages);
    unlessEmpty(f.trackFeatures);
    unlessEmpty(f.features);
  }

  private static int flag(RecordFields.Slice slice, int flag) {
    return slice.length < 0 ? 0 : flag;
  }

  private int emptyList() {
    return lists.number(fields.buffer, 0, 0);
  }

  private int text(RecordFields.Slice slice) {
    return texts.number(fields.buffer, slice.offset, slice.length);
  }

  private void optional(RecordFields.Slice slice) {
    if (slice.length >= 0) {
      records.add(text(slice));
    }
  }

  private void unlessEmpty(RecordFields.Slice slice) {
    if (slice.length > 0) {
      records.add(text(slice));
    }
  }

  private void number(long number) {
    if (number >= 0) {
      records.add(number);
    }
  }

  private void hash(RecordFields.Slice hex, int bytes) {
    if (hex.length < 0) {
      return;
    }
    for (int i = 0; i < bytes; i++) {
      int at = hex.offset + 2 * i;
      records.addByte(digit(fields.buffer[at]) << 4 | digit(fields.buffer[at + 1]));
    }
  }

  private static int digit(byte b) {
    return b <= '9' ? b - '0' : b - 'a' + 10;
  }

  /** Tells with which ending the file is called as the record is; 0 if it is called otherwise. */
  private int ending(RecordBytes record) {
    RecordFields f = fields;
    int stem = f.name.length + f.version.length + f.build.length + 2;
    boolean conda = record.keyLength == stem + CONDA_ENDING.length;
    byte[] ending = conda ? CONDA_ENDING : TAR_BZ2_ENDING;
    int at = record.keyOffset;
    byte[] key = record.key;
    boolean same =
        record.keyLength == stem + ending.length
            && same(key, at, f.name)
            && key[at + f.name.length] == '-'
            && same(key, at + f.name.length + 1, f.version)
            && key[at + f.name.length + 1 + f.version.length] == '-'
            && same(key, at + stem - f.build.length, f.build)
            && Arrays.equals(key, at + stem, at + stem + ending.length, ending, 0, ending.length);
    return same ? (conda ? CONDA : TAR_BZ2) : 0;
  }

  private boolean same(byte[] key, int at, RecordFields.Slice slice) {
    return Arrays.equals(
        key, at, at + slice.length, fields.buffer, slice.offset, slice.offset + slice.length);
  }

  /** Writes the chunk behind what is in a buffer. */
  void writeTo(Varints out) {
    out.add(texts.count());
    out.add(lists.count());
    out.add(count);
    texts.writeTexts(out);
    lists.writeTo(out);
    out.add(records.bytes(), 0, records.size());
  }
}

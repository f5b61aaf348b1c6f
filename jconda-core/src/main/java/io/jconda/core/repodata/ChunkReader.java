package io.jconda.core.repodata;

import io.jconda.InvalidSpecException;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a chunk that {@link ChunkWriter} wrote and whose checksum was verified.
 * Texts, lists and versions that records share are made once. For one thread.
 */
final class ChunkReader {
  private static final HexFormat HEX = HexFormat.of();

  private final byte[] chunk;
  private final LoadedSubdir from;
  private final SubdirIndex.Sink sink;
  private final String[] texts;
  private final List<String>[] lists;
  private final @Nullable Version[] versions;
  private final Cursor in;

  private ChunkReader(byte[] chunk, LoadedSubdir from, SubdirIndex.Sink sink) {
    this.chunk = chunk;
    this.in = new Cursor(chunk, 0);
    this.from = from;
    this.sink = sink;
    this.texts = new String[in.number()];
    this.lists = newLists(in.number());
    this.versions = new Version[texts.length];
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<String>[] newLists(int length) {
    return new List[length];
  }

  /**
   * Reads all records of a chunk, in the order of the index, removed ones included.
   *
   * @throws IOException if it is no chunk
   */
  static void read(byte[] chunk, LoadedSubdir from, SubdirIndex.Sink sink) throws IOException {
    try {
      new ChunkReader(chunk, from, sink).read();
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new IOException("a part of the cached index is not what was written", e);
    }
  }

  private void read() {
    int count = in.number();
    for (int i = 0; i < texts.length; i++) {
      int header = in.number();
      boolean ascii = (header & 1) == 0;
      texts[i] = in.text(header >> 1, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
    for (int i = 0; i < lists.length; i++) {
      lists[i] = list();
    }
    for (int i = 0; i < count; i++) {
      record();
    }
  }

  private List<String> list() {
    int bytes = in.number();
    int length = 0;
    for (int i = in.position(); i < in.position() + bytes; i++) {
      length += chunk[i] >= 0 ? 1 : 0;
    }
    String[] list = new String[length];
    for (int i = 0; i < length; i++) {
      list[i] = texts[in.number()];
    }
    return List.of(list);
  }

  private void record() {
    int flags = in.number();
    if ((flags & ChunkWriter.RAW) != 0) {
      raw();
      return;
    }
    String name = text();
    int versionNumber = in.number();
    String version = texts[versionNumber];
    String build = text();
    String fileName =
        (flags & ChunkWriter.CONDA) != 0
            ? name + "-" + version + "-" + build + ".conda"
            : (flags & ChunkWriter.TAR_BZ2) != 0
                ? name + "-" + version + "-" + build + ".tar.bz2"
                : text();
    int start = in.position();
    try {
      sink.record(record(flags, name, versionNumber, build, fileName));
    } catch (RecordParser.BadRecordException e) {
      in.position(start);
      skipRest(flags);
      sink.leftOut(fileName, String.valueOf(e.getMessage()));
    }
  }

  /** Reads a record that was out of the ordinary, and says of it what is to be said. */
  private void raw() {
    String fileName = in.text();
    int length = in.number();
    IndexEntry entry = new IndexEntry(fileName, chunk, in.position(), length);
    in.skip(length);
    try {
      sink.record(
          RecordParser.parse(
              entry,
              from.subdir().channel().name(),
              from.subdir().platform().subdir(),
              file -> from.archives() + Subdir.encode(file)));
    } catch (RecordParser.BadRecordException e) {
      sink.leftOut(fileName, String.valueOf(e.getMessage()));
    }
  }

  private PackageRecord record(int flags, String name, int version, String build, String fileName)
      throws RecordParser.BadRecordException {
    if (!RecordChecks.isFileName(fileName)) {
      throw new RecordParser.BadRecordException("its file name is not allowed");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (!RecordChecks.isName(lower)) {
      throw new RecordParser.BadRecordException("its name is not allowed");
    }
    if (!RecordChecks.isBuild(build)) {
      throw new RecordParser.BadRecordException("its build is not allowed");
    }
    PackageRecord.Builder builder =
        PackageRecord.builder(lower, version(version), build)
            .channel(from.subdir().channel().name())
            .subdir(from.subdir().platform().subdir())
            .fileName(fileName)
            .url(from.archives() + Subdir.encode(fileName))
            .buildNumber(in.longNumber())
            .depends(lists[in.number()]);
    if ((flags & ChunkWriter.CONSTRAINS) != 0) {
      builder.constrains(lists[in.number()]);
    }
    if ((flags & ChunkWriter.NOARCH_PYTHON) != 0) {
      builder.noarch(NoarchType.PYTHON);
    }
    if ((flags & ChunkWriter.NOARCH_GENERIC) != 0) {
      builder.noarch(NoarchType.GENERIC);
    }
    rest(flags, builder);
    return builder.build();
  }

  private void rest(int flags, PackageRecord.Builder builder)
      throws RecordParser.BadRecordException {
    if ((flags & ChunkWriter.SHA256) != 0) {
      builder.sha256(hash(ChunkWriter.SHA256_BYTES));
    }
    if ((flags & ChunkWriter.MD5) != 0) {
      builder.md5(hash(ChunkWriter.MD5_BYTES));
    }
    if ((flags & ChunkWriter.SIZE) != 0) {
      builder.size(in.longNumber());
    }
    Instant timestamp = (flags & ChunkWriter.TIMESTAMP) != 0 ? time("timestamp") : null;
    if (timestamp != null) {
      builder.timestamp(timestamp);
    }
    Instant indexed =
        (flags & ChunkWriter.INDEXED_TIMESTAMP) != 0 ? time("indexed_timestamp") : null;
    if (indexed != null) {
      builder.indexedTimestamp(indexed);
    }
    if ((flags & ChunkWriter.LICENSE) != 0) {
      builder.license(text());
    }
    if ((flags & ChunkWriter.LICENSE_FAMILY) != 0) {
      builder.licenseFamily(text());
    }
    if ((flags & ChunkWriter.SITE_PACKAGES) != 0) {
      builder.pythonSitePackagesPath(text());
    }
    if ((flags & ChunkWriter.TRACK_FEATURES) != 0) {
      builder.trackFeatures(RecordChecks.features(text()));
    }
    if ((flags & ChunkWriter.FEATURES) != 0) {
      builder.features(RecordChecks.features(text()));
    }
  }

  /** Goes over what {@link #record(int, String, int, String, String)} reads. */
  private void skipRest(int flags) {
    in.longNumber();
    in.number();
    skipIf(flags & ChunkWriter.CONSTRAINS);
    in.skip((flags & ChunkWriter.SHA256) != 0 ? ChunkWriter.SHA256_BYTES : 0);
    in.skip((flags & ChunkWriter.MD5) != 0 ? ChunkWriter.MD5_BYTES : 0);
    skipIf(flags & ChunkWriter.SIZE);
    skipIf(flags & ChunkWriter.TIMESTAMP);
    skipIf(flags & ChunkWriter.INDEXED_TIMESTAMP);
    skipIf(flags & ChunkWriter.LICENSE);
    skipIf(flags & ChunkWriter.LICENSE_FAMILY);
    skipIf(flags & ChunkWriter.SITE_PACKAGES);
    skipIf(flags & ChunkWriter.TRACK_FEATURES);
    skipIf(flags & ChunkWriter.FEATURES);
  }

  private void skipIf(int flag) {
    if (flag != 0) {
      in.longNumber();
    }
  }

  private Version version(int number) throws RecordParser.BadRecordException {
    Version known = versions[number];
    if (known == null) {
      try {
        known = Version.parse(texts[number]);
      } catch (InvalidSpecException e) {
        throw new RecordParser.BadRecordException("its version cannot be read: " + e.problem());
      }
      versions[number] = known;
    }
    return known;
  }

  private String hash(int bytes) {
    String hex = HEX.formatHex(chunk, in.position(), in.position() + bytes);
    in.skip(bytes);
    return hex;
  }

  private @Nullable Instant time(String field) throws RecordParser.BadRecordException {
    try {
      return RecordChecks.time((double) in.longNumber());
    } catch (DateTimeException e) {
      throw new RecordParser.BadRecordException("its '%s' is no time".formatted(field));
    }
  }

  private String text() {
    return texts[in.number()];
  }
}

package io.jconda.core.repodata;

import io.jconda.InvalidSpecException;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of one shard, which holds all of one name (CEP-16; revision 3: CEP-48).
 *
 * <p>A record that is of no use is left out, as one of a whole index is; a shard that is no
 * MessagePack is of no use at all. For one thread.
 */
final class ShardReader {
  private static final String CONDA = ".conda";
  private static final String TAR_BZ2 = ".tar.bz2";

  private final MessagePack in;
  private final String wanted;
  private final String channel;
  private final String subdir;
  private final String archives;
  private final BadRecords badRecords;
  private final Map<String, PackageRecord> records = new LinkedHashMap<>();
  private final List<String> removed = new ArrayList<>();

  private @Nullable String name;
  private @Nullable String version;
  private @Nullable String build;
  private long buildNumber;
  private long size;
  private List<String> depends = List.of();
  private List<String> constrains = List.of();
  private List<String> flags = List.of();
  private List<String> trackFeatures = List.of();
  private List<String> features = List.of();
  private Map<String, List<String>> extraDepends = Map.of();
  private @Nullable String sha256;
  private @Nullable String md5;
  private @Nullable Instant timestamp;
  private @Nullable Instant indexedTimestamp;
  private @Nullable NoarchType noarch;
  private @Nullable String license;
  private @Nullable String licenseFamily;
  private @Nullable String pythonSitePackagesPath;

  private ShardReader(
      byte[] shard, String wanted, Subdir subdir, String archives, BadRecords badRecords) {
    this.in = new MessagePack(shard);
    this.wanted = wanted;
    this.channel = subdir.channel().name();
    this.subdir = subdir.platform().subdir();
    this.archives = archives;
    this.badRecords = badRecords;
  }

  /** Hears of records that are left out. */
  interface BadRecords {
    void leftOut(String fileName, String reason);
  }

  /**
   * Reads a shard.
   *
   * @param shard the decompressed shard
   * @param name the name that it is for
   * @param subdir the subdir that it is of
   * @param archives where the subdir's archives lie, with a slash at the end
   * @return the records, in the order of the shard; of two with one file name the later, as it is
   *     in JSON
   * @throws MalformedIndexException if it is no shard
   */
  static List<PackageRecord> read(
      byte[] shard, String name, Subdir subdir, String archives, BadRecords badRecords)
      throws MalformedIndexException {
    ShardReader reader = new ShardReader(shard, name, subdir, archives, badRecords);
    reader.read();
    reader.removed.forEach(reader.records::remove);
    return List.copyOf(reader.records.values());
  }

  private void read() throws MalformedIndexException {
    for (int i = in.mapSize(); i > 0; i--) {
      switch (in.text()) {
        case "packages", "packages.conda" -> packages("");
        case "v3" -> revision();
        case "removed" -> removed();
        default -> in.skip();
      }
    }
    if (!in.isAtEnd()) {
      throw in.malformed("there is something behind its end");
    }
  }

  /** Reads what revision 3 has: kinds of archives, and in each, file names without extension. */
  private void revision() throws MalformedIndexException {
    if (in.peek() == MessagePack.Kind.NIL) {
      in.skip();
      return;
    }
    for (int i = in.mapSize(); i > 0; i--) {
      switch (in.text()) {
        case "conda" -> packages(CONDA);
        case "tar.bz2" -> packages(TAR_BZ2);
        // wheels and what is still to come
        default -> in.skip();
      }
    }
  }

  private void removed() throws MalformedIndexException {
    if (in.peek() != MessagePack.Kind.ARRAY) {
      in.skip();
      return;
    }
    for (int i = in.arraySize(); i > 0; i--) {
      if (in.peek() == MessagePack.Kind.TEXT) {
        removed.add(in.text());
      } else {
        in.skip();
      }
    }
  }

  private void packages(String extension) throws MalformedIndexException {
    if (in.peek() == MessagePack.Kind.NIL) {
      in.skip();
      return;
    }
    for (int i = in.mapSize(); i > 0; i--) {
      String fileName = in.text() + extension;
      int start = in.position();
      try {
        records.put(fileName, record(fileName));
      } catch (RecordParser.BadRecordException | MalformedIndexException e) {
        // what is wrong within the record's bounds is the record's alone; else this throws
        in.position(start);
        in.skip();
        badRecords.leftOut(fileName, String.valueOf(e.getMessage()));
      }
    }
  }

  private PackageRecord record(String fileName)
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (!RecordChecks.isFileName(fileName)) {
      throw new RecordParser.BadRecordException("its file name is not allowed");
    }
    if (in.peek() != MessagePack.Kind.MAP) {
      throw new RecordParser.BadRecordException("it is no object");
    }
    forgetLast();
    for (int i = in.mapSize(); i > 0; i--) {
      if (in.peek() != MessagePack.Kind.TEXT) {
        in.skip();
        in.skip();
        continue;
      }
      String field = in.text();
      if (in.peek() == MessagePack.Kind.NIL) {
        in.skip();
      } else {
        field(field);
      }
    }
    return checked(fileName);
  }

  private void forgetLast() {
    name = null;
    version = null;
    build = null;
    buildNumber = 0;
    size = -1;
    depends = List.of();
    constrains = List.of();
    flags = List.of();
    trackFeatures = List.of();
    features = List.of();
    extraDepends = Map.of();
    sha256 = null;
    md5 = null;
    timestamp = null;
    indexedTimestamp = null;
    noarch = null;
    license = null;
    licenseFamily = null;
    pythonSitePackagesPath = null;
  }

  private void field(String field) throws MalformedIndexException, RecordParser.BadRecordException {
    switch (field) {
      case "name" -> name = text(field);
      case "version" -> version = text(field);
      case "build" -> build = text(field);
      case "build_number" -> buildNumber = number(field);
      case "depends" -> depends = texts(field);
      case "constrains" -> constrains = texts(field);
      case "extra_depends" -> extraDepends = groups(field);
      case "flags" -> flags = texts(field);
      case "track_features" -> trackFeatures = features(field);
      case "features" -> features = features(field);
      case "sha256" -> sha256 = hash(field, 64);
      case "md5" -> md5 = hash(field, 32);
      case "size" -> size = number(field);
      case "timestamp" -> timestamp = time(field);
      case "indexed_timestamp" -> indexedTimestamp = time(field);
      case "noarch" -> noarch = noarch();
      case "license" -> license = optionalText();
      case "license_family" -> licenseFamily = optionalText();
      case "python_site_packages_path" -> pythonSitePackagesPath = text(field);
      default -> in.skip();
    }
  }

  private PackageRecord checked(String fileName) throws RecordParser.BadRecordException {
    if (name == null || version == null || build == null) {
      throw new RecordParser.BadRecordException(
          "it has no " + (name == null ? "name" : version == null ? "version" : "build"));
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (!RecordChecks.isName(lower)) {
      throw new RecordParser.BadRecordException("its name is not allowed");
    }
    if (!lower.equals(wanted)) {
      throw new RecordParser.BadRecordException("it is in the shard of another name");
    }
    if (!RecordChecks.isBuild(build)) {
      throw new RecordParser.BadRecordException("its build is not allowed");
    }
    PackageRecord.Builder builder;
    try {
      builder = PackageRecord.builder(lower, version, build);
    } catch (InvalidSpecException e) {
      throw new RecordParser.BadRecordException("its version cannot be read: " + e.problem());
    }
    builder
        .buildNumber(buildNumber)
        .channel(channel)
        .subdir(subdir)
        .fileName(fileName)
        .url(archives + Subdir.encode(fileName))
        .depends(depends)
        .constrains(constrains)
        .extraDepends(extraDepends)
        .flags(flags)
        .trackFeatures(trackFeatures)
        .features(features);
    return withOptional(builder).build();
  }

  private PackageRecord.Builder withOptional(PackageRecord.Builder builder) {
    if (size >= 0) {
      builder.size(size);
    }
    if (sha256 != null) {
      builder.sha256(sha256);
    }
    if (md5 != null) {
      builder.md5(md5);
    }
    if (timestamp != null) {
      builder.timestamp(timestamp);
    }
    if (indexedTimestamp != null) {
      builder.indexedTimestamp(indexedTimestamp);
    }
    if (noarch != null) {
      builder.noarch(noarch);
    }
    if (license != null) {
      builder.license(license);
    }
    if (licenseFamily != null) {
      builder.licenseFamily(licenseFamily);
    }
    if (pythonSitePackagesPath != null) {
      builder.pythonSitePackagesPath(pythonSitePackagesPath);
    }
    return builder;
  }

  /** Takes a text that only people read; whatever else stands there instead is passed over. */
  private @Nullable String optionalText() throws MalformedIndexException {
    if (in.peek() == MessagePack.Kind.TEXT) {
      return in.text();
    }
    in.skip();
    return null;
  }

  private String text(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (in.peek() != MessagePack.Kind.TEXT) {
      throw new RecordParser.BadRecordException("its '%s' is no text".formatted(field));
    }
    return in.text();
  }

  private List<String> texts(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (in.peek() != MessagePack.Kind.ARRAY) {
      throw new RecordParser.BadRecordException("its '%s' is no list".formatted(field));
    }
    String[] texts = new String[in.arraySize()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(field);
    }
    return List.of(texts);
  }

  private Map<String, List<String>> groups(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (in.peek() != MessagePack.Kind.MAP) {
      throw new RecordParser.BadRecordException("its '%s' is no object".formatted(field));
    }
    Map<String, List<String>> groups = new TreeMap<>();
    for (int i = in.mapSize(); i > 0; i--) {
      groups.put(text(field), texts(field));
    }
    return groups;
  }

  private List<String> features(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    return in.peek() == MessagePack.Kind.ARRAY ? texts(field) : RecordChecks.features(text(field));
  }

  private long number(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (in.peek() == MessagePack.Kind.INTEGER) {
      long number = in.integer();
      if (number >= 0) {
        return number;
      }
    }
    throw new RecordParser.BadRecordException("its '%s' is no whole number".formatted(field));
  }

  /** Takes the bytes of a hash, which CEP-16 has, or its text, which some servers write. */
  private String hash(String field, int digits)
      throws MalformedIndexException, RecordParser.BadRecordException {
    String hash =
        in.peek() == MessagePack.Kind.BINARY
            ? HexFormat.of().formatHex(in.binary())
            : text(field).strip().toLowerCase(Locale.ROOT);
    if (!RecordChecks.isHash(hash, digits)) {
      throw new RecordParser.BadRecordException("its '%s' is no hash".formatted(field));
    }
    return hash;
  }

  private @Nullable Instant time(String field)
      throws MalformedIndexException, RecordParser.BadRecordException {
    MessagePack.Kind kind = in.peek();
    if (kind != MessagePack.Kind.INTEGER && kind != MessagePack.Kind.FLOAT) {
      in.skip();
      return null;
    }
    try {
      return RecordChecks.time(in.decimal());
    } catch (DateTimeException e) {
      throw new RecordParser.BadRecordException("its '%s' is no time".formatted(field));
    }
  }

  private @Nullable NoarchType noarch()
      throws MalformedIndexException, RecordParser.BadRecordException {
    if (in.peek() == MessagePack.Kind.BOOLEAN) {
      return in.bool() ? NoarchType.GENERIC : null;
    }
    return switch (text("noarch").toLowerCase(Locale.ROOT)) {
      case "generic" -> NoarchType.GENERIC;
      case "python" -> NoarchType.PYTHON;
      default -> throw new RecordParser.BadRecordException("its 'noarch' is of no known kind");
    };
  }
}

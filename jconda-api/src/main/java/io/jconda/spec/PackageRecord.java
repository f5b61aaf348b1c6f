package io.jconda.spec;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes one package of a channel as the channel's index does: what it is, where it lies, and
 * what it needs (CEP-36).
 *
 * <p>Immutable. Two records are equal if they name the same archive: name, version text, build,
 * subdir, channel and file name.
 */
public final class PackageRecord {
  private final String name;
  private final Version version;
  private final String build;
  private final long buildNumber;
  private final String subdir;
  private final String channel;
  private final String fileName;
  private final String url;
  private final List<String> depends;
  private final List<String> constrains;
  private final Map<String, List<String>> extraDepends;
  private final List<String> trackFeatures;
  private final List<String> features;
  private final List<String> flags;
  private final @Nullable String sha256;
  private final @Nullable String md5;
  private final long size;
  private final @Nullable Instant timestamp;
  private final @Nullable Instant indexedTimestamp;
  private final @Nullable NoarchType noarch;
  private final @Nullable String license;
  private final @Nullable String licenseFamily;
  private final @Nullable String pythonSitePackagesPath;

  private PackageRecord(Builder builder) {
    this.name = builder.name;
    this.version = builder.version;
    this.build = builder.build;
    this.buildNumber = builder.buildNumber;
    this.subdir = builder.subdir;
    this.channel = builder.channel;
    this.fileName =
        builder.fileName.isEmpty()
            ? builder.name + "-" + builder.version + "-" + builder.build + ".conda"
            : builder.fileName;
    this.url = builder.url;
    this.depends = List.copyOf(builder.depends);
    this.constrains = List.copyOf(builder.constrains);
    this.extraDepends = copy(builder.extraDepends);
    this.trackFeatures = List.copyOf(builder.trackFeatures);
    this.features = List.copyOf(builder.features);
    this.flags = List.copyOf(builder.flags);
    this.sha256 = builder.sha256;
    this.md5 = builder.md5;
    this.size = builder.size;
    this.timestamp = builder.timestamp;
    this.indexedTimestamp = builder.indexedTimestamp;
    this.noarch = builder.noarch;
    this.license = builder.license;
    this.licenseFamily = builder.licenseFamily;
    this.pythonSitePackagesPath = builder.pythonSitePackagesPath;
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> groups) {
    if (groups.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> copy = new TreeMap<>();
    groups.forEach((group, specs) -> copy.put(group, List.copyOf(specs)));
    return Collections.unmodifiableMap(copy);
  }

  /**
   * Starts a record.
   *
   * @param name the package's name; put in lower case
   * @param version the version
   * @param build the build string
   * @throws io.jconda.InvalidSpecException if the version cannot be read
   */
  public static Builder builder(String name, String version, String build) {
    return new Builder(name, Version.parse(version), build);
  }

  /**
   * Starts a record of a version that was read before.
   *
   * @param name the package's name; made lower case
   * @param version the version
   * @param build the build string
   */
  public static Builder builder(String name, Version version, String build) {
    return new Builder(name, version, build);
  }

  /** Returns a builder that holds what this record holds. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the package's name, in lower case. */
  public String name() {
    return name;
  }

  /** Returns the version. */
  public Version version() {
    return version;
  }

  /** Returns the build string, such as {@code py313h1234_0}. */
  public String build() {
    return build;
  }

  /** Returns the build number; a higher one is preferred among equal versions. */
  public long buildNumber() {
    return buildNumber;
  }

  /** Returns the folder of the channel that it lies in, such as {@code linux-64}. */
  public String subdir() {
    return subdir;
  }

  /** Returns the channel's name or its URL without secrets; empty if it has none. */
  public String channel() {
    return channel;
  }

  /** Returns the archive's file name; made up of name, version and build if it was not set. */
  public String fileName() {
    return fileName;
  }

  /** Returns where the archive is, without secrets; empty if it is not known. */
  public String url() {
    return url;
  }

  /** Returns the match specs that must hold beside it. */
  public List<String> depends() {
    return depends;
  }

  /** Returns the match specs that must hold for packages that are there anyway. */
  public List<String> constrains() {
    return constrains;
  }

  /**
   * Returns the groups of optional dependencies, by name in alphabetical order (CEP-44): match
   * specs that must hold too where a spec asks for the group.
   */
  public Map<String, List<String>> extraDepends() {
    return extraDepends;
  }

  /** Returns features that it tracks, which make it less preferred. */
  public List<String> trackFeatures() {
    return trackFeatures;
  }

  /** Returns features of the classic kind. */
  public List<String> features() {
    return features;
  }

  /** Returns what a spec can select the variant by, such as {@code blas:mkl} (CEP-45). */
  public List<String> flags() {
    return flags;
  }

  /** Returns the archive's SHA-256 in lower-case hex, if the record says so. */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /** Returns the archive's MD5 in lower-case hex, if the record says so. */
  public Optional<String> md5() {
    return Optional.ofNullable(md5);
  }

  /** Returns the archive's size in bytes, if the record says so. */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** Returns when it was built, if the record says so. */
  public Optional<Instant> timestamp() {
    return Optional.ofNullable(timestamp);
  }

  /** Returns when the channel took it in (CEP-47); empty if the index does not say. */
  public Optional<Instant> indexedTimestamp() {
    return Optional.ofNullable(indexedTimestamp);
  }

  /**
   * Returns in which way it fits every platform; empty for a native package, if the record says so.
   */
  public Optional<NoarchType> noarch() {
    return Optional.ofNullable(noarch);
  }

  /** Returns the licence, as its recipe names it, if the record says so. */
  public Optional<String> license() {
    return Optional.ofNullable(license);
  }

  /** Returns the family of licences, as its recipe names it, if the record says so. */
  public Optional<String> licenseFamily() {
    return Optional.ofNullable(licenseFamily);
  }

  /**
   * Returns where this Python looks for modules, relative to the prefix (CEP-17); only Python's own
   * package has it, if the record says so.
   */
  public Optional<String> pythonSitePackagesPath() {
    return Optional.ofNullable(pythonSitePackagesPath);
  }

  /** Returns {@code name-version-build}, conda's name of a distribution. */
  public String distName() {
    return name + "-" + version + "-" + build;
  }

  /** Tells whether it stands for a property of the machine ({@code __glibc}) and has no files. */
  public boolean isVirtual() {
    return name.startsWith("__");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackageRecord record
        && record.name.equals(name)
        && record.version.toString().equals(version.toString())
        && record.build.equals(build)
        && record.subdir.equals(subdir)
        && record.channel.equals(channel)
        && record.fileName.equals(fileName);
  }

  @Override
  public int hashCode() {
    return fileName.hashCode() * 31 + channel.hashCode();
  }

  /** Returns {@code channel/subdir::name-version-build}. */
  @Override
  public String toString() {
    return (channel.isEmpty() ? "" : channel + "/" + subdir + "::") + distName();
  }

  /** Collects what a record holds. Not safe to share between threads. */
  public static final class Builder {
    private final String name;
    private final Version version;
    private final String build;
    private long buildNumber = 0;
    private String subdir = "noarch";
    private String channel = "";
    private String fileName = "";
    private String url = "";
    private List<String> depends = List.of();
    private List<String> constrains = List.of();
    private Map<String, List<String>> extraDepends = Map.of();
    private List<String> trackFeatures = List.of();
    private List<String> features = List.of();
    private List<String> flags = List.of();
    private @Nullable String sha256;
    private @Nullable String md5;
    private long size = -1;
    private @Nullable Instant timestamp;
    private @Nullable Instant indexedTimestamp;
    private @Nullable NoarchType noarch;
    private @Nullable String license;
    private @Nullable String licenseFamily;
    private @Nullable String pythonSitePackagesPath;

    private Builder(String name, Version version, String build) {
      this.name = name.toLowerCase(Locale.ROOT);
      this.version = version;
      this.build = build;
    }

    private Builder(PackageRecord record) {
      this.name = record.name;
      this.version = record.version;
      this.build = record.build;
      this.buildNumber = record.buildNumber;
      this.subdir = record.subdir;
      this.channel = record.channel;
      this.fileName = record.fileName;
      this.url = record.url;
      this.depends = record.depends;
      this.constrains = record.constrains;
      this.extraDepends = record.extraDepends;
      this.trackFeatures = record.trackFeatures;
      this.features = record.features;
      this.flags = record.flags;
      this.sha256 = record.sha256;
      this.md5 = record.md5;
      this.size = record.size;
      this.timestamp = record.timestamp;
      this.indexedTimestamp = record.indexedTimestamp;
      this.noarch = record.noarch;
      this.license = record.license;
      this.licenseFamily = record.licenseFamily;
      this.pythonSitePackagesPath = record.pythonSitePackagesPath;
    }

    /** Sets the build number; a higher one is preferred among equal versions. */
    public Builder buildNumber(long buildNumber) {
      this.buildNumber = buildNumber;
      return this;
    }

    /** Sets the folder of the channel that it lies in, such as {@code linux-64}. */
    public Builder subdir(String subdir) {
      this.subdir = subdir;
      return this;
    }

    /** Sets the channel's name or its URL without secrets; empty if it has none. */
    public Builder channel(String channel) {
      this.channel = channel;
      return this;
    }

    /** Sets the archive's file name; made up of name, version and build if it was not set. */
    public Builder fileName(String fileName) {
      this.fileName = fileName;
      return this;
    }

    /** Sets where the archive is, without secrets; empty if it is not known. */
    public Builder url(String url) {
      this.url = url;
      return this;
    }

    /** Sets the match specs that must hold beside it. */
    public Builder depends(List<String> depends) {
      this.depends = depends;
      return this;
    }

    /** Sets the match specs that must hold for packages that are there anyway. */
    public Builder constrains(List<String> constrains) {
      this.constrains = constrains;
      return this;
    }

    /**
     * Sets the groups of optional dependencies (CEP-44): match specs that must hold too where a
     * spec asks for the group.
     */
    public Builder extraDepends(Map<String, List<String>> extraDepends) {
      this.extraDepends = extraDepends;
      return this;
    }

    /** Sets features that it tracks, which make it less preferred. */
    public Builder trackFeatures(List<String> trackFeatures) {
      this.trackFeatures = trackFeatures;
      return this;
    }

    /** Sets features of the classic kind. */
    public Builder features(List<String> features) {
      this.features = features;
      return this;
    }

    /** Sets what a spec can select the variant by, such as {@code blas:mkl} (CEP-45). */
    public Builder flags(List<String> flags) {
      this.flags = flags;
      return this;
    }

    /** Sets the archive's SHA-256 in lower-case hex. */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /** Sets the archive's MD5 in lower-case hex. */
    public Builder md5(String md5) {
      this.md5 = md5;
      return this;
    }

    /** Sets the archive's size in bytes. */
    public Builder size(long size) {
      this.size = size;
      return this;
    }

    /** Sets when it was built. */
    public Builder timestamp(Instant timestamp) {
      this.timestamp = timestamp;
      return this;
    }

    /** Sets when the channel took it in (CEP-47). */
    public Builder indexedTimestamp(Instant indexedTimestamp) {
      this.indexedTimestamp = indexedTimestamp;
      return this;
    }

    /** Sets in which way it fits every platform; empty for a native package. */
    public Builder noarch(NoarchType noarch) {
      this.noarch = noarch;
      return this;
    }

    /** Sets the licence, as its recipe names it. */
    public Builder license(String license) {
      this.license = license;
      return this;
    }

    /** Sets the family of licences, as its recipe names it. */
    public Builder licenseFamily(String licenseFamily) {
      this.licenseFamily = licenseFamily;
      return this;
    }

    /**
     * Sets where this Python looks for modules, relative to the prefix (CEP-17); only Python's own
     * package has it.
     */
    public Builder pythonSitePackagesPath(String pythonSitePackagesPath) {
      this.pythonSitePackagesPath = pythonSitePackagesPath;
      return this;
    }

    /** Makes the record. */
    public PackageRecord build() {
      return new PackageRecord(this);
    }
  }
}

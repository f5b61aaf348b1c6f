package io.jconda.build;

import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says what a package is that is to be built: all that a {@link PackageBuilder} has collected, and
 * checked. Immutable.
 */
public final class PackageDescription {
  private final String name;
  private final Version version;
  private final String build;
  private final long buildNumber;
  private final Platform platform;
  private final @Nullable NoarchType noarch;
  private final List<String> depends;
  private final List<String> constrains;
  private final List<String> trackFeatures;
  private final List<String> entryPoints;
  private final List<String> placeholders;
  private final Set<String> noLink;
  private final SortedMap<String, PackageFile> files;
  private final SortedMap<String, String> about;
  private final @Nullable String license;
  private final @Nullable String licenseFamily;
  private final @Nullable Instant timestamp;
  private final @Nullable String pythonSitePackagesPath;
  private final PackageFormat format;
  private final int compressionLevel;

  PackageDescription(PackageBuilder builder, String build) {
    this.name = builder.name;
    this.version = builder.version;
    this.build = build;
    this.buildNumber = builder.buildNumber;
    this.platform = builder.platform;
    this.noarch =
        builder.noarch == null && builder.platform == Platform.NOARCH
            ? NoarchType.GENERIC
            : builder.noarch;
    this.depends = List.copyOf(builder.depends);
    this.constrains = List.copyOf(builder.constrains);
    this.trackFeatures = List.copyOf(builder.trackFeatures);
    this.entryPoints = List.copyOf(builder.entryPoints);
    this.placeholders = List.copyOf(builder.placeholders);
    this.noLink = Set.copyOf(builder.noLink);
    this.files = Collections.unmodifiableSortedMap(new TreeMap<>(builder.files));
    this.about = Collections.unmodifiableSortedMap(new TreeMap<>(builder.about));
    this.license = builder.license;
    this.licenseFamily = builder.licenseFamily;
    this.timestamp = builder.timestamp;
    this.pythonSitePackagesPath = builder.pythonSitePackagesPath;
    this.format = builder.format;
    this.compressionLevel = builder.compressionLevel;
  }

  /** Returns the package's name. */
  public String name() {
    return name;
  }

  /** Returns its version. */
  public Version version() {
    return version;
  }

  /** Returns its build string. */
  public String build() {
    return build;
  }

  /** Returns its build number. */
  public long buildNumber() {
    return buildNumber;
  }

  /** Returns the platform, and by it the subdir, that it is for. */
  public Platform platform() {
    return platform;
  }

  /** Returns in which way it fits every platform; empty for a native package. */
  public Optional<NoarchType> noarch() {
    return Optional.ofNullable(noarch);
  }

  /** Returns the match specs of what it needs. */
  public List<String> depends() {
    return depends;
  }

  /** Returns the match specs of what must hold for packages that are there anyway. */
  public List<String> constrains() {
    return constrains;
  }

  /** Returns the features that it tracks. */
  public List<String> trackFeatures() {
    return trackFeatures;
  }

  /** Returns its entry points, each as {@code command = module:function}. */
  public List<String> entryPoints() {
    return entryPoints;
  }

  /** Returns the prefixes that an installer replaces by its own wherever a file has one of them. */
  public List<String> placeholders() {
    return placeholders;
  }

  /** Returns the paths of files that an installer must copy, never link. */
  public Set<String> noLink() {
    return noLink;
  }

  /** Returns its files and links by path, sorted. */
  public SortedMap<String, PackageFile> files() {
    return files;
  }

  /** Returns what {@code info/about.json} says beside the licence, such as {@code summary}. */
  public SortedMap<String, String> about() {
    return about;
  }

  /** Returns its licence, if it was named. */
  public Optional<String> license() {
    return Optional.ofNullable(license);
  }

  /** Returns its family of licences, if it was named. */
  public Optional<String> licenseFamily() {
    return Optional.ofNullable(licenseFamily);
  }

  /** Returns when it was built, if that is to be told. */
  public Optional<Instant> timestamp() {
    return Optional.ofNullable(timestamp);
  }

  /** Returns where this Python looks for modules, for Python's own package alone (CEP-17). */
  public Optional<String> pythonSitePackagesPath() {
    return Optional.ofNullable(pythonSitePackagesPath);
  }

  /** Returns the format that it is written in. */
  public PackageFormat format() {
    return format;
  }

  /** Returns how hard Zstandard compresses, 1 to 22. */
  public int compressionLevel() {
    return compressionLevel;
  }

  /** Returns {@code name-version-build}. */
  public String distName() {
    return name + "-" + version + "-" + build;
  }

  /** Returns the archive's file name. */
  public String fileName() {
    return distName() + format.extension();
  }

  /** Returns {@code subdir/name-version-build} with the format's ending. */
  @Override
  public String toString() {
    return platform.subdir() + "/" + fileName();
  }
}

package io.jconda.build;

import io.jconda.InvalidNameException;
import io.jconda.StorageException;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import io.jconda.spi.CondaProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a conda package (CEP-34) and puts it into a channel's folder.
 *
 * <pre>{@code
 * PackageBuilder.of("hello", "1.0")
 *     .noarch(NoarchType.PYTHON)
 *     .depends("python >=3.9")
 *     .file("site-packages/hello.py", "def main(): print('hello')")
 *     .entryPoint("hello = hello:main")
 *     .build(channel);
 * ChannelIndexer.index(channel);
 * }</pre>
 *
 * <p>Every method checks what it is given at once. Two builds of the same description give the same
 * bytes. Not safe to share between threads.
 */
public final class PackageBuilder {
  final String name;
  final Version version;
  @Nullable String build;
  long buildNumber;
  Platform platform = Platform.NOARCH;
  @Nullable NoarchType noarch;
  final List<String> depends = new ArrayList<>();
  final List<String> constrains = new ArrayList<>();
  final List<String> trackFeatures = new ArrayList<>();
  final List<String> entryPoints = new ArrayList<>();
  final List<String> placeholders = new ArrayList<>();
  final Set<String> noLink = new TreeSet<>();
  final SortedMap<String, PackageFile> files = new TreeMap<>();
  final SortedMap<String, String> about = new TreeMap<>();
  @Nullable String license;
  @Nullable String licenseFamily;
  @Nullable Instant timestamp;
  @Nullable String pythonSitePackagesPath;
  PackageFormat format = PackageFormat.CONDA;
  int compressionLevel = 16;

  private PackageBuilder(String name, Version version) {
    this.name = name;
    this.version = version;
  }

  /**
   * Starts a package.
   *
   * @param name its name (CEP-26)
   * @param version its version (CEP-33)
   * @throws InvalidNameException if the name is not allowed
   * @throws io.jconda.InvalidSpecException if the version cannot be read
   */
  public static PackageBuilder of(String name, String version) {
    return new PackageBuilder(NameRules.name(name), Version.parse(NameRules.version(version)));
  }

  /**
   * Sets the build string; without it, it is the build number, with {@code py_} before it for a
   * {@code noarch} Python package.
   *
   * @throws InvalidNameException if it is not allowed
   */
  public PackageBuilder buildString(String build) {
    this.build = NameRules.build(build);
    return this;
  }

  /**
   * Sets the build number, 0 by default; among equal versions the higher one is preferred.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public PackageBuilder buildNumber(long buildNumber) {
    if (buildNumber < 0) {
      throw new IllegalArgumentException("A build number is not negative: " + buildNumber);
    }
    this.buildNumber = buildNumber;
    return this;
  }

  /** Sets the platform, and by it the subdir; {@link Platform#NOARCH} by default. */
  public PackageBuilder platform(Platform platform) {
    this.platform = platform;
    return this;
  }

  /**
   * Sets in which way the package fits every platform. A Python one has its modules under {@code
   * site-packages/} and its scripts under {@code python-scripts/} (CEP-20 allows it in a subdir of
   * a platform, too).
   */
  public PackageBuilder noarch(NoarchType noarch) {
    this.noarch = noarch;
    return this;
  }

  /**
   * Adds match specs of what the package needs.
   *
   * @throws io.jconda.InvalidSpecException if one cannot be read
   */
  public PackageBuilder depends(String... specs) {
    for (String spec : specs) {
      MatchSpec.parse(spec);
      depends.add(spec);
    }
    return this;
  }

  /**
   * Adds match specs that must hold for packages that are there anyway.
   *
   * @throws io.jconda.InvalidSpecException if one cannot be read
   */
  public PackageBuilder constrains(String... specs) {
    for (String spec : specs) {
      MatchSpec.parse(spec);
      constrains.add(spec);
    }
    return this;
  }

  /** Adds features that the package tracks, which make it less preferred. */
  public PackageBuilder trackFeatures(String... features) {
    trackFeatures.addAll(List.of(features));
    return this;
  }

  /** Sets the licence, best as an SPDX expression. */
  public PackageBuilder license(String license) {
    this.license = license;
    return this;
  }

  /** Sets the family of licences. */
  public PackageBuilder licenseFamily(String licenseFamily) {
    this.licenseFamily = licenseFamily;
    return this;
  }

  /** Sets one key of {@code info/about.json}, such as {@code summary} or {@code home}. */
  public PackageBuilder about(String key, String value) {
    about.put(key, value);
    return this;
  }

  /**
   * Sets when the package was built, to the millisecond. It becomes the time of all its files;
   * those of a package without one are of 1 January 1980.
   */
  public PackageBuilder timestamp(Instant timestamp) {
    this.timestamp = timestamp;
    return this;
  }

  /**
   * Adds a file.
   *
   * @param path where it goes, relative to the environment, with {@code /} between its parts
   * @throws InvalidNameException if the path leaves the package, is conda's own, or is taken
   */
  public PackageBuilder file(String path, byte[] content) {
    return add(path, PackageFile.of(content, false));
  }

  /** Adds a text file in UTF-8; otherwise as {@link #file(String, byte[])}. */
  public PackageBuilder file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a file whose content lies on disk and is read when the package is built; it is executable
   * if the one on disk is. Otherwise as {@link #file(String, byte[])}.
   */
  public PackageBuilder file(String path, Path source) {
    return add(path, PackageFile.of(source, Files.isExecutable(source)));
  }

  /** Adds a file that may be executed; otherwise as {@link #file(String, byte[])}. */
  public PackageBuilder executable(String path, byte[] content) {
    return add(path, PackageFile.of(content, true));
  }

  /** Adds a text file that may be executed; otherwise as {@link #file(String, byte[])}. */
  public PackageBuilder executable(String path, String content) {
    return executable(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a file on disk that may be executed; otherwise as {@link #file(String, Path)}. */
  public PackageBuilder executable(String path, Path source) {
    return add(path, PackageFile.of(source, true));
  }

  /**
   * Adds a symbolic link.
   *
   * @param path where it goes
   * @param target its text: relative to the link's folder, and inside the package
   * @throws InvalidNameException if one of them leaves the package, or the path is taken
   */
  public PackageBuilder symbolicLink(String path, String target) {
    return add(path, PackageFile.link(NameRules.linkTarget(path, target)));
  }

  /**
   * Adds every file and symbolic link below a folder, as it is there, with its executable bit.
   * Empty folders are left out.
   *
   * @param root the folder that becomes the environment's root
   * @throws InvalidNameException if a path is not allowed
   * @throws StorageException if the folder cannot be read
   */
  public PackageBuilder folder(Path root) {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path found : (Iterable<Path>) walk::iterator) {
        String path = root.relativize(found).toString().replace('\\', '/');
        if (Files.isSymbolicLink(found)) {
          symbolicLink(path, Files.readSymbolicLink(found).toString().replace('\\', '/'));
        } else if (Files.isRegularFile(found)) {
          file(path, found);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StorageException(
          "Cannot read the folder %s (%s).".formatted(root, e),
          "Check that it exists and may be read.",
          e);
    }
    return this;
  }

  private PackageBuilder add(String path, PackageFile file) {
    if (files.putIfAbsent(NameRules.path(path), file) != null) {
      throw new InvalidNameException(
          "The package %s has the file '%s' twice.".formatted(name, path), "Leave one out.");
    }
    return this;
  }

  /**
   * Adds a command that calls a Python function; for {@code noarch} Python packages.
   *
   * @param entryPoint such as {@code "hello = hello.cli:main"}
   * @throws InvalidNameException if it cannot be read, or is no safe name
   */
  public PackageBuilder entryPoint(String entryPoint) {
    entryPoints.add(NameRules.entryPoint(entryPoint));
    return this;
  }

  /**
   * Names a prefix that files were built for. Every file that contains it is listed, as text or as
   * binary, and an installer replaces it there by the environment's own; in binary files only by a
   * shorter one.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public PackageBuilder placeholder(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("A placeholder is not empty.");
    }
    placeholders.add(prefix);
    return this;
  }

  /** Demands that an installer copies the file of that path and never links it. */
  public PackageBuilder noLink(String path) {
    noLink.add(NameRules.path(path));
    return this;
  }

  /**
   * Sets where this Python looks for modules, for Python's own package alone (CEP-17).
   *
   * @param path relative to the environment, such as {@code lib/python3.13/site-packages}
   * @throws InvalidNameException if it leaves the environment
   */
  public PackageBuilder pythonSitePackagesPath(String path) {
    this.pythonSitePackagesPath = NameRules.path(path);
    return this;
  }

  /** Sets the format, {@link PackageFormat#CONDA} by default. */
  public PackageBuilder format(PackageFormat format) {
    this.format = format;
    return this;
  }

  /**
   * Sets how hard Zstandard compresses, 16 by default.
   *
   * @param level 1 (fast) to 22 (small)
   * @throws IllegalArgumentException if it is none of these
   */
  public PackageBuilder compressionLevel(int level) {
    if (level < 1 || level > 22) {
      throw new IllegalArgumentException("A compression level is 1 to 22, not " + level + ".");
    }
    this.compressionLevel = level;
    return this;
  }

  /**
   * Returns what was collected.
   *
   * @throws InvalidNameException if parts of it do not go together: entry points of a package that
   *     is not {@code noarch} Python, a file below another one or below a link, a {@code noLink} of
   *     no file
   */
  public PackageDescription describe() {
    String prefix = noarch == NoarchType.PYTHON ? "py_" : "";
    PackageDescription description =
        new PackageDescription(this, build == null ? prefix + buildNumber : build);
    NameRules.fileName(description.fileName());
    if (!entryPoints.isEmpty() && noarch != NoarchType.PYTHON) {
      throw new InvalidNameException(
          "The package %s has entry points and is not noarch Python.".formatted(name),
          "Call noarch(NoarchType.PYTHON), or write the scripts as files.");
    }
    for (String path : files.keySet()) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (files.containsKey(path.substring(0, slash))) {
          throw new InvalidNameException(
              "The package %s has the file '%s' below '%s', which is no folder."
                  .formatted(name, path, path.substring(0, slash)),
              "Leave one out.");
        }
      }
    }
    for (String path : noLink) {
      if (!files.containsKey(path)) {
        throw new InvalidNameException(
            "The package %s has no file '%s' that should not be linked.".formatted(name, path),
            "Add it, or leave the demand out.");
      }
    }
    return description;
  }

  /**
   * Writes the package to {@code <channelFolder>/<subdir>/<name>-<version>-<build>.<ending>},
   * replacing one that is there. Blocks. The archive appears whole or not at all; the channel's
   * index does not know of it until {@link ChannelIndexer#index} is called.
   *
   * @param channelFolder the channel's folder, made if it is missing
   * @return the archive
   * @throws InvalidNameException if parts of the description do not go together
   * @throws StorageException if a file cannot be read or the archive cannot be written
   */
  public Path build(Path channelFolder) {
    return CondaProvider.load().packageBuilding().build(describe(), channelFolder);
  }
}

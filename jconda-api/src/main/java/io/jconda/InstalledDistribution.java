package io.jconda;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Names a distribution that Python sees in an environment, whoever installed it: pip or conda.
 * Immutable.
 */
public final class InstalledDistribution {
  private final String name;
  private final String version;
  private final Path location;
  private final String installer;

  /**
   * Creates a distribution.
   *
   * @param name its name as it writes it itself, such as {@code PyYAML}
   * @param version its version
   * @param location its {@code .dist-info} or {@code .egg-info} folder or file
   * @param installer who installed it, such as {@code pip} or {@code conda}; empty if it is not
   *     said
   */
  public InstalledDistribution(String name, String version, Path location, String installer) {
    this.name = Objects.requireNonNull(name);
    this.version = Objects.requireNonNull(version);
    this.location = Objects.requireNonNull(location);
    this.installer = Objects.requireNonNull(installer);
  }

  /** Returns its name as it writes it itself, such as {@code PyYAML}. */
  public String name() {
    return name;
  }

  /** Returns its version. */
  public String version() {
    return version;
  }

  /** Returns its {@code .dist-info} or {@code .egg-info} folder or file. */
  public Path location() {
    return location;
  }

  /** Returns who installed it, such as {@code pip} or {@code conda}; empty if it is not said. */
  public String installer() {
    return installer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InstalledDistribution that
        && name.equals(that.name)
        && version.equals(that.version)
        && location.equals(that.location)
        && installer.equals(that.installer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, location, installer);
  }

  /** Returns {@code name==version}. */
  @Override
  public String toString() {
    return name + "==" + version;
  }
}

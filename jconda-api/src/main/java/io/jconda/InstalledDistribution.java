package io.jconda;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Names a distribution that Python sees in an environment, whoever installed it: pip or conda.
 * Immutable.
 */
public final class InstalledDistribution {
  private final String name;
  private final String version;
  private final Path location;
  private final String installer;
  private final boolean ofConda;
  private final Optional<String> source;
  private final Optional<Path> editable;

  private InstalledDistribution(Builder builder) {
    this.name = builder.name;
    this.version = builder.version;
    this.location = builder.location;
    this.installer = builder.installer;
    this.ofConda = builder.ofConda;
    this.source = builder.source;
    this.editable = builder.editable;
  }

  /**
   * Starts a distribution that nobody says they installed.
   *
   * @param name its name as it writes it itself, such as {@code PyYAML}
   * @param version its version
   * @param location where its metadata lie
   */
  public static Builder builder(String name, String version, Path location) {
    return new Builder(name, version, location);
  }

  /** Returns its name as it writes it itself, such as {@code PyYAML}. */
  public String name() {
    return name;
  }

  /** Returns its version. */
  public String version() {
    return version;
  }

  /**
   * Returns where its metadata lie: a {@code .dist-info} or {@code .egg-info}, folder or file, the
   * {@code EGG-INFO} of an egg, or an {@code .egg-link}.
   */
  public Path location() {
    return location;
  }

  /** Returns who installed it, such as {@code pip} or {@code conda}; empty if it is not said. */
  public String installer() {
    return installer;
  }

  /** Tells whether it belongs to a package that conda installed. */
  public boolean isOfConda() {
    return ofConda;
  }

  /**
   * Returns the URL that it was installed from, without secrets, if that was none of an index: a
   * folder, an archive, a repository (PEP 610).
   */
  public Optional<String> source() {
    return source;
  }

  /** Returns the folder of the project, if it is installed such that its files can be edited. */
  public Optional<Path> editable() {
    return editable;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InstalledDistribution that
        && name.equals(that.name)
        && version.equals(that.version)
        && location.equals(that.location)
        && installer.equals(that.installer)
        && ofConda == that.ofConda
        && source.equals(that.source)
        && editable.equals(that.editable);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, location, installer, ofConda, source, editable);
  }

  /** Returns {@code name==version}. */
  @Override
  public String toString() {
    return name + "==" + version;
  }

  /** Collects a distribution. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final String version;
    private final Path location;
    private String installer = "";
    private boolean ofConda;
    private Optional<String> source = Optional.empty();
    private Optional<Path> editable = Optional.empty();

    private Builder(String name, String version, Path location) {
      this.name = Objects.requireNonNull(name);
      this.version = Objects.requireNonNull(version);
      this.location = Objects.requireNonNull(location);
    }

    /** Sets who installed it. */
    public Builder installer(String installer) {
      this.installer = Objects.requireNonNull(installer);
      return this;
    }

    /** Sets whether it belongs to a package that conda installed. */
    public Builder ofConda(boolean ofConda) {
      this.ofConda = ofConda;
      return this;
    }

    /** Sets the URL that it was installed from. */
    public Builder source(String url) {
      this.source = Optional.of(url);
      return this;
    }

    /** Sets the folder of the project whose files are used. */
    public Builder editable(Path project) {
      this.editable = Optional.of(project);
      return this;
    }

    /** Makes the distribution. */
    @CheckReturnValue
    public InstalledDistribution build() {
      return new InstalledDistribution(this);
    }
  }
}

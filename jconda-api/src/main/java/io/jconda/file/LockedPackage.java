package io.jconda.file;

import io.jconda.spec.Platform;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Is one package of a lock file: which, from where, and its hashes. Immutable. */
public final class LockedPackage {
  /** Says who installs a package. */
  public enum Manager {
    /** Conda does. */
    CONDA,
    /** Python's pip does. */
    PIP
  }

  /** What a package belongs to if nothing else is said. */
  public static final String MAIN = "main";

  private final Manager manager;
  private final String name;
  private final String version;
  private final Platform platform;
  private final String url;
  private final @Nullable String build;
  private final @Nullable String md5;
  private final @Nullable String sha256;
  private final List<String> depends;
  private final String category;
  private final boolean optional;

  private LockedPackage(Builder builder) {
    this.manager = builder.manager;
    this.name = builder.name;
    this.version = builder.version;
    this.platform = builder.platform;
    this.url = builder.url;
    this.build = builder.build;
    this.md5 = builder.md5;
    this.sha256 = builder.sha256;
    this.depends = List.copyOf(builder.depends);
    this.category = builder.category;
    this.optional = builder.optional;
  }

  /**
   * Begins one.
   *
   * @param manager who installs it
   * @param name what it is called
   * @param version its version
   * @param platform what it is locked for, never {@code noarch}
   * @param url where its archive is, without secrets
   */
  public static Builder builder(
      Manager manager, String name, String version, Platform platform, String url) {
    return new Builder(manager, name, version, platform, url);
  }

  /** Returns who installs it. */
  public Manager manager() {
    return manager;
  }

  /** Returns what it is called. */
  public String name() {
    return name;
  }

  /** Returns its version as it was written. */
  public String version() {
    return version;
  }

  /** Returns the platform that it is locked for. */
  public Platform platform() {
    return platform;
  }

  /** Returns where its archive is, without secrets. */
  public String url() {
    return url;
  }

  /** Returns its build, if that is said. */
  public Optional<String> build() {
    return Optional.ofNullable(build);
  }

  /** Returns the MD5 of its archive in lower-case hexadecimal digits, if that is said. */
  public Optional<String> md5() {
    return Optional.ofNullable(md5);
  }

  /** Returns the SHA-256 of its archive in lower-case hexadecimal digits, if that is said. */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /** Returns what it needs, as its manager writes that; empty if nothing is said. */
  public List<String> depends() {
    return depends;
  }

  /** Returns the group that it belongs to, {@value #MAIN} unless another is said. */
  public String category() {
    return category;
  }

  /** Tells whether its group may be left out. */
  public boolean isOptional() {
    return optional;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LockedPackage that
        && manager == that.manager
        && name.equals(that.name)
        && version.equals(that.version)
        && platform == that.platform
        && url.equals(that.url)
        && Objects.equals(build, that.build)
        && Objects.equals(md5, that.md5)
        && Objects.equals(sha256, that.sha256)
        && depends.equals(that.depends)
        && category.equals(that.category)
        && optional == that.optional;
  }

  @Override
  public int hashCode() {
    return Objects.hash(manager, name, platform, url);
  }

  /** Returns name, version and platform. */
  @Override
  public String toString() {
    return "%s %s (%s)".formatted(name, version, platform);
  }

  /** Collects what is said of a package. Not safe to share between threads. */
  public static final class Builder {
    private final Manager manager;
    private final String name;
    private final String version;
    private final Platform platform;
    private final String url;
    private @Nullable String build;
    private @Nullable String md5;
    private @Nullable String sha256;
    private List<String> depends = List.of();
    private String category = MAIN;
    private boolean optional;

    private Builder(Manager manager, String name, String version, Platform platform, String url) {
      this.manager = manager;
      this.name = name;
      this.version = version;
      this.platform = platform;
      this.url = url;
    }

    /** Sets its build. */
    public Builder build(String build) {
      this.build = build;
      return this;
    }

    /** Sets the MD5 of its archive. */
    public Builder md5(String md5) {
      this.md5 = md5;
      return this;
    }

    /** Sets the SHA-256 of its archive. */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /** Sets what it needs. */
    public Builder depends(List<String> depends) {
      this.depends = depends;
      return this;
    }

    /** Sets the group that it belongs to. */
    public Builder category(String category) {
      this.category = category;
      return this;
    }

    /** Sets whether its group may be left out. */
    public Builder optional(boolean optional) {
      this.optional = optional;
      return this;
    }

    /** Returns the package. */
    public LockedPackage build() {
      return new LockedPackage(this);
    }
  }
}

package io.jconda.core.prefix;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Describes one path that a package owns in a prefix: an entry of {@code paths_data} (CEP-32).
 *
 * <p>Immutable.
 */
public final class PrefixPath {
  private final String path;
  private final PathType type;
  private final @Nullable String sha256;
  private final @Nullable String sha256InPrefix;
  private final long size;
  private final @Nullable String placeholder;
  private final boolean binary;
  private final boolean noLink;

  private PrefixPath(Builder builder) {
    this.path = builder.path;
    this.type = builder.type;
    this.sha256 = builder.sha256;
    this.sha256InPrefix = builder.sha256InPrefix;
    this.size = builder.size;
    this.placeholder = builder.placeholder;
    this.binary = builder.binary;
    this.noLink = builder.noLink;
  }

  /**
   * Starts a path.
   *
   * @param path relative to the prefix, with forward slashes
   * @param type what it is
   */
  public static Builder builder(String path, PathType type) {
    return new Builder(path, type);
  }

  /** Returns the path, relative to the prefix, with forward slashes. */
  public String path() {
    return path;
  }

  /** Returns what it is. */
  public PathType type() {
    return type;
  }

  /**
   * Returns the SHA-256 of the file as the package has it, in lower-case hex; a generated file has
   * none.
   */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /** Returns the SHA-256 of the file as it was put into the prefix, in lower-case hex, if known. */
  public Optional<String> sha256InPrefix() {
    return Optional.ofNullable(sha256InPrefix);
  }

  /** Returns the size in bytes of the file as the package has it; a generated file has none. */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** Returns the text that was replaced by the prefix, if there was one. */
  public Optional<String> placeholder() {
    return Optional.ofNullable(placeholder);
  }

  /** Tells whether the placeholder was replaced the binary way, keeping the file's length. */
  public boolean binary() {
    return binary;
  }

  /** Tells whether the package wants the file copied, never linked. */
  public boolean noLink() {
    return noLink;
  }

  /** Returns the type and the path. */
  @Override
  public String toString() {
    return type.word() + " " + path;
  }

  /** Collects what a path holds. Not safe to share between threads. */
  public static final class Builder {
    private final String path;
    private final PathType type;
    private @Nullable String sha256;
    private @Nullable String sha256InPrefix;
    private long size = -1;
    private @Nullable String placeholder;
    private boolean binary;
    private boolean noLink;

    private Builder(String path, PathType type) {
      this.path = path;
      this.type = type;
    }

    /** Sets the SHA-256 of the file as the package has it. */
    public Builder sha256(String sha256) {
      this.sha256 = sha256;
      return this;
    }

    /** Sets the SHA-256 of the file as it is in the prefix. */
    public Builder sha256InPrefix(String sha256InPrefix) {
      this.sha256InPrefix = sha256InPrefix;
      return this;
    }

    /** Sets the size in bytes of the file as the package has it. */
    public Builder size(long size) {
      this.size = size;
      return this;
    }

    /** Sets the text that was replaced, and whether that was done the binary way. */
    public Builder placeholder(String placeholder, boolean binary) {
      this.placeholder = placeholder;
      this.binary = binary;
      return this;
    }

    /** Sets whether the package wants the file copied, never linked. */
    public Builder noLink(boolean noLink) {
      this.noLink = noLink;
      return this;
    }

    /** Makes the path. */
    public PrefixPath build() {
      return new PrefixPath(this);
    }
  }
}

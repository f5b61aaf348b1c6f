package io.jconda.core.cache;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes one path of a stored package: what it is, and what must be done to it when it is
 * linked.
 *
 * <p>Immutable. The facts are those of {@code info/paths.json} (CEP-34), or of the older {@code
 * info/files}, {@code has_prefix} and {@code no_link} where a package lacks it.
 */
public final class StoredFile {
  private final String path;
  private final Kind kind;
  private final @Nullable String sha256;
  private final long size;
  private final boolean executable;
  private final boolean noLink;
  private final @Nullable String placeholder;
  private final @Nullable FileMode fileMode;
  private final @Nullable String target;
  private final Instant modified;
  private final boolean timeMatters;

  private StoredFile(Builder builder) {
    this.path = builder.path;
    this.kind = builder.kind;
    this.sha256 = builder.sha256;
    this.size = builder.size;
    this.executable = builder.executable;
    this.noLink = builder.noLink;
    this.placeholder = builder.placeholder;
    this.fileMode = builder.fileMode;
    this.target = builder.target;
    this.modified = builder.modified;
    this.timeMatters = builder.timeMatters;
  }

  /** Tells what a path is; the names in {@code paths.json} are in brackets. */
  public enum Kind {
    /** A file with content ({@code hardlink}). */
    FILE,
    /** A symbolic link ({@code softlink}). */
    SYMLINK,
    /** A folder that the package wants even if it is empty ({@code directory}). */
    DIRECTORY
  }

  /** Tells how a placeholder is replaced. */
  public enum FileMode {
    /** Anywhere; the file's length may change. */
    TEXT,
    /** In strings that end with NUL; the file's length must stay. */
    BINARY
  }

  /** Returns where it lies in the package: parts joined by {@code /}, never leaving it. */
  public String path() {
    return path;
  }

  /** Returns what it is. */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns the SHA-256 in lower-case hex: for a file always, that of its content as it was packed;
   * for a symbolic link what {@code paths.json} says, if it says anything.
   */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /** Returns the length in bytes of the content as it was packed; 0 for what is no file. */
  public long size() {
    return size;
  }

  /** Tells whether it may be executed. */
  public boolean executable() {
    return executable;
  }

  /** Tells whether the package asks for it to be copied, never linked. */
  public boolean noLink() {
    return noLink;
  }

  /** Returns the text that stands in it for the prefix and must be replaced, if there is one. */
  public Optional<String> placeholder() {
    return Optional.ofNullable(placeholder);
  }

  /** Returns how the placeholder is replaced; present if and only if there is a placeholder. */
  public Optional<FileMode> fileMode() {
    return Optional.ofNullable(fileMode);
  }

  /** Returns a symbolic link's text: relative, and not leaving the package. */
  public Optional<String> target() {
    return Optional.ofNullable(target);
  }

  /**
   * Returns when the file in the store was last modified, to the second: what a copy should carry.
   * Epoch for what is no file.
   */
  public Instant modified() {
    return modified;
  }

  /**
   * Tells whether the content is kept apart from equal content of another time, because compiled
   * Python that ships beside it names the time.
   */
  boolean timeMatters() {
    return timeMatters;
  }

  static Builder builder(String path, Kind kind) {
    return new Builder(path, kind);
  }

  Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredFile file
        && file.path.equals(path)
        && file.kind == kind
        && Objects.equals(file.sha256, sha256)
        && file.size == size
        && file.executable == executable
        && file.noLink == noLink
        && Objects.equals(file.placeholder, placeholder)
        && file.fileMode == fileMode
        && Objects.equals(file.target, target);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /** Returns the path. */
  @Override
  public String toString() {
    return path;
  }

  /** Collects what is known of a path. */
  static final class Builder {
    private final String path;
    private final Kind kind;
    private @Nullable String sha256;
    private long size;
    private boolean executable;
    private boolean noLink;
    private @Nullable String placeholder;
    private @Nullable FileMode fileMode;
    private @Nullable String target;
    private Instant modified = Instant.EPOCH;
    private boolean timeMatters;

    private Builder(String path, Kind kind) {
      this.path = path;
      this.kind = kind;
    }

    private Builder(StoredFile file) {
      this.path = file.path;
      this.kind = file.kind;
      this.sha256 = file.sha256;
      this.size = file.size;
      this.executable = file.executable;
      this.noLink = file.noLink;
      this.placeholder = file.placeholder;
      this.fileMode = file.fileMode;
      this.target = file.target;
      this.modified = file.modified;
      this.timeMatters = file.timeMatters;
    }

    Builder sha256(@Nullable String sha256) {
      this.sha256 = sha256;
      return this;
    }

    Builder size(long size) {
      this.size = size;
      return this;
    }

    Builder executable(boolean executable) {
      this.executable = executable;
      return this;
    }

    Builder noLink(boolean noLink) {
      this.noLink = noLink;
      return this;
    }

    Builder placeholder(@Nullable String placeholder, @Nullable FileMode fileMode) {
      this.placeholder = placeholder;
      this.fileMode = fileMode;
      return this;
    }

    Builder target(@Nullable String target) {
      this.target = target;
      return this;
    }

    Builder modified(Instant modified) {
      this.modified = modified;
      return this;
    }

    Builder timeMatters(boolean timeMatters) {
      this.timeMatters = timeMatters;
      return this;
    }

    StoredFile build() {
      return new StoredFile(this);
    }
  }
}

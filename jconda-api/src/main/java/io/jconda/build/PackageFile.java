package io.jconda.build;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is one file or symbolic link of a package that is to be built. Immutable; what lies on disk is
 * read when the package is built.
 */
public final class PackageFile {
  private final byte @Nullable [] bytes;
  private final @Nullable Path source;
  private final @Nullable String linkTarget;
  private final boolean executable;

  private PackageFile(
      byte @Nullable [] bytes,
      @Nullable Path source,
      @Nullable String linkTarget,
      boolean executable) {
    this.bytes = bytes;
    this.source = source;
    this.linkTarget = linkTarget;
    this.executable = executable;
  }

  static PackageFile of(byte[] bytes, boolean executable) {
    return new PackageFile(bytes.clone(), null, null, executable);
  }

  static PackageFile of(Path source, boolean executable) {
    return new PackageFile(null, source, null, executable);
  }

  static PackageFile link(String target) {
    return new PackageFile(null, null, target, false);
  }

  /** Returns the link's text if this is a symbolic link. */
  public Optional<String> linkTarget() {
    return Optional.ofNullable(linkTarget);
  }

  /** Tells whether it may be executed. */
  public boolean executable() {
    return executable;
  }

  /** Returns where its content lies, if not in memory. */
  public Optional<Path> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Opens its content; a link's is empty.
   *
   * @throws IOException if it lies on disk and cannot be read
   */
  public InputStream open() throws IOException {
    if (source != null) {
      return Files.newInputStream(source);
    }
    return new ByteArrayInputStream(bytes == null ? new byte[0] : bytes);
  }
}

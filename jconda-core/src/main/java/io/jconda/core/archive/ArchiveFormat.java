package io.jconda.core.archive;

import java.util.Locale;
import java.util.Optional;

/** Names the two formats that packages come in (CEP-35). */
public enum ArchiveFormat {
  /** A zip of two Zstandard tarballs, one for {@code info/} and one for the rest. */
  CONDA(".conda"),
  /** One bzip2 tarball. */
  TAR_BZ2(".tar.bz2");

  private final String extension;

  ArchiveFormat(String extension) {
    this.extension = extension;
  }

  /** Returns how file names of this format end, with the leading dot. */
  public String extension() {
    return extension;
  }

  /** Returns the format that a file's name tells, if it is that of a package. */
  public static Optional<ArchiveFormat> of(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    for (ArchiveFormat format : values()) {
      if (lower.endsWith(format.extension)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a package's file name without its ending.
   *
   * @throws IllegalArgumentException if the name is not of this format
   */
  public String stem(String fileName) {
    if (!fileName.toLowerCase(Locale.ROOT).endsWith(extension)) {
      throw new IllegalArgumentException("'%s' is no %s package.".formatted(fileName, extension));
    }
    return fileName.substring(0, fileName.length() - extension.length());
  }
}

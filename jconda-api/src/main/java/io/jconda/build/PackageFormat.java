package io.jconda.build;

/** Names the formats that a package can be written in (CEP-35). */
public enum PackageFormat {
  /** A zip of two Zstandard tarballs; smaller, and several times faster to read. */
  CONDA(".conda"),
  /** One bzip2 tarball, which the oldest tools read too. */
  TAR_BZ2(".tar.bz2");

  private final String extension;

  PackageFormat(String extension) {
    this.extension = extension;
  }

  /** Returns how file names of this format end, with the leading dot. */
  public String extension() {
    return extension;
  }
}

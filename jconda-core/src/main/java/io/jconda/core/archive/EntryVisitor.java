package io.jconda.core.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * Hears what lies in an archive, one entry after the other, in the archive's own order.
 *
 * <p>Paths are safe to resolve against a folder: relative, joined by {@code /}, without {@code ..},
 * never below a symbolic link of the same archive, none twice but folders. Entries of {@code info/}
 * come like all others. Folders need not be told of before what lies in them. Nothing may be
 * trusted until {@link PackageReader#read} has returned: the archive's end may still prove it
 * broken.
 */
public interface EntryVisitor {
  /** Hears of a folder. */
  default void directory(String path) throws IOException {}

  /**
   * Hears of a file.
   *
   * @param content the file's bytes, exactly {@link FileEntry#size()} of them, only readable until
   *     this method returns; what is not read is skipped. Its {@code read} throws {@link
   *     io.jconda.IntegrityException} where the archive is broken and {@link IOException} only
   *     where the stream under the archive failed.
   */
  void file(FileEntry entry, InputStream content) throws IOException;

  /**
   * Hears of a symbolic link.
   *
   * @param target the link's text as it is in the archive: relative, and not leaving the package
   */
  void symbolicLink(String path, String target) throws IOException;

  /**
   * Hears of one more name for a file of this archive.
   *
   * @param existingPath a path that {@link #file} or this method was called with before
   */
  void hardLink(String path, String existingPath) throws IOException;
}

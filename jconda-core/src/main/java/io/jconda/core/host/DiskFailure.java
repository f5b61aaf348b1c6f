package io.jconda.core.host;

import io.jconda.StorageException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/** Turns what the file system throws into an exception that says what to do. */
public final class DiskFailure {
  private DiskFailure() {}

  /**
   * Explains a failure of the disk.
   *
   * @param doing what was being done, such as {@code "store the archive"}
   * @param path what it was done to
   * @param cause what the file system threw
   */
  public static StorageException explain(String doing, Path path, Exception cause) {
    String at =
        cause instanceof FileSystemException e && e.getFile() != null
            ? e.getFile()
            : path.toString();
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left")
        || text.contains("not enough space")
        || text.contains("quota exceeded")) {
      return new StorageException(
          "Cannot %s: the disk that holds %s is full.".formatted(doing, at),
          "Free some space there, or choose another root, and try again.",
          cause);
    }
    if (cause instanceof AccessDeniedException
        || cause instanceof ReadOnlyFileSystemException
        || text.contains("read-only file system")
        || text.contains("permission denied")) {
      return new StorageException(
          "Cannot %s: %s may not be written or read.".formatted(doing, at),
          "Check its owner and permissions, or choose another root.",
          cause);
    }
    return new StorageException(
        "Cannot %s: %s failed (%s).".formatted(doing, at, cause),
        "Check that the path exists and that its file system is healthy, and try again.",
        cause);
  }
}

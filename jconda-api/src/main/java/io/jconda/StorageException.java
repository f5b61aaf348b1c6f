package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that the disk refused: it is full, or a file or folder may not be read or written.
 *
 * <p>The message names the path. What had been begun was undone as far as the disk let it.
 */
public final class StorageException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public StorageException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public StorageException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

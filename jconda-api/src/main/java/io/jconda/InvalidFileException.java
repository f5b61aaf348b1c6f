package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a file of a user's cannot be understood: an {@code environment.yml}, a lock file or
 * a list of packages. The message names the file and, where that is known, the line.
 */
public class InvalidFileException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what is wrong, and where
   * @param remedy what to write instead
   */
  public InvalidFileException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what is wrong, and where
   * @param remedy what to write instead
   * @param cause what brought it about, or null where nothing else did
   */
  public InvalidFileException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

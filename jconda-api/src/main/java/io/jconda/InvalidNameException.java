package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that an environment's name, or another name that becomes part of a path, is not allowed.
 */
public final class InvalidNameException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public InvalidNameException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public InvalidNameException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

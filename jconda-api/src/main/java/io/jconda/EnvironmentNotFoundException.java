package io.jconda;

import org.jspecify.annotations.Nullable;

/** Signals that there is no environment of that name or at that prefix. */
public final class EnvironmentNotFoundException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public EnvironmentNotFoundException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public EnvironmentNotFoundException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

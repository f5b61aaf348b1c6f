package io.jconda;

import org.jspecify.annotations.Nullable;

/** Signals that {@code create()} met an environment that is there already. */
public final class EnvironmentExistsException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public EnvironmentExistsException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public EnvironmentExistsException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a plan cannot be applied to a prefix: the prefix is too long for a package's
 * placeholder, a package holds what it must not, or the environment changed since the plan was
 * made.
 *
 * <p>The environment is as it was.
 */
public final class InstallException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public InstallException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public InstallException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that work was cancelled, by {@link Operation#cancel}, by an interrupt of the waiting
 * thread or by its time limit, and that everything it had begun was undone.
 */
public final class OperationCancelledException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public OperationCancelledException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public OperationCancelledException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

package io.jconda;

import org.jspecify.annotations.Nullable;

/** Signals that work needed the network while the client or the request is offline. */
public final class OfflineException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public OfflineException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public OfflineException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

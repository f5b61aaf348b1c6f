package io.jconda.core.util;

/**
 * Goes with an operation through every room.
 *
 * @param token says when to stop
 * @param events says what is going on
 */
public record OperationContext(CancellationToken token, Events events) {
  /** Makes a context that nobody cancels and nobody listens to. */
  public static OperationContext silent() {
    return new OperationContext(CancellationToken.create(), Events.silent());
  }

  /**
   * Throws if the operation should stop.
   *
   * @throws io.jconda.OperationCancelledException if so
   */
  public void checkpoint() {
    token.throwIfCancelled();
  }
}

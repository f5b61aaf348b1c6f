package io.jconda.core.net;

import io.jconda.core.util.CancellationToken;

/** Treats an interrupt of the caller's thread as a cancellation. */
final class Interrupts {
  private Interrupts() {}

  /**
   * Throws if the operation was cancelled, or if this thread was interrupted, which cancels it; the
   * interrupt stays set.
   */
  static void check(CancellationToken token) {
    if (Thread.currentThread().isInterrupted()) {
      token.cancel("its thread was interrupted");
    }
    token.throwIfCancelled();
  }
}

package io.jconda.core.net;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices a body that comes too slowly: it counts only the time that is spent waiting for bytes, so
 * that a slow reader is never taken for a slow server. For one thread at a time.
 */
final class Speed {
  private final long lowest;
  private final long windowNanos;
  private final LongSupplier nanoTime;
  private long waited;
  private long bytes;

  /**
   * Makes one.
   *
   * @param lowest the lowest rate, in bytes a second; 0 for any
   * @param window over how much waiting it is measured
   * @param nanoTime the clock
   */
  Speed(long lowest, Duration window, LongSupplier nanoTime) {
    this.lowest = lowest;
    this.windowNanos = window.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Returns one for which nothing is too slow. */
  static Speed any() {
    return new Speed(0, Duration.ofDays(1), System::nanoTime);
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /**
   * Counts bytes.
   *
   * @param since when the wait for them began, as {@link #now()} said
   * @param count how many came
   * @return whether the server is still fast enough
   */
  boolean isEnough(long since, long count) {
    waited += now() - since;
    bytes += Math.max(0, count);
    if (waited < windowNanos) {
      return true;
    }
    boolean enough = bytes >= lowest * (waited / 1e9);
    waited = 0;
    bytes = 0;
    return enough;
  }

  @Override
  public String toString() {
    return "%d bytes a second over %d s".formatted(lowest, windowNanos / 1_000_000_000L);
  }
}

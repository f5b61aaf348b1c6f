package io.jconda.core.util;

import io.jconda.OperationCancelledException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells the rooms that an operation should stop: one token goes with an operation through all of
 * them.
 *
 * <p>Loops ask with {@link #throwIfCancelled()}; what blocks elsewhere (a call, a process)
 * registers an action with {@link #onCancel}. No thread is ever interrupted: an interrupt closes
 * channels and drops file locks. Thread-safe.
 */
public final class CancellationToken {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final Map<Object, Runnable> actions = new ConcurrentHashMap<>();
  private final long deadlineNanos;
  private final @Nullable Duration limit;

  private CancellationToken(@Nullable Duration limit) {
    this.limit = limit;
    this.deadlineNanos = limit == null ? 0 : System.nanoTime() + limit.toNanos();
  }

  /** Makes a token that only {@link #cancel} ends. */
  public static CancellationToken create() {
    return new CancellationToken(null);
  }

  /** Makes a token that ends by itself after a while. */
  public static CancellationToken withTimeout(Duration limit) {
    return new CancellationToken(limit);
  }

  /** Undoes the registration of an action. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Ends the operation, and runs every registered action on this thread.
   *
   * @param why what happened, a phrase such as {@code "cancelled by the caller"}
   * @return whether this call was the first
   */
  public boolean cancel(String why) {
    if (!reason.compareAndSet(null, why)) {
      return false;
    }
    actions.keySet().forEach(this::runAction);
    return true;
  }

  private void runAction(Object key) {
    Runnable action = actions.remove(key);
    if (action != null) {
      action.run();
    }
  }

  /**
   * Runs an action once when the token is cancelled, at once if it already is; not at a time limit.
   */
  public Registration onCancel(Runnable action) {
    Object key = new Object();
    actions.put(key, action);
    if (reason.get() != null) {
      runAction(key);
    }
    return () -> actions.remove(key);
  }

  /** Tells whether the operation should stop. */
  public boolean isCancelled() {
    if (reason.get() != null) {
      return true;
    }
    if (limit != null && System.nanoTime() - deadlineNanos >= 0) {
      return cancel("its time limit of " + limit + " was reached") || reason.get() != null;
    }
    return false;
  }

  /**
   * Throws if the operation should stop.
   *
   * @throws OperationCancelledException if the token is cancelled or its time is up
   */
  public void throwIfCancelled() {
    if (isCancelled()) {
      throw new OperationCancelledException(
          "The operation was stopped: " + reason.get() + ".",
          "Start it again; what it had begun was undone, and what it had fetched is kept.");
    }
  }

  /**
   * Returns how long the operation may still go on; {@link Long#MAX_VALUE} nanoseconds if for ever.
   */
  public Duration remaining() {
    return limit == null
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }
}

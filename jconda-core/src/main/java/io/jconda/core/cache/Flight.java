package io.jconda.core.cache;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Is one archive on its way into the store, with everybody in the JVM who waits for it: one leads,
 * the others hear its progress and get its result. Thread-safe.
 */
final class Flight {
  private static final long LOOK = Duration.ofMillis(100).toNanos();

  private final CountDownLatch landed = new CountDownLatch(1);
  private final List<OperationContext> aboard = new ArrayList<>();
  private Optional<LongFunction<ProgressEvent>> started = Optional.empty();
  private volatile @Nullable StoredPackage result;

  /** Lets an operation hear the progress, from the download's beginning. */
  void board(OperationContext context) {
    Optional<LongFunction<ProgressEvent>> missed;
    synchronized (this) {
      aboard.add(context);
      missed = started;
    }
    missed.ifPresent(context.events()::emit);
  }

  /** Tells everybody aboard that the download begins; again does nothing. */
  void start(LongFunction<ProgressEvent> event) {
    synchronized (this) {
      if (started.isPresent()) {
        return;
      }
      started = Optional.of(event);
    }
    emit(event);
  }

  /** Tells everybody aboard. */
  void emit(LongFunction<ProgressEvent> event) {
    List<OperationContext> listeners;
    synchronized (this) {
      listeners = List.copyOf(aboard);
    }
    listeners.forEach(listener -> listener.events().emit(event));
  }

  /** Tells everybody aboard that something went wrong that stops nothing. */
  void warn(String message) {
    emit(number -> new ProgressEvent.Warning(number, message));
  }

  /** Gives everybody the result. */
  void land(StoredPackage stored) {
    result = stored;
    landed.countDown();
  }

  /** Tells those who wait that one of them has to lead, unless it has landed. */
  void handOver() {
    landed.countDown();
  }

  /**
   * Waits for the result; an operation that is stopped stops waiting.
   *
   * @return the result, or nothing if the leader gave up
   */
  Optional<StoredPackage> await(OperationContext context) {
    board(context);
    try {
      boolean over = false;
      while (!over) {
        context.checkpoint();
        over = landed.await(LOOK, TimeUnit.NANOSECONDS);
      }
      return Optional.ofNullable(result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationCancelledException(
          "The operation was stopped: its thread was interrupted while it waited for a download.",
          "Start it again.",
          e);
    } finally {
      synchronized (this) {
        aboard.remove(context);
      }
    }
  }
}

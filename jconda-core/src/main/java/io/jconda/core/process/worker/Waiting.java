package io.jconda.core.process.worker;

import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.WorkOperation;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Bounds how many asynchronous calls wait, and waits for turns in a way that can be cancelled. */
final class Waiting {
  private static final long SLICE_MILLIS = 50;

  private final Executor executor;
  private final Semaphore places;

  Waiting(Executor executor, int places) {
    this.executor = executor;
    this.places = new Semaphore(places, true);
  }

  /** Waits for something to be free. */
  @FunctionalInterface
  interface Turn {
    boolean tryFor(long time, TimeUnit unit) throws InterruptedException;
  }

  <T> Operation<T> start(Function<CancellationToken, T> work) {
    CancellationToken token = CancellationToken.create();
    await(places::tryAcquire, token);
    try {
      return WorkOperation.start(executor, token, () -> work.apply(token)).onEnd(places::release);
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
  }

  static void await(Turn turn, CancellationToken token) {
    try {
      while (!turn.tryFor(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
        token.throwIfCancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationCancelledException(
          "The call was cancelled before its turn: the thread that waited was interrupted.",
          "Call again.");
    }
  }
}

package io.jconda.core.repodata;

import io.jconda.core.util.CancellationToken;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a load that another thread has begun, for as long as an operation goes on. */
final class LoadWait {
  private LoadWait() {}

  /**
   * Returns what a load gives. Blocks; where the operation ends first, so does the load.
   *
   * @throws ExecutionException if the load failed
   * @throws io.jconda.OperationCancelledException if the operation is cancelled, its time is up, or
   *     this thread is interrupted, which stays so
   */
  static <V> V await(Future<V> load, CancellationToken token) throws ExecutionException {
    CancellationToken.Registration waiting = token.onCancel(() -> load.cancel(false));
    try {
      return load.get(token.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      token.cancel("its thread was interrupted");
    } catch (TimeoutException | CancellationException e) {
      token.throwIfCancelled();
      throw new IllegalStateException("A load that nobody cancelled was not waited for.", e);
    } finally {
      waiting.close();
    }
    token.throwIfCancelled();
    throw new IllegalStateException("A cancelled operation went on.");
  }
}

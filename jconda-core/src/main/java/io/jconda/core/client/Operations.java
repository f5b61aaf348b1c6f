package io.jconda.core.client;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.core.util.WorkOperation;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Begins the operations of one client, knows those under way, and ends them when the client is
 * closed. Thread-safe.
 */
final class Operations {
  private final Executor executor;
  private final Map<WorkOperation<?>, CancellationToken> running = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  Operations(Executor executor) {
    this.executor = executor;
  }

  /**
   * Begins an operation with a token of its own, on a thread of the client, between its first and
   * last event.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // who began the operation hears of its failure
  <T> Operation<T> start(
      String what,
      String target,
      Optional<Duration> timeout,
      ProgressListener progress,
      Function<OperationContext, T> work) {
    if (closed.get()) {
      throw new IllegalStateException("This client is closed. Make another one with newBuilder().");
    }
    CancellationToken token =
        timeout.map(CancellationToken::withTimeout).orElseGet(CancellationToken::create);
    Events events = new Events(progress);
    OperationContext context = new OperationContext(token, events);
    WorkOperation<T> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              long start = System.nanoTime();
              events.emit(n -> new ProgressEvent.OperationStarted(n, what, target));
              try {
                T result = work.apply(context);
                events.emit(n -> new ProgressEvent.OperationFinished(n, since(start)));
                return result;
              } catch (CondaException e) {
                events.emit(n -> new ProgressEvent.OperationFailed(n, e, since(start)));
                throw e;
              } catch (RuntimeException | Error e) {
                CondaException told =
                    new CondaException(
                        "JConda itself failed: " + e + ".",
                        "Report it as a bug, with its trace.",
                        e);
                events.emit(n -> new ProgressEvent.OperationFailed(n, told, since(start)));
                throw e;
              }
            });
    running.put(operation, token);
    operation.whenComplete((result, failure) -> running.remove(operation));
    return operation;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Cancels what is under way and waits until it is undone.
   *
   * @return whether this was the first call
   */
  boolean close() {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    running.values().forEach(token -> token.cancel("its client was closed"));
    running.keySet().forEach(Operations::waitFor);
    return true;
  }

  private static void waitFor(WorkOperation<?> operation) {
    try {
      operation.join();
    } catch (CompletionException | CancellationException | OperationCancelledException e) {
      // whoever waits for the operation hears of it; closing only waits for its end
      return;
    }
  }
}

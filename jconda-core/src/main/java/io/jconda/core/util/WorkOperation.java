package io.jconda.core.util;

import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on an executor and cancels it by its token.
 *
 * <p>What the work throws is what {@link #await} throws: the same object. After {@link #cancel} the
 * operation is done once the work has ended, at once if it had not begun; {@link #isCancelled} is
 * then true unless the work ended otherwise before it noticed. Work that its time limit stops has
 * failed with {@link OperationCancelledException} rather than been cancelled. Thread-safe.
 *
 * @param <T> what the work yields
 */
public final class WorkOperation<T> extends CompletableFuture<T> implements Operation<T> {
  private final CancellationToken token;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean cancelling = new AtomicBoolean();
  private volatile boolean cancelled;

  private WorkOperation(CancellationToken token) {
    this.token = token;
  }

  /**
   * Starts work.
   *
   * @param executor what it runs on; must not drop it without cancelling the operation
   * @param token the token that the work asks whether it should stop
   * @param work the work; not begun at all if the token is cancelled before its turn comes
   * @throws java.util.concurrent.RejectedExecutionException if the executor takes no more work
   */
  public static <T> WorkOperation<T> start(
      Executor executor, CancellationToken token, Supplier<T> work) {
    WorkOperation<T> operation = new WorkOperation<>(token);
    executor.execute(() -> operation.run(work));
    return operation;
  }

  private void run(Supplier<T> work) {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    T result;
    try {
      token.throwIfCancelled();
      result = work.get();
    } catch (OperationCancelledException e) {
      end(e);
      return;
    } catch (Throwable e) {
      // errors too: a caller who waits must never wait for ever
      completeExceptionally(e);
      return;
    }
    complete(result);
  }

  private void end(OperationCancelledException failure) {
    if (cancelled) {
      // the only form in which a CompletableFuture calls itself cancelled
      CancellationException cancellation = new CancellationException(failure.getMessage());
      cancellation.initCause(failure);
      completeExceptionally(cancellation);
    } else {
      completeExceptionally(failure);
    }
  }

  @Override
  public T await() {
    try {
      return result();
    } catch (InterruptedException e) {
      cancel("the thread that waited for it was interrupted");
      try {
        return resultUninterruptibly();
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  private T resultUninterruptibly() {
    while (true) {
      try {
        return result();
      } catch (InterruptedException e) {
        // the caller's flag is set again once everything is undone
      }
    }
  }

  private T result() throws InterruptedException {
    try {
      return get();
    } catch (CancellationException e) {
      throw underlying(e);
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    }
  }

  /** Finds our own exception: newer JDKs put another CancellationException around the first. */
  private static RuntimeException underlying(CancellationException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof OperationCancelledException ours) {
        return ours;
      }
    }
    return e;
  }

  private static RuntimeException unchecked(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      return e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return new IllegalStateException("Work threw a checked exception.", failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return cancel("it was cancelled by the caller");
  }

  private boolean cancel(String why) {
    if (isDone() || !cancelling.compareAndSet(false, true)) {
      return false;
    }
    cancelled = true;
    if (!token.cancel(why)) {
      // stopped by someone else, or by its time limit: then this call is not what ended it
      cancelled = false;
      return false;
    }
    if (begun.compareAndSet(false, true)) {
      end(
          new OperationCancelledException(
              "The operation was stopped before it began: " + why + ".", "Start it again."));
    }
    return true;
  }

  /**
   * Runs an action once the work has ended, however it did; at once if it already has.
   *
   * @return this operation, not a stage behind it
   */
  public WorkOperation<T> onEnd(Runnable action) {
    // a stage of its own that nobody waits for: what it yields is dropped on purpose
    CompletableFuture<T> unused = whenComplete((result, failure) -> action.run());
    return this;
  }

  /** Returns a plain future: to cancel or complete it does not touch the work. */
  @Override
  public CompletableFuture<T> toCompletableFuture() {
    return copy();
  }

  /** Makes dependent stages plain ones, as {@link Operation} says. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}

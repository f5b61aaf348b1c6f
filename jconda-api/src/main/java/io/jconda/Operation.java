package io.jconda;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Is work under way: what every {@code …Async} method returns.
 *
 * <p>It is one-shot, a {@link Future} and a {@link CompletionStage}, and safe to use from any
 * thread. {@link #cancel(boolean)} really stops the work, whatever it is doing: downloads are
 * broken off, a solve ends, a change of an environment is rolled back; the operation is done once
 * that is so. Dependent stages made with {@code thenApply} and its kin are plain stages: to cancel
 * one of them does not stop the work.
 *
 * @param <T> what the work yields
 */
public interface Operation<T> extends Future<T>, CompletionStage<T> {
  /**
   * Waits for the work and returns what it yields.
   *
   * <p>An interrupt of the waiting thread cancels the work; the method then waits until everything
   * is undone, sets the thread's interrupt flag again, and throws {@link
   * OperationCancelledException}.
   *
   * @throws CondaException if the work failed, as that failure
   * @throws OperationCancelledException if it was cancelled or its time was up
   */
  T await();

  /**
   * Stops the work. Returns at once; the work is done when everything it had begun is undone.
   *
   * @param mayInterruptIfRunning has no effect: work is never stopped by interrupting threads
   * @return whether this call cancelled it; false if it was done or cancelled before
   */
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /** Stops the work, as {@link #cancel(boolean)} does. */
  default boolean cancel() {
    return cancel(false);
  }
}

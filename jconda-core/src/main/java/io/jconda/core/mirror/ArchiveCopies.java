package io.jconda.core.mirror;

import io.jconda.CondaException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does many copies, several at once. The first failure stops the others; none of its threads
 * outlives {@link #run}.
 */
final class ArchiveCopies {
  private static final int MOST_AT_ONCE = 8;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final OperationContext context;
  private final CancellationToken token;
  private final AtomicReference<@Nullable CondaException> failure = new AtomicReference<>();

  ArchiveCopies(OperationContext context) {
    this.context = context;
    Duration remaining = context.token().remaining();
    this.token =
        remaining.toNanos() == Long.MAX_VALUE
            ? CancellationToken.create()
            : CancellationToken.withTimeout(remaining);
  }

  /**
   * Does the copies and blocks until all are done.
   *
   * @param copies each returns how many bytes it brought
   * @return how many bytes they brought together
   * @throws CondaException the first failure of any of them
   */
  long run(List<ToLongFunction<OperationContext>> copies) {
    if (copies.isEmpty()) {
      return 0;
    }
    OperationContext own = new OperationContext(token, context.events());
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(MOST_AT_ONCE, copies.size()), ArchiveCopies::thread);
    CancellationToken.Registration parent =
        context.token().onCancel(() -> token.cancel("the operation was stopped"));
    try {
      List<Future<Long>> futures = new ArrayList<>();
      for (ToLongFunction<OperationContext> copy : copies) {
        futures.add(threads.submit(() -> copy(copy, own)));
      }
      long bytes = 0;
      for (Future<Long> future : futures) {
        bytes += await(future);
      }
      return bytes;
    } finally {
      parent.close();
      token.cancel("its archives are there, or not needed any more");
      end(threads);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "jconda-mirror-" + NUMBERS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  private long copy(ToLongFunction<OperationContext> copy, OperationContext own) {
    try {
      own.checkpoint();
      return copy.applyAsLong(own);
    } catch (CondaException e) {
      // the first one is the cause; the others were only told to stop
      if (failure.compareAndSet(null, e)) {
        token.cancel("another archive could not be copied");
      }
      throw e;
    }
  }

  private long await(Future<Long> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      context.checkpoint();
      CondaException first = failure.get();
      if (first != null) {
        throw first;
      }
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException("An archive could not be copied.", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.token().cancel("its thread was interrupted");
      context.checkpoint();
      throw new IllegalStateException("A cancelled operation goes no further.", e);
    }
  }

  /** Waits until the threads have stopped; an interrupt is handed on. */
  private void end(ExecutorService threads) {
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

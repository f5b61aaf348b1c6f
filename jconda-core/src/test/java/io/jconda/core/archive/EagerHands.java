package io.jconda.core.archive;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Helps whoever asks, with so many threads as it is told, whether processors are idle or not. */
final class EagerHands implements IdleProcessors {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicInteger helped = new AtomicInteger();
  private final int most;

  EagerHands(int most) {
    this.most = most;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the work tells itself what comes of it
  public boolean lend(Runnable work) {
    if (working.incrementAndGet() > most) {
      working.decrementAndGet();
      return false;
    }
    helped.incrementAndGet();
    threads.submit(
        () -> {
          try {
            work.run();
          } finally {
            working.decrementAndGet();
          }
        });
    return true;
  }

  @Override
  public boolean areWanted() {
    return false;
  }

  @Override
  public void await(Future<?> work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      // who wants the result is told
      return;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean everHelped() {
    return helped.get() > 0;
  }

  void awaitIdle() {
    while (working.get() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Waits until all threads have ended. */
  void close() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("Somebody is still at work.");
    }
  }
}

package io.jconda.core.install;

import io.jconda.CondaException;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings many packages into the store at once, the biggest first; whoever needs one waits for it
 * alone. The first failure stops the others. Its threads end when it is closed.
 */
final class Fetching implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final OperationContext context;
  private final CancellationToken token;
  private final CancellationToken.Registration parent;
  private final ExecutorService threads;
  private final Map<PackageRecord, Future<StoredPackage>> packages = new HashMap<>();
  private final BlockingQueue<Future<StoredPackage>> arrived = new LinkedBlockingQueue<>();
  private int toHandOut;
  private final AtomicReference<@Nullable CondaException> failure = new AtomicReference<>();
  private final AtomicInteger waiting;
  private final long start = System.nanoTime();
  private volatile long elapsed = -1;

  /** Starts to bring packages; returns at once. Those that are in the store are there already. */
  Fetching(PackageCache cache, Supply supply, OperationContext context) {
    List<PackageRecord> records = supply.missing();
    this.context = context;
    Duration remaining = context.token().remaining();
    this.token =
        remaining.toNanos() == Long.MAX_VALUE
            ? CancellationToken.create()
            : CancellationToken.withTimeout(remaining);
    this.parent = context.token().onCancel(() -> token.cancel("the operation was stopped"));
    this.waiting = new AtomicInteger(records.size());
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(cache.atOnce(), records.size())),
            work -> {
              Thread thread = new Thread(work, "jconda-fetch-" + NUMBERS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    long size = supply.bytesMissing();
    context
        .events()
        .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.FETCH, records.size(), size));
    supply
        .present()
        .forEach(
            (record, stored) -> {
              Future<StoredPackage> there = CompletableFuture.completedFuture(stored);
              packages.put(record, there);
              arrived.add(there);
            });
    OperationContext own = new OperationContext(token, context.events());
    List<PackageRecord> biggestFirst = new ArrayList<>(records);
    biggestFirst.sort(
        Comparator.comparingLong((PackageRecord record) -> record.size().orElse(0)).reversed());
    for (PackageRecord record : biggestFirst) {
      FutureTask<StoredPackage> task =
          new FutureTask<>(() -> fetch(cache, record, own)) {
            @Override
            protected void done() {
              arrived.add(this);
            }
          };
      packages.put(record, task);
      threads.execute(task);
    }
    this.toHandOut = packages.size();
    if (records.isEmpty()) {
      finish();
    }
  }

  private StoredPackage fetch(PackageCache cache, PackageRecord record, OperationContext own) {
    try {
      own.checkpoint();
      StoredPackage stored = cache.fetch(record, own);
      if (waiting.decrementAndGet() == 0) {
        finish();
      }
      return stored;
    } catch (CondaException e) {
      // the first one is the cause; the others were only told to stop
      if (failure.compareAndSet(null, e)) {
        token.cancel("another package could not be fetched");
      }
      throw e;
    }
  }

  private void finish() {
    elapsed = System.nanoTime() - start;
    Duration time = Duration.ofNanos(elapsed);
    context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.FETCH, time));
  }

  /**
   * Waits for one of the packages.
   *
   * @throws CondaException the first failure of any of them
   */
  StoredPackage await(PackageRecord record) {
    Future<StoredPackage> future = packages.get(record);
    if (future == null) {
      throw new IllegalArgumentException("Nobody asked for " + record + ".");
    }
    return result(future);
  }

  /**
   * Waits until packages are there that this did not return before, and returns all of them;
   * nothing if all were returned.
   *
   * @throws CondaException the first failure of any of them
   */
  List<StoredPackage> awaitSome() {
    List<StoredPackage> some = new ArrayList<>();
    while (toHandOut > 0) {
      Future<StoredPackage> next = some.isEmpty() ? takeArrived() : arrived.poll();
      if (next == null) {
        break;
      }
      toHandOut--;
      some.add(result(next));
    }
    return some;
  }

  private Future<StoredPackage> takeArrived() {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    context.token().cancel("its thread was interrupted");
    context.checkpoint();
    return new IllegalStateException("A cancelled operation goes no further.", e);
  }

  private StoredPackage result(Future<StoredPackage> future) {
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
      throw new IllegalStateException("A package could not be fetched.", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for all of them, in any order. */
  void awaitAll() {
    packages.keySet().forEach(this::await);
  }

  /** Returns how long it took until the last one was there; so far, if it is not. */
  Duration elapsed() {
    return Duration.ofNanos(elapsed < 0 ? System.nanoTime() - start : elapsed);
  }

  /** Stops what still runs and waits until it has stopped. */
  @Override
  public void close() {
    parent.close();
    if (elapsed < 0) {
      token.cancel("its packages are not needed any more");
    }
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        if (threads.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        // threads of ours must not outlive their operation; the interrupt is handed on below
        interrupted = true;
        token.cancel("its thread was interrupted");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

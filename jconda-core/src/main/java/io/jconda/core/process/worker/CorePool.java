package io.jconda.core.process.worker;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.WorkerOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Is a number of workers, started when they are needed and replaced when they have died. */
public final class CorePool extends CoreCalls implements PythonWorkerPool {
  private final int size;
  private final Optional<Duration> limit;
  private final Supplier<CoreWorker> starter;
  private final Waiting waiting;
  private final Semaphore places;
  private final AtomicLong restarts = new AtomicLong();
  private final Set<CoreWorker> all = new HashSet<>();
  private final Deque<CoreWorker> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * Makes a pool; no worker is started yet.
   *
   * @param size how many workers there may be
   * @param options how they shall be
   * @param starter starts one
   * @param executor what asynchronous calls run on
   * @throws IllegalArgumentException if the size is less than 1
   */
  public CorePool(
      int size, WorkerOptions options, Supplier<CoreWorker> starter, Executor executor) {
    if (size < 1) {
      throw new IllegalArgumentException("A pool needs at least one worker, not " + size + ".");
    }
    this.size = size;
    this.limit = options.timeout();
    this.starter = starter;
    this.waiting = new Waiting(executor, Math.addExact(size, options.maxWaiting()));
    this.places = new Semaphore(size, true);
  }

  @Override
  public <T> T with(Function<? super PythonWorker, ? extends T> work) {
    return lend(work::apply, CancellationToken.create());
  }

  private <T> T lend(Function<CoreWorker, T> work, CancellationToken token) {
    Waiting.await(places::tryAcquire, token);
    try {
      CoreWorker worker = take();
      try {
        return work.apply(worker);
      } finally {
        giveBack(worker);
      }
    } finally {
      places.release();
    }
  }

  private CoreWorker take() {
    synchronized (all) {
      throwIfClosed();
      while (!idle.isEmpty()) {
        CoreWorker worker = idle.pop();
        if (worker.isAlive()) {
          return worker;
        }
        bury(worker);
      }
    }
    CoreWorker worker = starter.get();
    synchronized (all) {
      all.add(worker);
      if (!closed) {
        return worker;
      }
    }
    worker.close();
    throw closedFailure();
  }

  private void giveBack(CoreWorker worker) {
    synchronized (all) {
      if (worker.isAlive() && !closed) {
        idle.push(worker);
      } else if (all.contains(worker)) {
        bury(worker);
      }
    }
  }

  private void bury(CoreWorker worker) {
    all.remove(worker);
    if (!closed) {
      restarts.incrementAndGet();
    }
  }

  private void throwIfClosed() {
    if (closed) {
      throw closedFailure();
    }
  }

  private static CondaException closedFailure() {
    return new CondaException(
        "The pool of workers is closed.", "Make another one, and close it when all is done.");
  }

  @Override
  Optional<Duration> limit() {
    return limit;
  }

  @Override
  <T> T ask(Request request, Class<T> type, CancellationToken token, Optional<Duration> own) {
    return lend(worker -> worker.ask(request, type, token, own), token);
  }

  @Override
  void tell(Request request, CancellationToken token, Optional<Duration> own) {
    boolean told =
        lend(
            worker -> {
              worker.tell(request, token, own);
              return true;
            },
            token);
    assert told;
  }

  @Override
  <T> Operation<T> askAsync(Request request, Class<T> type, Optional<Duration> own) {
    return waiting.start(token -> ask(request, type, token, own));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long restarts() {
    return restarts.get();
  }

  @Override
  public void close() {
    Set<CoreWorker> left;
    synchronized (all) {
      closed = true;
      left = Set.copyOf(all);
      all.clear();
      idle.clear();
    }
    left.forEach(CoreWorker::close);
  }

  /** Returns one line: how many there may be, and how many are idle. */
  @Override
  public String toString() {
    synchronized (all) {
      return "PythonWorkerPool[%d of %d started, %d idle]".formatted(all.size(), size, idle.size());
    }
  }
}

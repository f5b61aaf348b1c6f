package io.jconda.core.link;

import io.jconda.core.util.OperationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does many pieces of work on a few threads, the caller's among them. The threads end with the last
 * piece, so that nothing outlives an operation.
 */
public final class Workers {
  /** More than this brings nothing where all of them wait for one file system's journal. */
  private static final int MOST = 8;

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private Workers() {}

  /**
   * Does all pieces, in any order, and blocks until they are done.
   *
   * @param pieces what is to be done; those in front are begun first
   * @param context asked before each piece whether to stop
   * @param work does a piece; called by several threads at once
   * @throws RuntimeException the first failure of any piece; the pieces that were not begun by then
   *     are not done
   */
  public static <T> void each(List<T> pieces, OperationContext context, Consumer<T> work) {
    int threads =
        Math.min(pieces.size(), Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    if (threads < 2) {
      for (T piece : pieces) {
        context.checkpoint();
        work.accept(piece);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable loop =
        () -> {
          try {
            for (int i = next.getAndIncrement();
                i < pieces.size() && failure.get() == null;
                i = next.getAndIncrement()) {
              context.checkpoint();
              work.accept(pieces.get(i));
            }
          } catch (RuntimeException | Error e) {
            // the first one is told; what follows from it is not
            failure.compareAndSet(null, e);
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      Thread thread = new Thread(loop, "jconda-work-" + NUMBERS.incrementAndGet());
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    loop.run();
    others.forEach(Workers::await);
    Throwable first = failure.get();
    if (first instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (first instanceof Error error) {
      throw error;
    }
  }

  /** A thread at work on a prefix is waited for, come what may; an interrupt is handed on. */
  private static void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

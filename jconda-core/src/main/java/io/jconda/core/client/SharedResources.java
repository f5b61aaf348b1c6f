package io.jconda.core.client;

import io.jconda.core.process.CommandRunner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the threads and networks of a client and of those derived from it; the threads end with the
 * last of them.
 */
final class SharedResources {
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "jconda-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
  private final Networks networks = new Networks();
  private @Nullable CommandRunner commands;
  private final AtomicInteger users = new AtomicInteger();

  ExecutorService executor() {
    return executor;
  }

  Networks networks() {
    return networks;
  }

  /** Returns what starts commands; made with the first one, as most clients never start any. */
  synchronized CommandRunner commands() {
    CommandRunner made = commands;
    if (made == null) {
      made = new CommandRunner(System.getenv(), executor);
      commands = made;
    }
    return made;
  }

  private synchronized void closeCommands() {
    if (commands != null) {
      commands.close();
    }
  }

  /** Counts one more client. */
  SharedResources retain() {
    users.incrementAndGet();
    return this;
  }

  /** Counts one client less, and ends everything with the last one. */
  void release() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    closeCommands();
    executor.shutdown();
    try {
      executor.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.jconda.core.cache;

import io.jconda.core.archive.IdleProcessors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has turns that nobody wants work for one archive, each with a thread of its own that ends with
 * its work: no thread outlives the archive's reading. To start a thread takes a five-hundredth of
 * what a full block of bzip2 takes.
 */
final class Hands implements IdleProcessors, AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Turns turns;
  private final Turns.Turn own;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Begins with nobody at work.
   *
   * @param own the turn of the thread that reads the archive
   */
  Hands(Turns turns, Turns.Turn own) {
    this.turns = turns;
    this.own = own;
  }

  @Override
  public boolean lend(Runnable work) {
    Optional<Turns.Turn> spare = turns.spare();
    if (spare.isEmpty()) {
      return false;
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                spare.get().close();
              }
            },
            "jconda-unpack-" + NUMBERS.incrementAndGet());
    thread.setDaemon(true);
    boolean started = false;
    try {
      thread.start();
      started = true;
    } finally {
      if (!started) {
        spare.get().close();
      }
    }
    threads.removeIf(each -> !each.isAlive());
    threads.add(thread);
    return true;
  }

  @Override
  public boolean areWanted() {
    return turns.areWanted();
  }

  @Override
  public void await(Future<?> work) {
    own.pause();
    boolean interrupted = false;
    while (!work.isDone()) {
      try {
        work.get();
      } catch (InterruptedException e) {
        // a block is soon decoded; the thread learns of it after that
        interrupted = true;
      } catch (ExecutionException e) {
        // whoever asks for the result is told
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    own.resume();
  }

  /** Waits until nobody is at work. */
  @Override
  public void close() {
    own.pause();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

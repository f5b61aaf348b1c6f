package io.jconda.core.cache;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Lets as many archives be unpacked at the same moment as there are processors. More are read at
 * once, as networks are slow; where they are fast, those that began first go first: an archive that
 * takes long is not left over for the end, and packages become ready one after another, not all
 * together, so that the first can be linked.
 *
 * <p>Changes only who waits for whom, and nobody waits for one that reads or waits itself.
 * Thread-safe.
 */
final class Turns {
  private final Queue<Turn> waiting = new PriorityQueue<>(Comparator.comparingLong(Turn::number));
  private int free;
  private long begun;

  Turns(int atOnce) {
    this.free = atOnce;
  }

  /** Waits for a turn, which the thread has until it pauses or closes it. */
  Turn begin() {
    Turn turn;
    synchronized (this) {
      turn = new Turn(begun++);
    }
    turn.resume();
    return turn;
  }

  /** Returns a turn that nobody wants at present, already taken, if there is one. */
  synchronized Optional<Turn> spare() {
    if (free == 0 || !waiting.isEmpty()) {
      return Optional.empty();
    }
    free--;
    Turn turn = new Turn(begun++);
    turn.taken = true;
    return Optional.of(turn);
  }

  /** Tells whether somebody waits for a turn. */
  synchronized boolean areWanted() {
    return !waiting.isEmpty();
  }

  private synchronized void take(Turn turn) {
    waiting.add(turn);
    boolean interrupted = false;
    while (free == 0 || waiting.peek() != turn) {
      try {
        wait();
      } catch (InterruptedException e) {
        // whoever has the turn gives it back soon; the thread learns of it after that
        interrupted = true;
      }
    }
    waiting.remove();
    free--;
    notifyAll();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void giveBack() {
    free++;
    notifyAll();
  }

  /** Is the right of one thread to work, which it lets others have while it waits itself. */
  final class Turn implements AutoCloseable {
    private final long number;
    private boolean taken;

    private Turn(long number) {
      this.number = number;
    }

    private long number() {
      return number;
    }

    /** Lets others work, until {@link #resume()}. */
    void pause() {
      if (taken) {
        taken = false;
        giveBack();
      }
    }

    /** Waits until it is this one's turn again. */
    void resume() {
      if (!taken) {
        take(this);
        taken = true;
      }
    }

    @Override
    public void close() {
      pause();
    }
  }
}

package io.jconda.core.archive;

import java.util.concurrent.Future;

/**
 * Lends processors that nobody else wants at the moment, for work that can be shared. Used by one
 * thread, but for {@link #areWanted}.
 */
public interface IdleProcessors {
  /** Lends nothing. */
  IdleProcessors NONE =
      new IdleProcessors() {
        @Override
        public boolean lend(Runnable work) {
          return false;
        }

        @Override
        public boolean areWanted() {
          return true;
        }

        @Override
        public void await(Future<?> work) {
          throw new IllegalStateException("Nobody is at work.");
        }
      };

  /**
   * Does work on another thread if a processor is idle; returns at once.
   *
   * @param work must not throw, and ends between two pieces of it when processors {@link
   *     #areWanted}
   * @return whether it will be done
   */
  boolean lend(Runnable work);

  /** Tells those who work on a lent processor whether others wait for it; for any thread. */
  boolean areWanted();

  /** Waits for a piece of work that was begun, even if interrupted; others may work meanwhile. */
  void await(Future<?> work);
}

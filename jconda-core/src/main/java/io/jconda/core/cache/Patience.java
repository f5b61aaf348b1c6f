package io.jconda.core.cache;

/**
 * Decides how often a download that breaks off goes on: twice, and anew whenever it has come a good
 * piece further than ever before, so that a poor line brings a large archive in the end and a
 * broken one is soon given up.
 */
final class Patience {
  private static final int MOST_FRUITLESS = 2;
  private static final long PIECE = 1 << 20;

  private long furthest;
  private int fruitless;

  /**
   * Takes note of a break.
   *
   * @param position how far the download had come
   */
  void broke(long position) {
    if (position - furthest >= PIECE) {
      fruitless = 0;
    }
    furthest = Math.max(furthest, position);
    fruitless++;
  }

  /** Tells whether it was too often. */
  boolean isAtEnd() {
    return fruitless > MOST_FRUITLESS;
  }
}

package io.jconda.core.solver.sat;

import java.util.Arrays;

/**
 * Lists the clauses that watch one literal, each beside a literal of it that, while true, makes a
 * visit needless.
 */
final class Watches {
  private static final Clause[] NO_CLAUSES = {};
  private static final int[] NO_BLOCKERS = {};

  Clause[] clauses = NO_CLAUSES;
  int[] blockers = NO_BLOCKERS;
  int size;

  void add(Clause clause, int blocker) {
    if (size == clauses.length) {
      int capacity = size == 0 ? 4 : size * 2;
      clauses = Arrays.copyOf(clauses, capacity);
      blockers = Arrays.copyOf(blockers, capacity);
    }
    clauses[size] = clause;
    blockers[size++] = blocker;
  }

  /** Keeps the first {@code newSize} entries and lets go of the clauses behind them. */
  void truncate(int newSize) {
    Arrays.fill(clauses, newSize, size, null);
    size = newSize;
  }

  void dropForgotten() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!clauses[i].forgotten) {
        clauses[kept] = clauses[i];
        blockers[kept++] = blockers[i];
      }
    }
    truncate(kept);
  }
}

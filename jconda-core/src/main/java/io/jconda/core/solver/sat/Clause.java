package io.jconda.core.solver.sat;

/**
 * Is a disjunction of three literals or more, or a single one. The first two of {@link #literals}
 * are the watched ones. (Clauses of two literals are kept as implications.)
 */
final class Clause {
  final int[] literals;
  final boolean learnt;

  /** How many decision levels met in it when it was learnt: the fewer, the more it is worth. */
  final int glue;

  double activity;
  boolean forgotten;

  Clause(int[] literals, boolean learnt, int glue) {
    this.literals = literals;
    this.learnt = learnt;
    this.glue = glue;
  }
}

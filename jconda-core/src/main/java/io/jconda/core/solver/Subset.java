package io.jconda.core.solver;

import java.util.BitSet;

/** Is a part of the candidates of a name; made once for each part that any requirement accepts. */
final class Subset {
  final Candidates candidates;
  final BitSet members;
  final int size;

  /** The variable that says that one of the members is chosen; -1 until there is one. */
  int needed = -1;

  /** The variable that says that none but the members is chosen; -1 until there is one. */
  int limited = -1;

  Subset(Candidates candidates, BitSet members) {
    this.candidates = candidates;
    this.members = members;
    this.size = members.cardinality();
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isAll() {
    return size == candidates.size();
  }
}

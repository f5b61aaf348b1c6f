package io.jconda.core.solver;

import io.jconda.solve.Optimality;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.List;

/** Is a set of packages that fulfils a request. Immutable. */
public final class Solution {
  private final List<PackageRecord> records;
  private final List<MatchSpec> requested;
  private final Optimality optimality;
  private final long conflicts;

  Solution(
      List<PackageRecord> records,
      List<MatchSpec> requested,
      Optimality optimality,
      long conflicts) {
    this.records = List.copyOf(records);
    this.requested = List.copyOf(requested);
    this.optimality = optimality;
    this.conflicts = conflicts;
  }

  /**
   * Returns all packages that are to be there, those that stay included, in the order in which they
   * are to be linked: what a package depends on stands before it, as {@link TopologicalOrder} says.
   * Virtual packages are left out.
   */
  public List<PackageRecord> records() {
    return records;
  }

  /**
   * Returns what is to be remembered as asked for by this request: its specs, or, where only their
   * dependencies were wanted, those.
   */
  public List<MatchSpec> requested() {
    return requested;
  }

  /** Returns whether it is proved that no other solution is better for what was asked for. */
  public Optimality optimality() {
    return optimality;
  }

  /** Returns how many dead ends the search met: a measure of how hard it was. */
  public long conflicts() {
    return conflicts;
  }
}

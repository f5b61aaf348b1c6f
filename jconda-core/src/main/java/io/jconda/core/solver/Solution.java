package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import java.util.List;

/** Is a set of packages that fulfils a request. Immutable. */
public final class Solution {
  private final List<PackageRecord> records;

  Solution(List<PackageRecord> records) {
    this.records = List.copyOf(records);
  }

  /**
   * Returns all packages that are to be there, those that stay included, in the order in which they
   * are to be linked: what a package depends on stands before it, as {@link TopologicalOrder} says.
   * Virtual packages are left out.
   */
  public List<PackageRecord> records() {
    return records;
  }
}

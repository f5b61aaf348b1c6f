package io.jconda.solve;

import io.jconda.spec.PackageRecord;
import java.time.Duration;
import java.util.List;

/**
 * Is what a solve came to, without an environment that it is for. Immutable.
 *
 * @param records all packages that are to be there, in the order in which they are to be linked
 * @param optimality whether it is proved that no other solution is better for what was asked for
 * @param elapsed how long the solve alone took, without reading any file
 */
public record SolveResult(List<PackageRecord> records, Optimality optimality, Duration elapsed) {
  /** Copies the list. */
  public SolveResult {
    records = List.copyOf(records);
  }
}

package io.jconda.cache;

import io.jconda.spec.PackageRecord;
import java.util.List;

/**
 * Tells what was removed from a store, or with a dry run would be.
 *
 * @param dryRun whether nothing was removed
 * @param packages the packages
 * @param files how many files of theirs, and of packages that went earlier
 * @param archives how many kept archives
 * @param leftovers how many remains of processes that were killed
 * @param bytes how large all that is
 * @param freedBytes how much of it no environment shares, so that the disk has it back; the same as
 *     {@code bytes} where the file system does not tell
 * @param problems what could not be removed, one sentence each
 */
public record CleanReport(
    boolean dryRun,
    List<PackageRecord> packages,
    long files,
    int archives,
    int leftovers,
    long bytes,
    long freedBytes,
    List<String> problems) {
  /** Copies the lists. */
  public CleanReport {
    packages = List.copyOf(packages);
    problems = List.copyOf(problems);
  }

  /** Tells whether there was nothing to remove. */
  public boolean isEmpty() {
    return packages.isEmpty() && files == 0 && archives == 0 && leftovers == 0;
  }
}

package io.jconda.cache;

import java.util.List;

/**
 * Tells what verifying a store found.
 *
 * @param packages how many packages were verified
 * @param files how many files of theirs were read, each content once
 * @param bytes how large these are
 * @param damages what was not as it should be, by package and path
 */
public record VerifyReport(int packages, long files, long bytes, List<Damage> damages) {
  /** Copies the list. */
  public VerifyReport {
    damages = List.copyOf(damages);
  }

  /** Tells whether everything is sound now: nothing was damaged, or all of it was repaired. */
  public boolean isSound() {
    return damages.stream().allMatch(Damage::repaired);
  }

  /**
   * Is a file that was damaged or missing.
   *
   * @param fileName the name of the package's archive
   * @param path the file's path in the package; of a content that several packages have, the first
   * @param repaired whether it is in place again
   * @param problem what was wrong with it, and why it could not be had again if it was not
   */
  public record Damage(String fileName, String path, boolean repaired, String problem) {}
}

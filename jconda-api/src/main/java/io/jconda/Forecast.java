package io.jconda;

import java.util.List;

/**
 * Says what applying a {@link Plan} would cost, as far as that is known when it is made: of
 * packages that are in the cache every file is known, of the others only the size of the archive.
 * Immutable.
 */
public final class Forecast {
  private final List<OfPackage> packages;

  private Forecast(List<OfPackage> packages) {
    this.packages = List.copyOf(packages);
  }

  /** Makes one; for JConda itself and for tests. */
  public static Forecast of(List<OfPackage> packages) {
    return new Forecast(packages);
  }

  /**
   * Says what one package would cost.
   *
   * @param distName the package, as {@code name-version-build}
   * @param inCache whether it is in the cache; if not, its files are not known and the lists are
   *     empty
   * @param bytesToFetch how many bytes of it would be downloaded; 0 too if the index does not say
   * @param bytesToWrite how many bytes would be written into the environment; hard links write none
   * @param linked the files that would come by hard link, relative to the prefix
   * @param copied the files that would come by copy, or be written with the prefix in them
   */
  public record OfPackage(
      String distName,
      boolean inCache,
      long bytesToFetch,
      long bytesToWrite,
      List<String> linked,
      List<String> copied) {
    /** Makes one with lists of its own. */
    public OfPackage {
      linked = List.copyOf(linked);
      copied = List.copyOf(copied);
    }
  }

  /** Returns what each package would cost, in the order of linking. */
  public List<OfPackage> packages() {
    return packages;
  }

  /** Tells whether every package is in the cache, so that every file is known. */
  public boolean isComplete() {
    return packages.stream().allMatch(OfPackage::inCache);
  }

  /** Returns how many bytes would be downloaded. */
  public long bytesToFetch() {
    return packages.stream().mapToLong(OfPackage::bytesToFetch).sum();
  }

  /** Returns how many bytes would be written into the environment, as far as that is known. */
  public long bytesToWrite() {
    return packages.stream().mapToLong(OfPackage::bytesToWrite).sum();
  }

  /** Returns how many files would come by hard link, as far as that is known. */
  public int filesToLink() {
    return packages.stream().mapToInt(one -> one.linked().size()).sum();
  }

  /** Returns how many files would be copied or written, as far as that is known. */
  public int filesToCopy() {
    return packages.stream().mapToInt(one -> one.copied().size()).sum();
  }

  /** Returns one line with the sums. */
  @Override
  public String toString() {
    long absent = packages.stream().filter(one -> !one.inCache()).count();
    String known =
        "%d files by hard link, %d by copy, %.1f MB to write"
            .formatted(filesToLink(), filesToCopy(), bytesToWrite() / 1e6);
    return absent == 0
        ? known + ", nothing to fetch"
        : "%s; %d packages to fetch, %.1f MB, whose files are not known yet"
            .formatted(known, absent, bytesToFetch() / 1e6);
  }
}

package io.jconda.build;

import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** States what a copy of channels to a folder would do. Immutable. */
public final class MirrorPlan {
  private final Path folder;
  private final List<Platform> platforms;
  private final List<PackageRecord> records;
  private final List<PackageRecord> toFetch;
  private final List<String> toRemove;

  /**
   * Makes a plan; for JConda itself.
   *
   * @param folder where to copy to
   * @param platforms what for
   * @param records all that is asked for
   * @param toFetch those of them that the folder does not have, or not right
   * @param toRemove the archives that leave the folder, as {@code subdir/file name}
   */
  public MirrorPlan(
      Path folder,
      List<Platform> platforms,
      List<PackageRecord> records,
      List<PackageRecord> toFetch,
      List<String> toRemove) {
    this.folder = folder;
    this.platforms = List.copyOf(platforms);
    this.records = List.copyOf(records);
    this.toFetch = List.copyOf(toFetch);
    this.toRemove = List.copyOf(toRemove);
  }

  /** Returns where to copy to. */
  public Path folder() {
    return folder;
  }

  /** Returns the platforms to copy for. */
  public List<Platform> platforms() {
    return platforms;
  }

  /** Returns all that is asked for, by subdir and file name. */
  public List<PackageRecord> records() {
    return records;
  }

  /** Returns those of {@link #records()} that the folder does not have, or not right. */
  public List<PackageRecord> toFetch() {
    return toFetch;
  }

  /** Returns the archives that leave the folder, as {@code subdir/file name}. */
  public List<String> toRemove() {
    return toRemove;
  }

  /** Returns the size of all that is asked for, in bytes; what has no size in its index is 0. */
  public long bytes() {
    return bytes(records);
  }

  /** Returns how much is to be fetched, in bytes; what has no size in its index is 0. */
  public long bytesToFetch() {
    return bytes(toFetch);
  }

  private static long bytes(List<PackageRecord> records) {
    return records.stream().mapToLong(record -> record.size().orElse(0)).sum();
  }

  /** Returns counts and sizes, a line for each subdir. */
  @Override
  public String toString() {
    Map<String, long[]> subdirs = new TreeMap<>();
    for (PackageRecord record : records) {
      count(subdirs, record, 0);
    }
    for (PackageRecord record : toFetch) {
      count(subdirs, record, 2);
    }
    List<String> lines = new ArrayList<>();
    lines.add("Copy to " + folder);
    subdirs.forEach(
        (subdir, sums) ->
            lines.add(
                "  %-16s %6d packages %12s, to fetch %6d %12s"
                    .formatted(subdir, sums[0], megabytes(sums[1]), sums[2], megabytes(sums[3]))));
    if (!toRemove.isEmpty()) {
      lines.add("  to remove %d archives".formatted(toRemove.size()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void count(Map<String, long[]> subdirs, PackageRecord record, int at) {
    long[] sums = subdirs.computeIfAbsent(record.subdir(), subdir -> new long[4]);
    sums[at]++;
    sums[at + 1] += record.size().orElse(0);
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

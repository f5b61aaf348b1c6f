package io.jconda.core.archive;

import io.jconda.IntegrityException;
import java.util.function.LongSupplier;

/**
 * Bounds what an archive may unpack to: a few kilobytes can hold terabytes of zeros, or millions of
 * empty files.
 *
 * <p>Real packages unpack to some ten times their size, static libraries and test data to a hundred
 * times. What comes to more than a thousand times of what was read of the archive so far, a first
 * quarter of a gigabyte aside, is a bomb.
 */
final class Expansion {
  private static final long FREE = 256L << 20;
  private static final long MOST_TIMES = 1000;

  /** The largest packages have some 100,000; each costs an inode, and memory. */
  private static final int MOST_ENTRIES = 1_000_000;

  private final String archiveName;
  private final LongSupplier read;
  private long unpacked;
  private int entries;

  /**
   * Begins to count.
   *
   * @param read returns how many bytes of the archive have been read so far
   */
  Expansion(String archiveName, LongSupplier read) {
    this.archiveName = archiveName;
    this.read = read;
  }

  /**
   * Counts bytes that were unpacked.
   *
   * @throws IntegrityException if they are too many
   */
  void add(long bytes) {
    unpacked += bytes;
    long archive = read.getAsLong();
    if (unpacked > FREE + MOST_TIMES * archive) {
      throw refuse(
          "the first %d bytes of it unpack to more than %d MiB".formatted(archive, unpacked >> 20));
    }
  }

  /**
   * Counts one entry of a tarball.
   *
   * @throws IntegrityException if they are too many
   */
  void addEntry() {
    if (++entries > MOST_ENTRIES) {
      throw refuse("it has more than %d entries".formatted(MOST_ENTRIES));
    }
  }

  private IntegrityException refuse(String why) {
    return new IntegrityException(
        "The package %s is refused: %s, as no package does.".formatted(archiveName, why),
        "Do not use it, and tell who serves it.");
  }
}

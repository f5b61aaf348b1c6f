package io.jconda.cache;

import io.jconda.CheckReturnValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says what a cleaning removes. Immutable: every method returns a new value.
 *
 * <p>What killed processes left, and files and archives that no package has, always go. Packages
 * that no environment has go too, unless an option spares them; a package that an environment has
 * always stays.
 */
public final class CleanOptions {
  private static final CleanOptions DEFAULTS = new CleanOptions(true, null, null, false, false);

  private final boolean packages;
  private final @Nullable Duration unusedFor;
  private final @Nullable Long maxBytes;
  private final boolean archives;
  private final boolean dryRun;

  private CleanOptions(
      boolean packages,
      @Nullable Duration unusedFor,
      @Nullable Long maxBytes,
      boolean archives,
      boolean dryRun) {
    this.packages = packages;
    this.unusedFor = unusedFor;
    this.maxBytes = maxBytes;
    this.archives = archives;
    this.dryRun = dryRun;
  }

  /** Returns options that remove every package that no environment has. */
  public static CleanOptions defaults() {
    return DEFAULTS;
  }

  /** Sets whether packages go at all; without them only leftovers do. */
  @CheckReturnValue
  public CleanOptions packages(boolean remove) {
    return new CleanOptions(remove, unusedFor, maxBytes, archives, dryRun);
  }

  /**
   * Spares packages that an operation asked for not so long ago.
   *
   * @param time how long nobody must have asked for a package; days, not seconds, are told apart
   * @throws IllegalArgumentException if it is negative
   */
  @CheckReturnValue
  public CleanOptions unusedFor(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("A package cannot be unused for " + time + ".");
    }
    return new CleanOptions(packages, time, maxBytes, archives, dryRun);
  }

  /**
   * Removes no more packages than needed for the store's files to fit into a size, those first that
   * nobody has asked for the longest. Together with {@link #unusedFor(Duration)} those that are old
   * enough go in any case, and then as many more as needed.
   *
   * @param bytes the size; 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  @CheckReturnValue
  public CleanOptions maxBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("A store cannot have " + bytes + " bytes.");
    }
    return new CleanOptions(packages, unusedFor, bytes, archives, dryRun);
  }

  /** Sets whether kept archives go, also those of packages that stay. */
  @CheckReturnValue
  public CleanOptions archives(boolean remove) {
    return new CleanOptions(packages, unusedFor, maxBytes, remove, dryRun);
  }

  /** Sets whether nothing is removed, and the report says what would be. */
  @CheckReturnValue
  public CleanOptions dryRun(boolean dryRun) {
    return new CleanOptions(packages, unusedFor, maxBytes, archives, dryRun);
  }

  /** Tells whether packages go. */
  public boolean removesPackages() {
    return packages;
  }

  /** Returns how long nobody must have asked for a package that goes. */
  public Optional<Duration> unusedFor() {
    return Optional.ofNullable(unusedFor);
  }

  /** Returns into what size the store's files shall fit, in bytes. */
  public OptionalLong maxBytes() {
    return maxBytes == null ? OptionalLong.empty() : OptionalLong.of(maxBytes);
  }

  /** Tells whether kept archives go. */
  public boolean removesArchives() {
    return archives;
  }

  /** Tells whether nothing is removed. */
  public boolean isDryRun() {
    return dryRun;
  }
}

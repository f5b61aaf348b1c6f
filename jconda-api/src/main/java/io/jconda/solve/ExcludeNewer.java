package io.jconda.solve;

import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shuts out packages that are newer than a time, so that a solve gives tomorrow what it gives
 * today, or so that others meet a fresh release first.
 *
 * <p>A time for a package counts before one for a channel, and that before the one for everything.
 * A record's time is when the channel took it in ({@code indexed_timestamp}, CEP-47), else when it
 * was built ({@code timestamp}); a record without any is shut out, unless {@link #keepUndated} says
 * otherwise. Virtual, installed and locked packages are never shut out. Immutable, no I/O.
 */
public final class ExcludeNewer {
  private static final ExcludeNewer NOTHING = new ExcludeNewer(null, Map.of(), Map.of(), false);

  private final @Nullable Instant cutoff;
  private final Map<Channel, Instant> channels;
  private final Map<String, Instant> packages;
  private final boolean keepUndated;

  private ExcludeNewer(
      @Nullable Instant cutoff,
      Map<Channel, Instant> channels,
      Map<String, Instant> packages,
      boolean keepUndated) {
    this.cutoff = cutoff;
    this.channels = channels;
    this.packages = packages;
    this.keepUndated = keepUndated;
  }

  /** Shuts out nothing. */
  public static ExcludeNewer nothing() {
    return NOTHING;
  }

  /** Shuts out what is newer than a time. What is exactly as old stays. */
  public static ExcludeNewer than(Instant cutoff) {
    return new ExcludeNewer(cutoff, Map.of(), Map.of(), false);
  }

  /** Sets another time for what a channel has; {@link Instant#MAX} lets all of it in. */
  public ExcludeNewer inChannel(Channel channel, Instant channelCutoff) {
    return new ExcludeNewer(cutoff, plus(channels, channel, channelCutoff), packages, keepUndated);
  }

  /** Sets another time for a package of any channel; {@link Instant#MAX} lets all of it in. */
  public ExcludeNewer ofPackage(String name, Instant packageCutoff) {
    String lower = name.toLowerCase(Locale.ROOT);
    return new ExcludeNewer(cutoff, channels, plus(packages, lower, packageCutoff), keepUndated);
  }

  /** Sets whether a record that has no time stays; it does not if this is not called. */
  public ExcludeNewer keepUndated(boolean keep) {
    return new ExcludeNewer(cutoff, channels, packages, keep);
  }

  private static <K> Map<K, Instant> plus(Map<K, Instant> map, K key, Instant value) {
    Map<K, Instant> copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return Collections.unmodifiableMap(copy);
  }

  /** Returns the time for everything that no other one is set for; empty if all of that stays. */
  public Optional<Instant> cutoff() {
    return Optional.ofNullable(cutoff);
  }

  /** Returns the times for single channels. */
  public Map<Channel, Instant> channels() {
    return channels;
  }

  /** Returns the times for single packages, by name. */
  public Map<String, Instant> packages() {
    return packages;
  }

  /** Tells whether a record that has no time stays. */
  public boolean keepsUndated() {
    return keepUndated;
  }

  /** Returns the time that counts for a record; empty if it stays whatever its own is. */
  public Optional<Instant> cutoff(PackageRecord record) {
    Instant own = packages.get(record.name());
    for (Map.Entry<Channel, Instant> entry : channels.entrySet()) {
      if (own == null
          && MatchSpec.builder(record.name()).channel(entry.getKey()).build().matches(record)) {
        own = entry.getValue();
      }
    }
    return Optional.ofNullable(own == null ? cutoff : own)
        .filter(time -> !time.equals(Instant.MAX));
  }

  /** Returns the time that a record is judged by: when it was indexed, else when it was built. */
  public static Optional<Instant> timeOf(PackageRecord record) {
    return record.indexedTimestamp().or(record::timestamp);
  }

  /** Tells whether a record is shut out. */
  public boolean excludes(PackageRecord record) {
    Optional<Instant> limit = cutoff(record);
    return limit.isPresent()
        && timeOf(record).map(time -> time.isAfter(limit.get())).orElse(!keepUndated);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExcludeNewer that
        && Objects.equals(cutoff, that.cutoff)
        && channels.equals(that.channels)
        && packages.equals(that.packages)
        && keepUndated == that.keepUndated;
  }

  @Override
  public int hashCode() {
    return Objects.hash(cutoff, channels, packages, keepUndated);
  }

  /** Returns the times on one line. */
  @Override
  public String toString() {
    return "ExcludeNewer[" + cutoff + ", " + channels + ", " + packages + ", " + keepUndated + "]";
  }
}

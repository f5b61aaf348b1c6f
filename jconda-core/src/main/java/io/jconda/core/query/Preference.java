package io.jconda.core.query;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Says which records of a name come first for people who look at one package by itself. */
final class Preference {
  /** The newest last: version, build number, time, and then what makes it one answer. */
  static final Comparator<PackageRecord> BY_AGE =
      Comparator.comparing(PackageRecord::version)
          .thenComparing(PackageRecord::buildNumber)
          .thenComparing(record -> record.timestamp().orElse(Instant.MIN))
          .thenComparing(record -> record.fileName().endsWith(".conda"))
          .thenComparing(PackageRecord::build)
          .thenComparing(PackageRecord::channel)
          .thenComparing(PackageRecord::subdir)
          .thenComparing(PackageRecord::fileName);

  /** The best last: a record without track_features before one with, then the newest. */
  private static final Comparator<PackageRecord> BY_WORTH =
      Comparator.comparing((PackageRecord record) -> record.trackFeatures().isEmpty())
          .thenComparing(BY_AGE);

  private Preference() {}

  /**
   * Returns the best record of a name that a spec and a further condition accept. As under strict
   * priority, only the first channel that has the name counts, unless the spec names a channel.
   */
  static Optional<PackageRecord> best(
      PackageSource source, String name, MatchSpec spec, Predicate<PackageRecord> further) {
    List<PackageRecord> records = source.records(name);
    boolean anyChannel = spec.channel().isPresent();
    int rank = records.stream().mapToInt(source::channelRank).min().orElse(0);
    return records.stream()
        .filter(record -> anyChannel || source.channelRank(record) == rank)
        .filter(spec::matches)
        .filter(further)
        .max(BY_WORTH);
  }
}

package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Is a source that knows what an earlier solve asked. Immutable. */
final class KnownRecords implements RecordSource {
  private final Map<String, List<PackageRecord>> records = new TreeMap<>();
  private final Map<String, Integer> ranks;
  private final Optional<Collection<String>> names;
  private final int behindTheLast;

  /**
   * Copies what is known.
   *
   * @param records by name
   * @param ranks of channels, by what records call them
   * @param names all names that there are records of; empty if they were not asked for
   */
  KnownRecords(
      Map<String, List<PackageRecord>> records,
      Map<String, Integer> ranks,
      Optional<? extends Collection<String>> names) {
    records.forEach((name, all) -> this.records.put(name, List.copyOf(all)));
    this.ranks = Collections.unmodifiableMap(new TreeMap<>(ranks));
    this.names = names.map(all -> Collections.unmodifiableSortedSet(new TreeSet<>(all)));
    this.behindTheLast = ranks.values().stream().mapToInt(rank -> rank + 1).max().orElse(0);
  }

  Map<String, List<PackageRecord>> records() {
    return Collections.unmodifiableMap(records);
  }

  Map<String, Integer> ranks() {
    return ranks;
  }

  Optional<Collection<String>> askedNames() {
    return names;
  }

  @Override
  public List<PackageRecord> records(String name) {
    return records.getOrDefault(name, List.of());
  }

  @Override
  public int channelRank(PackageRecord record) {
    return ranks.getOrDefault(record.channel(), behindTheLast);
  }

  @Override
  public Collection<String> names() {
    return names.orElse(records.keySet());
  }
}

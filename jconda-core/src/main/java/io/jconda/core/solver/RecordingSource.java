package io.jconda.core.solver;

import io.jconda.core.repodata.StandaloneRecord;
import io.jconda.spec.PackageRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a solve asks another source, so that the solve can be repeated without it. Not
 * safe to share between threads.
 */
public final class RecordingSource implements RecordSource {
  private final RecordSource source;
  private final Map<String, List<PackageRecord>> records = new TreeMap<>();
  private final Map<String, Integer> ranks = new TreeMap<>();
  private @Nullable Collection<String> names;

  /**
   * Starts with nothing remembered.
   *
   * @param source what is asked
   */
  public RecordingSource(RecordSource source) {
    this.source = source;
  }

  @Override
  public List<PackageRecord> records(String name) {
    return records.computeIfAbsent(name, source::records);
  }

  @Override
  public int channelRank(PackageRecord record) {
    int rank = source.channelRank(record);
    ranks.put(StandaloneRecord.withoutSecrets(record.channel()), rank);
    return rank;
  }

  @Override
  public Collection<String> names() {
    if (names == null) {
      names = source.names();
    }
    return names;
  }

  /**
   * Returns a request with what was asked since this source was made: all that the same solve will
   * ask again.
   */
  public Problem problem(SolveRequest request) {
    return new Problem(request, new KnownRecords(records, ranks, Optional.ofNullable(names)));
  }
}

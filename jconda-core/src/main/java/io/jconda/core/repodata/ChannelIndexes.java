package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the indexes of some channels for one operation; parses only the records that are asked for,
 * each once. Thread-safe.
 */
public final class ChannelIndexes implements AutoCloseable {
  private final List<LoadedSubdir> loaded;
  private final Map<String, Integer> ranks = new ConcurrentHashMap<>();
  private final OperationContext context;
  private final RecordLoads loads;

  List<LoadedSubdir> loaded() {
    return loaded;
  }

  ChannelIndexes(List<Channel> channels, List<LoadedSubdir> loaded, OperationContext context) {
    this.loaded = List.copyOf(loaded);
    this.context = context;
    this.loads = new RecordLoads(this.loaded, context);
    for (Channel channel : channels) {
      ranks.putIfAbsent(channel.name(), ranks.size());
    }
  }

  /**
   * Returns all records of a name: channels in the order of their rank, in each first the native
   * subdir and then noarch, in each as the index has them. A record that is of no use is left out,
   * with a warning.
   *
   * <p>Blocks for reading the cache, and where a channel has its index in shards, for the network.
   * Offline, records that are not in the cache are left out with a warning; {@link #missing()}
   * tells.
   *
   * @param name a package's name, in any case
   * @throws ChannelException if the cached index cannot be read any more, or a shard not be fetched
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  public List<PackageRecord> records(String name) {
    context.checkpoint();
    return loads.records(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns what {@link #records} does, without keeping it and without a warning: for whoever goes
   * through all names of an index, whose records together may be too many for the memory.
   *
   * @param name a package's name, in any case
   * @throws ChannelException if the cached index cannot be read any more
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  public List<PackageRecord> recordsOnce(String name) {
    context.checkpoint();
    return loads.once(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Begins to load the records of names that will be asked for, of those that they depend on, and
   * so on, on threads of its own, which {@link #close()} ends. Does not block, and does nothing
   * where no index is in shards: other indexes are at hand.
   *
   * <p>Changes no answer of {@link #records}, only how soon it is there: what cannot be fetched is
   * no failure until it is asked for.
   *
   * @param specs what is wanted; records that do not match are not followed
   */
  public void follow(Collection<MatchSpec> specs) {
    for (LoadedSubdir one : loaded) {
      if (one.index() instanceof ShardedIndex) {
        loads.follow(specs);
        return;
      }
    }
  }

  /** Returns the names asked for so far whose records were left out because of {@code offline}. */
  public Set<String> missing() {
    return loads.missing();
  }

  /**
   * Tells whether a cached index turned out to be damaged while it was read; loading it once more
   * makes it anew.
   */
  public boolean areDamaged() {
    return loaded.stream()
        .anyMatch(one -> one.index() instanceof CompactIndex index && index.isDamaged());
  }

  /** Returns all names that the indexes have records of, sorted. */
  public Collection<String> names() {
    TreeSet<String> names = new TreeSet<>();
    loaded.forEach(one -> names.addAll(one.index().names()));
    return Collections.unmodifiableSortedSet(names);
  }

  /** Returns the channels, highest priority first, with {@code defaults} and its like expanded. */
  public List<String> channels() {
    return ranks.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Returns the rank of the channel that a record is from: 0 for the first of those that were asked
   * for, and behind the last for a channel that was not, as what is installed may be from one.
   */
  public int channelRank(PackageRecord record) {
    return ranks.getOrDefault(record.channel(), ranks.size());
  }

  /** Ends what {@link #follow} began; what was loaded stays. Needed by nobody who did not. */
  @Override
  public void close() {
    loads.close();
  }
}

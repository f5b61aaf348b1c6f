package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the indexes of some channels for one operation; parses only the records that are asked for,
 * each once. Thread-safe.
 */
public final class ChannelIndexes {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelIndexes.class);

  /**
   * Is the index of one subdir.
   *
   * @param archives where its archives lie, with a slash at the end
   */
  record Loaded(Subdir subdir, CompactIndex index, String archives) {}

  private final List<Loaded> loaded;
  private final Map<String, Integer> ranks = new ConcurrentHashMap<>();
  private final Map<String, List<PackageRecord>> parsed = new ConcurrentHashMap<>();
  private final OperationContext context;

  ChannelIndexes(List<Channel> channels, List<Loaded> loaded, OperationContext context) {
    this.loaded = List.copyOf(loaded);
    this.context = context;
    for (Channel channel : channels) {
      ranks.putIfAbsent(channel.name(), ranks.size());
    }
  }

  /**
   * Returns all records of a name: channels in the order of their rank, in each first the native
   * subdir and then noarch, in each as the index has them. A record that is of no use is left out,
   * with a warning.
   *
   * <p>Blocks for reading the cache, not for the network.
   *
   * @param name a package's name, in any case
   * @throws ChannelException if the cached index cannot be read any more
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  public List<PackageRecord> records(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    List<PackageRecord> known = parsed.get(key);
    if (known != null) {
      return known;
    }
    context.checkpoint();
    List<PackageRecord> records = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Loaded one : loaded) {
      read(one, key, records, warnings);
    }
    List<PackageRecord> result = List.copyOf(records);
    List<PackageRecord> earlier = parsed.putIfAbsent(key, result);
    if (earlier != null) {
      return earlier;
    }
    warnings.forEach(context.events()::warn);
    return result;
  }

  private static void read(
      Loaded from, String name, List<PackageRecord> records, List<String> warnings) {
    Subdir subdir = from.subdir();
    String channel = subdir.channel().name();
    try {
      for (IndexEntry entry : from.index().entries(name)) {
        try {
          records.add(
              RecordParser.parse(
                  entry,
                  channel,
                  subdir.platform().subdir(),
                  fileName -> from.archives() + Subdir.encode(fileName)));
        } catch (RecordParser.BadRecordException e) {
          LOG.debug("A record is left out.", e);
          warnings.add(
              "The record of %s in %s is left out: %s. Tell the owner of the channel."
                  .formatted(printable(entry.fileName()), subdir, e.getMessage()));
        }
      }
    } catch (IOException e) {
      throw new ChannelException(
          "Channel %s: its index for %s cannot be read from the cache any more (%s)."
              .formatted(channel, subdir.platform(), e.getMessage()),
          "Try again; it will be loaded anew.",
          e);
    }
  }

  private static String printable(String fileName) {
    return fileName.replaceAll("\\p{Cntrl}", "?");
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
}

package io.jconda.core.query;

import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Gives records name by name: those of channels for one platform, or a list of them. */
public interface PackageSource {
  /**
   * Returns all records of a name.
   *
   * @param name a package's name, in lower case
   */
  List<PackageRecord> records(String name);

  /** Returns what {@link #records} does, for one look and not for more to come. */
  default List<PackageRecord> recordsOnce(String name) {
    return records(name);
  }

  /** Returns all names that there are records of. */
  Collection<String> names();

  /** Returns the rank of the channel that a record is of: 0 for the one of highest priority. */
  int channelRank(PackageRecord record);

  /** Makes a source of loaded indexes. */
  static PackageSource of(ChannelIndexes indexes) {
    return new PackageSource() {
      @Override
      public List<PackageRecord> records(String name) {
        return indexes.records(name);
      }

      @Override
      public List<PackageRecord> recordsOnce(String name) {
        return indexes.recordsOnce(name);
      }

      @Override
      public Collection<String> names() {
        return indexes.names();
      }

      @Override
      public int channelRank(PackageRecord record) {
        return indexes.channelRank(record);
      }
    };
  }

  /** Makes a source of records that are all of one rank: what is installed, or a solution. */
  static PackageSource of(List<PackageRecord> records) {
    Map<String, List<PackageRecord>> byName = new TreeMap<>();
    for (PackageRecord record : records) {
      byName
          .computeIfAbsent(record.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(record);
    }
    return new PackageSource() {
      @Override
      public List<PackageRecord> records(String name) {
        return byName.getOrDefault(name, List.of());
      }

      @Override
      public Collection<String> names() {
        return byName.keySet();
      }

      @Override
      public int channelRank(PackageRecord record) {
        return 0;
      }
    };
  }
}

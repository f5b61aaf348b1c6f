package io.jconda.core.repodata;

import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Loads a channel's index in a JVM of its own, a number of times, each time asking the server; says
 * of each time how many names there are, how many records, and of which versions.
 */
final class IndexingChild {
  private IndexingChild() {}

  /**
   * Takes the root, the channel's URL, how often, and whose records are wanted ({@code *}: all).
   */
  public static void main(String[] arguments) {
    Settings settings = Settings.builder().root(Path.of(arguments[0])).build();
    try (Network network = new Network(NetworkSettings.defaults())) {
      for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
        ChannelIndexes indexes =
            new Repodata(network, settings, Disk.real())
                .load(
                    List.of(Channel.of(arguments[1])), Platform.NOARCH, OperationContext.silent());
        System.out.println(described(indexes, arguments[3]));
      }
    }
  }

  private static String described(ChannelIndexes indexes, String wanted) {
    int records = 0;
    Set<String> versions = new TreeSet<>();
    for (String name : wanted.equals("*") ? indexes.names() : List.of(wanted)) {
      for (PackageRecord record : indexes.records(name)) {
        records++;
        versions.add(record.version().toString());
      }
    }
    return "%d names, %d records %s".formatted(indexes.names().size(), records, versions);
  }
}

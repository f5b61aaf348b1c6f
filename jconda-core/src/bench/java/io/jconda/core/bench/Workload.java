package io.jconda.core.bench;

import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** Makes the requests that are measured, and loads what they are asked of. */
final class Workload {
  static final List<String> JUPYTERLAB =
      List.of("python", "numpy", "pandas", "scikit-learn", "jupyterlab");

  private static final long SEED = 2026;
  private static final int MOST_NAMES = 10;

  private Workload() {}

  /** The machine that the requests are for, the same for every solver. */
  static List<PackageRecord> machine() {
    return List.of(
        PackageRecord.builder("__glibc", "2.36", "0").build(),
        PackageRecord.builder("__cuda", "12.4", "0").build(),
        PackageRecord.builder("__linux", "6.1.0", "0").build(),
        PackageRecord.builder("__unix", "0", "0").build(),
        PackageRecord.builder("__archspec", "1", "x86_64_v3").build());
  }

  static SolveRequest request(List<String> specs) {
    return SolveRequest.builder()
        .specs(specs.stream().map(MatchSpec::parse).toList())
        .virtualPackages(machine())
        .build();
  }

  /** Draws requests of 1 to 10 names; the same ones each time. */
  static List<List<String>> random(RecordSource source, int count) {
    Random random = new Random(SEED);
    List<String> names = source.names().stream().sorted().toList();
    List<List<String>> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> specs = new ArrayList<>();
      int size = 1 + random.nextInt(MOST_NAMES);
      while (specs.size() < size) {
        String name = names.get(random.nextInt(names.size()));
        if (!specs.contains(name)) {
          specs.add(name);
        }
      }
      requests.add(specs);
    }
    return requests;
  }

  /** Loads the index of a channel's folder as the library does. */
  static RecordSource load(Path channel, Path root) {
    Settings settings = Settings.builder().root(root).build();
    try (Network network = new Network(NetworkSettings.defaults())) {
      return new Indexed(
          new Repodata(network.offline(true), settings, Disk.real())
              .load(
                  List.of(Channel.of(channel)),
                  Platform.of("linux-64"),
                  OperationContext.silent()));
    }
  }

  private record Indexed(ChannelIndexes indexes) implements RecordSource {
    @Override
    public List<PackageRecord> records(String name) {
      return indexes.records(name);
    }

    @Override
    public int channelRank(PackageRecord record) {
      return indexes.channelRank(record);
    }

    @Override
    public Collection<String> names() {
      return indexes.names();
    }
  }
}

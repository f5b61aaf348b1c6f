package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jconda.CondaException;
import io.jconda.core.Fixtures;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serves a real index whole and in shards, and wants the same of both. */
@SuppressWarnings("NullAway.Init")
class ShardsDifferentialTest {
  private static final List<PackageRecord> MACHINE =
      List.of(
          PackageRecord.builder("__glibc", "2.36", "0").build(),
          PackageRecord.builder("__linux", "6.1.0", "0").build(),
          PackageRecord.builder("__unix", "0", "0").build(),
          PackageRecord.builder("__archspec", "1", "x86_64_v3").build());

  @TempDir static Path folder;
  private static FileServer server;
  private static Network network;
  private static Repodata sharded;
  private static Repodata whole;

  @BeforeAll
  static void serve() throws IOException {
    ShardedChannel.write(Fixtures.of("repodata/conda-forge-2026"), folder.resolve("channel"), 1);
    server = new FileServer(folder.resolve("channel"));
    network = new Network(NetworkSettings.defaults());
    Settings settings = Settings.builder().root(folder.resolve("root")).build();
    sharded = new Repodata(network, settings, Disk.real());
    whole = sharded.forms(false, true);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      network.close();
      server.close();
    }
  }

  private static ChannelIndexes load(Repodata repodata) {
    return repodata.load(
        List.of(Channel.of(server.url())), Platform.LINUX_64, OperationContext.silent());
  }

  @Test
  void everyRecordOfEveryNameIsTheSame() throws IOException {
    try (ChannelIndexes ours = load(sharded);
        ChannelIndexes theirs = load(whole)) {
      assertThat(ours.names()).hasSizeGreaterThan(1_500).containsExactlyElementsOf(theirs.names());
      for (String name : theirs.names()) {
        assertThat(texts(ours.records(name))).isEqualTo(texts(theirs.records(name)));
      }
    }
  }

  private static Set<String> texts(List<PackageRecord> records) throws IOException {
    Set<String> texts = new TreeSet<>();
    for (PackageRecord record : records) {
      StringWriter text = new StringWriter();
      try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
        StandaloneRecord.write(record, out);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void randomRequestsHaveTheSameSolutions() {
    long seed = new Random().nextLong();
    System.out.println("seed of randomRequestsHaveTheSameSolutions: " + seed);
    Random random = new Random(seed);
    int solved = 0;
    try (ChannelIndexes theirs = load(whole)) {
      List<String> names = List.copyOf(theirs.names());
      for (int round = 0; round < 40; round++) {
        List<MatchSpec> specs = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
          specs.add(spec(names.get(random.nextInt(names.size())), theirs, random));
        }
        String expected = solution(specs, theirs);
        try (ChannelIndexes ours = load(sharded)) {
          ours.follow(specs);
          assertThat(solution(specs, ours)).as("%s", specs).isEqualTo(expected);
        }
        solved += expected.startsWith("[") ? 1 : 0;
      }
    }
    assertThat(solved).isPositive();
  }

  /** Asks for a name, every other time for one of its versions and below. */
  private static MatchSpec spec(String name, ChannelIndexes indexes, Random random) {
    List<PackageRecord> records = indexes.records(name);
    String version = records.get(random.nextInt(records.size())).version().toString();
    return MatchSpec.parse(random.nextBoolean() ? name : name + "<=" + version);
  }

  private static String solution(List<MatchSpec> specs, ChannelIndexes indexes) {
    SolveRequest request = SolveRequest.builder().specs(specs).virtualPackages(MACHINE).build();
    try {
      return new Solver()
          .solve(request, new Indexed(indexes), OperationContext.silent()).records().stream()
              .map(PackageRecord::url)
              .sorted()
              .toList()
              .toString();
    } catch (CondaException e) {
      return "no solution: " + e.getMessage();
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

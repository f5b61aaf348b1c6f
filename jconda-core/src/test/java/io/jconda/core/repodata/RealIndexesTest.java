package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.Fixtures;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Channel;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealIndexesTest {
  @TempDir Path root;

  private final List<ProgressEvent> events = new ArrayList<>();

  private ChannelIndexes load(String fixture) {
    try (Network network = new Network(NetworkSettings.defaults())) {
      OperationContext context =
          new OperationContext(CancellationToken.create(), new Events(events::add));
      Settings settings = Settings.builder().root(root).build();
      return new Repodata(network, settings, Disk.real())
          .load(
              List.of(Channel.of(Fixtures.of("repodata/" + fixture))), Platform.LINUX_64, context);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "conda-forge-2026, 10182, 4545",
    "conda-forge-2024, 2709, 205",
    "defaults-2022, 7683, 1871"
  })
  void everyRecordOfEveryNameParses(String fixture, int nativeRecords, int noarchRecords) {
    ChannelIndexes indexes = load(fixture);

    int nativeCount = 0;
    int noarchCount = 0;
    Set<String> urls = new HashSet<>();
    for (String name : indexes.names()) {
      List<PackageRecord> records = indexes.records(name);
      assertThat(records).isNotEmpty();
      for (PackageRecord record : records) {
        assertThat(record.name()).isEqualTo(name);
        assertThat(record.md5()).isPresent();
        assertThat(record.fileName()).startsWith(name + "-");
        assertThat(urls.add(record.url())).isTrue();
        assertThat(indexes.channelRank(record)).isZero();
        if (record.subdir().equals("noarch")) {
          noarchCount++;
        } else {
          nativeCount++;
        }
      }
    }

    assertThat(nativeCount).isEqualTo(nativeRecords);
    assertThat(noarchCount).isEqualTo(noarchRecords);
    assertThat(events)
        .hasSize(2)
        .allSatisfy(event -> assertThat(event).isInstanceOf(ProgressEvent.IndexLoaded.class));
  }

  @Test
  void oneRecordSaysWhatTheIndexSays() {
    Path channel = Fixtures.of("repodata/conda-forge-2026");
    PackageRecord record =
        load("conda-forge-2026").records("7zip").stream()
            .filter(one -> one.fileName().equals("7zip-26.00-h171cf75_0.conda"))
            .findFirst()
            .orElseThrow();

    assertThat(record.version()).hasToString("26.00");
    assertThat(record.build()).isEqualTo("h171cf75_0");
    assertThat(record.buildNumber()).isZero();
    assertThat(record.depends())
        .containsExactly("libstdcxx >=14", "libgcc >=14", "__glibc >=2.17,<3.0.a0");
    assertThat(record.constrains()).containsExactly("7za ==999999999");
    assertThat(record.sha256())
        .hasValue("1171d3aa93e69d67fc530fd46a8f7186228a8351643f5d62f232d2891c80b794");
    assertThat(record.md5()).hasValue("59c5dcc4517ae352e35f4d584bb94e33");
    assertThat(record.size()).hasValue(1663226);
    assertThat(record.timestamp().orElseThrow().toEpochMilli()).isEqualTo(1770917385576L);
    assertThat(record.noarch()).isEmpty();
    assertThat(record.channel()).isEqualTo(Channel.of(channel).name());
    assertThat(record.url())
        .isEqualTo(Channel.of(channel).name() + "/linux-64/7zip-26.00-h171cf75_0.conda");
  }

  @Test
  void theOldTrueOfNoarchIsGeneric() {
    ChannelIndexes indexes = load("defaults-2022");

    assertThat(
            indexes.names().stream()
                .flatMap(name -> indexes.records(name).stream())
                .filter(record -> record.noarch().isPresent()))
        .hasSize(1788)
        .anyMatch(record -> record.noarch().get() == NoarchType.GENERIC);
  }
}

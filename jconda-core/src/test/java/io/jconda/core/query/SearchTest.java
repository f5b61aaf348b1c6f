package io.jconda.core.query;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.InvalidSpecException;
import io.jconda.OfflineException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.Fixtures;
import io.jconda.query.PackageQuery;
import io.jconda.query.SearchResult;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void open() {
    client = CondaClient.builder().root(folder.resolve("root")).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private PackageQuery real() {
    return client
        .query()
        .channel(Fixtures.of("repodata/conda-forge-2026").toString())
        .platform(Platform.LINUX_64);
  }

  private static List<String> truth(Predicate<SlowIndex.Entry> fits) throws IOException {
    return SlowIndex.read("conda-forge-2026").stream()
        .filter(fits)
        .map(entry -> entry.subdir() + "/" + entry.fileName())
        .sorted()
        .toList();
  }

  private static List<String> files(SearchResult result) {
    return result.records().stream()
        .map(record -> record.subdir() + "/" + record.fileName())
        .sorted()
        .toList();
  }

  private void make(Path channel, Platform platform, String name, String version) {
    PackageBuilder builder = PackageBuilder.of(name, version).file("share/" + name, version);
    if (platform == Platform.NOARCH) {
      builder.noarch(NoarchType.GENERIC).build(channel);
    } else {
      builder.platform(platform).build(channel);
    }
  }

  @Test
  void aGlobFindsWhatASlowReadOfARealIndexFinds() throws IOException {
    assertThat(files(real().search("*torch*")))
        .isNotEmpty()
        .isEqualTo(truth(entry -> entry.name().contains("torch")));
    assertThat(files(real().search("py*ml")))
        .isNotEmpty()
        .isEqualTo(truth(entry -> entry.name().matches("py.*ml")));
    assertThat(real().search("*").records()).hasSize(10182 + 4545);
  }

  @Test
  void aNameFindsItsRecordsAndNoOthers() throws IOException {
    assertThat(files(real().search("numpy")))
        .isNotEmpty()
        .isEqualTo(truth(entry -> entry.name().equals("numpy")));
  }

  @Test
  void aFullSpecFindsWhatItSays() throws IOException {
    Version least = Version.parse("1.20");
    assertThat(files(real().search("numpy>=1.20[build=*py39*]")))
        .isNotEmpty()
        .isEqualTo(
            truth(
                entry ->
                    entry.name().equals("numpy")
                        && entry.build().contains("py39")
                        && Version.parse(entry.version()).compareTo(least) >= 0));
    assertThat(files(real().search("*[subdir=noarch,license=MIT]")))
        .isNotEmpty()
        .isEqualTo(
            truth(
                entry ->
                    entry.subdir().equals("noarch")
                        && entry.json().path("license").asText().equals("MIT")));
  }

  @Test
  void severalSpecsFindEachRecordOnce() throws IOException {
    assertThat(files(real().search("numpy", "num*", "pip")))
        .isEqualTo(truth(entry -> entry.name().startsWith("num") || entry.name().equals("pip")));
  }

  @Test
  void theNewestComesLastAndIsTheNewest() {
    SearchResult result = real().search("python", "numpy");

    assertThat(result.byName().keySet()).containsExactly("numpy", "python");
    for (List<PackageRecord> group : result.byName().values()) {
      for (int i = 1; i < group.size(); i++) {
        int versions = group.get(i - 1).version().compareTo(group.get(i).version());
        assertThat(versions).isNotPositive();
        if (versions == 0) {
          assertThat(group.get(i - 1).buildNumber())
              .isLessThanOrEqualTo(group.get(i).buildNumber());
        }
      }
    }
    assertThat(result.newest())
        .allSatisfy(
            newest ->
                assertThat(result.byName().get(newest.name()))
                    .allSatisfy(
                        any -> assertThat(any.version()).isLessThanOrEqualTo(newest.version())));
    assertThat(result.records())
        .isEqualTo(
            result.byName().values().stream().flatMap(List::stream).collect(Collectors.toList()));
  }

  @Test
  void aChannelInTheSpecLeavesTheOthersOut() {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    make(one, Platform.NOARCH, "tool", "1.0");
    make(two, Platform.NOARCH, "tool", "2.0");
    ChannelIndexer.index(one);
    ChannelIndexer.index(two);
    PackageQuery both =
        client.query().channel(one.toString(), two.toString()).platform(Platform.LINUX_64);

    assertThat(both.search("tool").records()).hasSize(2);
    assertThat(both.search(one.toUri() + "::tool").records())
        .singleElement()
        .satisfies(record -> assertThat(record.version()).hasToString("1.0"));
    assertThat(both.search("tool=2").toString()).contains("two/noarch");
  }

  @Test
  void severalPlatformsShowTheirOwnAndNoarchOnce() {
    Path channel = folder.resolve("channel");
    make(channel, Platform.LINUX_64, "native", "1.0");
    make(channel, Platform.WIN_64, "native", "1.0");
    make(channel, Platform.OSX_ARM64, "native", "1.0");
    make(channel, Platform.NOARCH, "pure", "1.0");
    ChannelIndexer.index(channel);

    SearchResult result =
        client
            .query()
            .channel(channel.toString())
            .platform(Platform.LINUX_64, Platform.WIN_64)
            .search("*");

    assertThat(result.records())
        .extracting(PackageRecord::subdir)
        .containsExactly("linux-64", "win-64", "noarch");
  }

  @Test
  void whatIsNotThereIsAnEmptyResultWithNamesLikeIt() {
    SearchResult result = real().search("nunpy", "numpy>=999");

    assertThat(result.isEmpty()).isTrue();
    assertThat(result.unmatched().get(0).nearNames()).contains("numpy");
    assertThat(result.unmatched().get(1).nearNames()).containsExactly("numpy");
    assertThat(result.toString())
        .contains("Nothing fits 'nunpy'. There are: ")
        .contains("Nothing fits 'numpy>=999'. There are: numpy.");
    assertThat(real().search("zzz*").unmatched().get(0).nearNames()).isEmpty();
  }

  @Test
  void aPartOfANameBringsTheNamesThatHaveIt() {
    assertThat(real().search("scikit").unmatched().get(0).nearNames()).contains("scikit-learn");
  }

  @Test
  void theTableHasALineForEachRecord() {
    Path channel = folder.resolve("my channel");
    make(channel, Platform.NOARCH, "pure", "1.0");
    make(channel, Platform.NOARCH, "pure", "1.10");
    ChannelIndexer.index(channel);

    String table =
        client
            .query()
            .channel(channel.toString())
            .platform(Platform.LINUX_64)
            .search("*")
            .toString();

    assertThat(table.lines())
        .containsExactly(
            "Name  Version  Build  Channel",
            "pure  1.0      0      my%20channel/noarch",
            "pure  1.10     0      my%20channel/noarch");
    assertThat(real().search("*torch*").toString().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void aSpecThatCannotBeReadIsRefusedBeforeAnythingIsLoaded() {
    PackageQuery nowhere = client.query().channel(folder.resolve("absent").toString());
    assertThatThrownBy(() -> nowhere.search("numpy>=")).isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(nowhere::search).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChannelThatIsNotThereIsNamed() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> client.query().channel(absent.toString()).search("numpy"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(absent.toString());
  }

  @Test
  void offlineAsksNobody() {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try {
      server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(500)));
      PackageQuery query = client.query().channel(server.baseUrl() + "/c").offline(true);
      assertThatThrownBy(() -> query.search("numpy")).isInstanceOf(OfflineException.class);
      assertThat(server.getAllServeEvents()).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void aSearchCanBeCancelledAndEndsWhenItsTimeIsUp() {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try {
      server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200).withFixedDelay(60_000)));
      PackageQuery query = client.query().channel(server.baseUrl() + "/c");
      Operation<SearchResult> operation = query.searchAsync("numpy");
      assertThat(operation.cancel(true)).isTrue();
      assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
      assertThatThrownBy(() -> query.timeout(Duration.ofMillis(200)).search("numpy"))
          .isInstanceOf(OperationCancelledException.class);
    } finally {
      server.stop();
    }
  }
}

package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsHttpTest extends ServedShards {
  @RegisterExtension static final WireMockExtension OTHER = WireMockExtension.newInstance().build();

  private List<Path> cachedShards() throws IOException {
    try (var files = Files.list(root.resolve("index/v1/shards"))) {
      return files.toList();
    }
  }

  @Test
  void shardsComeBeforeWholeIndexesAndOnlyTheNamesAskedForAreFetched() {
    serveChain();
    serveBoth();

    ChannelIndexes indexes = load();

    assertThat(indexes.names()).containsExactly("alpha", "beta", "delta", "gamma");
    assertThat(indexes.records("ALPHA"))
        .extracting(PackageRecord::url)
        .containsExactly(
            SERVER.baseUrl() + "/chan/linux-64/alpha-1.0-0.conda",
            SERVER.baseUrl() + "/chan/linux-64/alpha-2.0-0.conda");
    assertThat(indexes.records("nothing")).isEmpty();
    assertThat(requests(path("beta"))).isZero();
    assertThat(requests(NATIVE) + requests(NATIVE + ".zst")).isZero();
  }

  @Test
  void shardsAreCachedAsReceivedAndNotFetchedAgain() throws IOException {
    serveChain();
    load().records("alpha");
    load().records("alpha");

    assertThat(requests(path("alpha"))).isEqualTo(1);
    assertThat(cachedShards())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(path("alpha")).endsWith("/" + file.getFileName());
              assertThat(file).hasBinaryContent(bytes("alpha"));
            });
  }

  @Test
  void aShardThatTwoChannelsShareIsFetchedOnce() {
    serveChain();
    Channel two = Channel.of(SERVER.baseUrl() + "/two");
    serve("/two/linux-64/repodata_shards.msgpack.zst", body(table("../../chan/linux-64/shards")));
    serve("/two/noarch/repodata_shards.msgpack.zst", body(compressed(Shards.table("", Map.of()))));
    load().records("alpha");

    List<PackageRecord> records =
        repodata.load(List.of(two), Platform.LINUX_64, context()).records("alpha");

    assertThat(records).extracting(PackageRecord::channel).containsOnly(two.name());
    assertThat(requests(path("alpha"))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"./shards/", "shards", "/chan/linux-64/shards", "SERVER/chan/linux-64/shards"})
  void theBaseOfTheShardsIsRelativeToTheIndexOrAbsoluteAndMayLackItsSlash(String base) {
    serveChain();
    serve(TABLE, body(table(base.replace("SERVER", SERVER.baseUrl()))));

    assertThat(load().records("alpha")).hasSize(2);
  }

  @Test
  void aLabelIsInThePath() {
    serveChain();
    Channel label = Channel.of(SERVER.baseUrl() + "/chan/label/dev");
    serve("/chan/label/dev/linux-64/repodata_shards.msgpack.zst", body(table("shards")));
    serve(
        "/chan/label/dev/noarch/repodata_shards.msgpack.zst",
        body(compressed(Shards.table("", Map.of()))));
    serve(path("alpha").replace("/chan/", "/chan/label/dev/"), body(bytes("alpha")));

    List<PackageRecord> records =
        repodata.load(List.of(label), Platform.LINUX_64, context()).records("alpha");

    assertThat(records)
        .hasSize(2)
        .allMatch(record -> record.url().startsWith(label.name() + "/linux-64/alpha-"));
  }

  @Test
  void aMissingNoarchIsAWarningWhereTheNativeSubdirIsInShards() {
    serveChain();
    serve(NOARCH_TABLE, aResponse().withStatus(404));

    assertThat(load().records("alpha")).hasSize(2);
    assertThat(warnings()).singleElement().asString().contains(channel().name(), "noarch");
  }

  @Test
  void anEmptyBaseMeansBesideTheIndex() {
    serveChain();
    serve(TABLE, body(table("")));
    serve(path("alpha").replace("/shards/", "/"), body(bytes("alpha")));

    assertThat(load().records("alpha")).hasSize(2);
  }

  @Test
  void shardsOfAnotherHostAreFetchedWithoutTheChannelsCredentials() {
    serveChain();
    serve(TABLE, body(table(OTHER.baseUrl() + "/store")));
    OTHER.stubFor(
        get(path("alpha").replace("/chan/linux-64/shards", "/store"))
            .willReturn(body(bytes("alpha"))));
    Channel channel =
        Channel.of(SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + "/chan");

    ChannelIndexes indexes = repodata.load(List.of(channel), Platform.LINUX_64, context());

    assertThat(indexes.records("alpha")).hasSize(2);
    assertThat(SERVER.getAllServeEvents())
        .allMatch(event -> event.getRequest().containsHeader("Authorization"));
    assertThat(OTHER.getAllServeEvents())
        .hasSize(1)
        .noneMatch(event -> event.getRequest().containsHeader("Authorization"));
  }

  @Test
  void archivesLieWhereTheBaseUrlSays() {
    shard(Shards.record("alpha", "1!1.0+x"));
    serveShards();
    serve(TABLE, body(compressed(Shards.table("./shards/", "../files", hashes(shards)))));

    assertThat(load().records("alpha"))
        .extracting(PackageRecord::url)
        .containsExactly(SERVER.baseUrl() + "/chan/files/alpha-1%211.0%2Bx-0.conda");
  }

  @Test
  void theAbsenceOfShardsIsRememberedForAWhile() {
    serveBoth();
    load();
    load();
    assertThat(requests(TABLE)).isEqualTo(1);

    clock.advance(Duration.ofDays(8));
    load();

    assertThat(requests(TABLE)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 410, 501})
  void aRefusalOfShardsFallsBackToAWholeIndex(int status) {
    serveBoth();
    serve(TABLE, aResponse().withStatus(status));

    assertThat(load().names()).containsExactly("alpha", "beta");
  }

  @Test
  void settingsSwitchShardsAndTheCompressedFormOff() {
    serveChain();
    serveBoth();

    ChannelIndexes indexes =
        repodata.forms(false, false).load(List.of(channel()), Platform.LINUX_64, context());

    assertThat(indexes.names()).containsExactly("alpha", "beta");
    assertThat(requests(TABLE)).isZero();
    assertThat(requests(NATIVE + ".zst")).isZero();
  }

  @Test
  void whoLooksAtAllRecordsGetsTheWholeIndexAndShardsOnlyWhereThereIsNone() {
    serveChain();
    serve(NATIVE, index(record("alpha", "1.0")));

    ChannelIndexes indexes =
        repodata.whole().load(List.of(channel()), Platform.LINUX_64, context());

    assertThat(indexes.names()).containsExactly("alpha");
    assertThat(requests(TABLE)).isZero();
    assertThat(requests(NOARCH_TABLE)).isEqualTo(1);
    assertThat(load().names()).hasSize(4);
  }

  @Test
  void anUnchangedIndexOfShardsIsConfirmedNotSentAgain() {
    serveChain();
    for (String path : List.of(TABLE, NOARCH_TABLE)) {
      serve(path, body(table("shards")).withHeader("ETag", "\"v1\""));
      SERVER.stubFor(
          get(path)
              .withHeader("If-None-Match", equalTo("\"v1\""))
              .willReturn(aResponse().withStatus(304)));
    }

    for (int i = 0; i < 3; i++) {
      assertThat(load().records("alpha")).isNotEmpty();
    }

    assertThat(
            SERVER.getAllServeEvents().stream()
                .filter(event -> event.getResponse().getStatus() == 304))
        .hasSize(4);
  }

  @Test
  void aChangedIndexOfShardsReplacesTheCachedOne() {
    serveChain();
    load();
    shard(Shards.record("alpha", "3.0"));
    serveShards();

    assertThat(load().records("alpha"))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-3.0-0.conda");
  }

  @Test
  void whileTheIndexIsFreshAndItsShardsAreThereNothingIsAskedFor() {
    serveChain();
    for (String path : List.of(TABLE, NOARCH_TABLE)) {
      serve(path, body(table("shards")).withHeader("Cache-Control", "public, max-age=60"));
    }
    load().records("alpha");
    int before = SERVER.getAllServeEvents().size();
    clock.advance(Duration.ofSeconds(59));

    assertThat(load().records("alpha")).isNotEmpty();

    assertThat(SERVER.getAllServeEvents()).hasSize(before);
  }

  @Test
  void aForcedRefreshAsksHoweverFreshTheIndexIs() {
    serveBoth();
    serve(NOARCH, ok(index()).withHeader("Cache-Control", "max-age=1000"));
    serve(NATIVE, ok(index(record("alpha", "1.0"))).withHeader("Cache-Control", "max-age=1000"));
    load();
    shard(Shards.record("alpha", "9.0"));
    serveShards();
    assertThat(load().records("alpha"))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-1.0-0.conda");

    ChannelIndexes indexes =
        repodata.refreshing(true).load(List.of(channel()), Platform.LINUX_64, context());

    assertThat(indexes.records("alpha"))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-9.0-0.conda");
  }

  @Test
  void aLifetimeOfZeroAsksEachTimeAndOneOfAnHourNotWithinIt() {
    serveChain();
    for (Duration lifetime : List.of(Duration.ZERO, Duration.ofHours(1))) {
      SERVER.resetRequests();
      Settings settings =
          Settings.builder().root(root.resolve("" + lifetime)).indexLifetime(lifetime).build();
      repodata = new Repodata(network, settings, Disk.real(), clock);
      load();
      load();
      assertThat(requests(TABLE)).isEqualTo(lifetime.isZero() ? 2 : 1);
    }
  }

  @Test
  void aShardThatIsGoneMakesTheNextRunAskForTheIndex() {
    serveChain();
    serve(TABLE, body(table("shards")).withHeader("Cache-Control", "max-age=1000"));
    load();
    String old = path("alpha");
    serve(old, aResponse().withStatus(404));
    shard(Shards.record("alpha", "3.0"));
    serveShards();
    assertThatThrownBy(() -> load().records("alpha")).hasMessageContaining(old);

    assertThat(load().records("alpha")).hasSize(1);
  }

  @Test
  void shardsThatTheIndexNamesNoMoreAreSwept() throws IOException {
    serveChain();
    load().records("alpha");
    load().records("beta");
    shard(Shards.record("alpha", "3.0"));
    serveShards();
    clock.advance(Duration.ofDays(2));

    load().records("alpha");

    assertThat(cachedShards())
        .extracting(file -> file.getFileName().toString())
        .containsExactlyInAnyOrder(
            path("alpha").substring(path("alpha").lastIndexOf('/') + 1),
            path("beta").substring(path("beta").lastIndexOf('/') + 1));
  }

  @Test
  void aRefusalAndThenShardsAreFoundOnceTheAbsenceIsForgotten() {
    serveBoth();
    load();
    serveChain();
    assertThat(load().names()).containsExactly("alpha", "beta");

    clock.advance(Duration.ofDays(8));

    assertThat(load().names()).hasSize(4);
  }

  @Test
  void aServerErrorOnceIsOvercome() {
    serveChain();
    SERVER.stubFor(
        get(path("alpha"))
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(503))
            .willSetStateTo("up"));
    SERVER.stubFor(
        get(path("alpha"))
            .inScenario("once")
            .whenScenarioStateIs("up")
            .willReturn(body(bytes("alpha"))));

    assertThat(load().records("alpha")).hasSize(2);
  }
}

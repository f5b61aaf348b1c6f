package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepodataHttpTest extends ServedChannel {
  @Test
  void theCompressedIndexIsPreferred() {
    byte[] first = Zstd.compress("{\"packages.conda\":{".getBytes(UTF_8));
    byte[] second = Zstd.compress((record("alpha", "1.0") + "}}").getBytes(UTF_8));
    byte[] frames = new byte[first.length + second.length];
    System.arraycopy(first, 0, frames, 0, first.length);
    System.arraycopy(second, 0, frames, first.length, second.length);
    SERVER.stubFor(get(NATIVE + ".zst").willReturn(aResponse().withBody(frames)));
    serve(NOARCH, index());

    ChannelIndexes indexes = load();

    assertThat(indexes.records("alpha"))
        .singleElement()
        .extracting(PackageRecord::url)
        .isEqualTo(SERVER.baseUrl() + "/chan/linux-64/alpha-1.0-0.conda");
    assertThat(requests(NATIVE)).isZero();
  }

  @Test
  void namesAndRecordsOfBothSubdirsAreThere() {
    serveBoth();

    ChannelIndexes indexes = load();

    assertThat(indexes.names()).containsExactly("alpha", "beta");
    assertThat(indexes.records("beta")).extracting(PackageRecord::subdir).containsExactly("noarch");
    assertThat(indexes.records("ALPHA")).hasSize(1);
    assertThat(indexes.records("gamma")).isEmpty();
    assertThat(indexes.channels()).containsExactly(channel().name());
  }

  @Test
  void aChangedIndexReplacesTheCachedOne() {
    serveBoth();
    assertThat(load().names()).containsExactly("alpha", "beta");
    serve(NATIVE, index(record("gamma", "1.0")));

    assertThat(load().names()).containsExactly("beta", "gamma");
  }

  @Test
  void anUnchangedIndexIsConfirmedNotSentAgain() {
    for (String path : List.of(NATIVE, NOARCH)) {
      SERVER.stubFor(
          get(path)
              .willReturn(
                  ok(index(record("alpha", "1.0")))
                      .withHeader("ETag", "\"v1\"")
                      .withHeader("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")));
      SERVER.stubFor(
          get(path)
              .withHeader("If-None-Match", equalTo("\"v1\""))
              .withHeader("If-Modified-Since", equalTo("Thu, 01 Jan 2026 00:00:00 GMT"))
              .willReturn(aResponse().withStatus(304)));
    }
    load();

    for (int i = 0; i < 2; i++) {
      assertThat(load().records("alpha")).hasSize(2);
    }

    assertThat(
            SERVER.getAllServeEvents().stream()
                .filter(event -> event.getResponse().getStatus() == 304))
        .hasSize(4);
  }

  @Test
  void maxAgeSparesRequestsUntilItIsOver() {
    for (String path : List.of(NATIVE, NOARCH)) {
      SERVER.stubFor(
          get(path)
              .willReturn(
                  ok(index(record("alpha", "1.0")))
                      .withHeader("Cache-Control", "public, max-age=1200")));
    }
    load();
    clock.advance(Duration.ofSeconds(1199));
    load();
    assertThat(requests(NATIVE)).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    load();

    assertThat(requests(NATIVE)).isEqualTo(2);
  }

  @Test
  void aLifetimeOfTheUsersWinsOverMaxAge() {
    for (String path : List.of(NATIVE, NOARCH)) {
      SERVER.stubFor(
          get(path).willReturn(ok(index()).withHeader("Cache-Control", "public, max-age=1200")));
    }
    Settings settings = Settings.builder().root(root).indexLifetime(Duration.ofSeconds(1)).build();
    repodata = new Repodata(network, settings, Disk.real(), clock);
    load();
    clock.advance(Duration.ofSeconds(2));
    load();

    assertThat(requests(NATIVE)).isEqualTo(2);
  }

  @Test
  void theAbsenceOfTheCompressedIndexIsRememberedForAWhile() {
    serveBoth();
    load();
    load();
    assertThat(requests(NATIVE + ".zst")).isEqualTo(1);

    clock.advance(Duration.ofDays(8));
    load();

    assertThat(requests(NATIVE + ".zst")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 406, 410})
  void aRefusalOfTheCompressedIndexFallsBackToThePlainOne(int status) {
    serveBoth();
    SERVER.stubFor(get(NATIVE + ".zst").willReturn(aResponse().withStatus(status)));

    assertThat(load().names()).containsExactly("alpha", "beta");
  }

  @Test
  void offlineUsesWhatIsCachedHoweverOld() {
    serveBoth();
    load();
    int before = SERVER.getAllServeEvents().size();
    clock.advance(Duration.ofDays(400));

    ChannelIndexes indexes =
        repodata.offline(true).load(List.of(channel()), Platform.LINUX_64, context());

    assertThat(indexes.names()).containsExactly("alpha", "beta");
    assertThat(SERVER.getAllServeEvents()).hasSize(before);
  }

  @Test
  void offlineKnowsThatASubdirWasAbsent() {
    serve(NOARCH, index(record("beta", "2.0")));
    load();

    assertThat(
            repodata.offline(true).load(List.of(channel()), Platform.LINUX_64, context()).names())
        .containsExactly("beta");
  }

  @Test
  void offlineWithNothingCachedSaysSo() {
    serveBoth();

    assertThatThrownBy(
            () -> repodata.offline(true).load(List.of(channel()), Platform.LINUX_64, context()))
        .isInstanceOf(OfflineException.class)
        .hasMessageContaining(channel().name());
    assertThat(SERVER.getAllServeEvents()).isEmpty();
  }

  @Test
  void aMissingNativeSubdirIsEmpty() {
    serve(NOARCH, index(record("beta", "2.0")));

    assertThat(load().names()).containsExactly("beta");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aMissingNoarchIsAWarningWhereThereIsANativeSubdir() {
    serve(NATIVE, index(record("alpha", "1.0")));

    assertThat(load().names()).containsExactly("alpha");
    assertThat(warnings()).singleElement().asString().contains(channel().name(), "noarch");
  }

  @Test
  void aBodyThatBreaksOnceIsLoadedAnew() {
    serve(NOARCH, index());
    SERVER.stubFor(
        get(NATIVE)
            .inScenario("cut")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK))
            .willSetStateTo("whole"));
    SERVER.stubFor(
        get(NATIVE)
            .inScenario("cut")
            .whenScenarioStateIs("whole")
            .willReturn(ok(index(record("alpha", "1.0")))));

    assertThat(load().names()).containsExactly("alpha");
  }

  @Test
  void oneBadRecordIsShutOutWithAWarning() {
    String noName = "\"alpha-2.0-0.conda\":{\"version\":\"2.0\",\"build\":\"0\"}";
    String noText = "\"alpha-3.0-0.conda\":{\"name\":\"alpha\",\"version\":3,\"build\":\"0\"}";
    String noJson = "\"alpha-4.0-0.conda\":{\"name\":\"alpha\",\"version\":nonsense}";
    String badName = "\"alpha-5.0-0.conda\":{\"name\":\"alpha/../..\",\"version\":\"5\"}";
    String badFile =
        "\"../alpha-6.0-0.conda\":{\"name\":\"alpha\",\"version\":\"6\",\"build\":\"0\"}";
    serve(NATIVE, index(record("alpha", "1.0"), noName, noText, noJson, badName, badFile));
    serve(NOARCH, index());

    ChannelIndexes indexes = load();

    assertThat(indexes.records("alpha"))
        .extracting(r -> r.version().toString())
        .containsOnly("1.0");
    indexes.records("alpha");
    assertThat(warnings())
        .hasSize(4)
        .allMatch(text -> text.contains("left out"))
        .anyMatch(text -> text.contains("alpha-2.0-0.conda") && text.contains("no name"));
  }

  @Test
  void removedArchivesAreIgnoredEvenIfTheirRecordIsThere() {
    String body = index(record("alpha", "1.0"), record("alpha", "2.0"));
    serve(
        NATIVE, body.replace("\"repodata_version\"", "\"removed\":[\"alpha-2.0-0.conda\"],\"v\""));
    serve(NOARCH, index());

    assertThat(load().records("alpha"))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-1.0-0.conda");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../files", "/chan/files/", "SERVER/chan/files"})
  void archivesLieWhereTheBaseUrlSays(String base) {
    String body = index(record("alpha", "1!1.0+x"));
    serve(
        NATIVE,
        body.replace(
            "{\"subdir\"",
            "{\"base_url\":\"" + base.replace("SERVER", SERVER.baseUrl()) + "\",\"subdir\""));
    serve(NOARCH, index());

    assertThat(load().records("alpha"))
        .extracting(PackageRecord::url)
        .containsExactly(SERVER.baseUrl() + "/chan/files/alpha-1%211.0%2Bx-0.conda");
  }

  @Test
  void duplicateKeysCountOnceAndTheLastWins() {
    String again = record("alpha", "1.0").replace("\"depends\":[]", "\"depends\":[\"beta\"]");
    serve(NATIVE, index(record("alpha", "1.0"), again));
    serve(NOARCH, index());

    assertThat(load().records("alpha"))
        .singleElement()
        .extracting(PackageRecord::depends)
        .isEqualTo(List.of("beta"));
  }

  @Test
  void threadsThatWantTheSameIndexShareOneLoad() throws Exception {
    for (String path : List.of(NATIVE, NOARCH)) {
      serve(path, index(record("alpha", "1.0")));
    }
    GATE.shut();

    List<CompletableFuture<ChannelIndexes>> loads =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        this::loadApart, task -> new Thread(task).start()))
            .toList();
    // of two subdirs one thread each asks the server
    waitUntil(() -> waitingForOthers() == 6);
    GATE.open();
    for (CompletableFuture<ChannelIndexes> future : loads) {
      assertThat(future.get(30, TimeUnit.SECONDS).records("alpha")).hasSize(2);
    }

    assertThat(requests(NATIVE)).isEqualTo(1);
    assertThat(requests(NOARCH)).isEqualTo(1);
  }

  private static long waitingForOthers() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(frame -> frame.getClassName().equals(LoadWait.class.getName())))
        .count();
  }

  private ChannelIndexes loadApart() {
    return repodata.load(List.of(channel()), Platform.LINUX_64, OperationContext.silent());
  }

  @Test
  void cancellingEndsTheLoad() throws Exception {
    SERVER.stubFor(get(NATIVE).willReturn(ok(index()).withFixedDelay(50_000)));
    SERVER.stubFor(get(NOARCH).willReturn(ok(index())));
    CancellationToken token = CancellationToken.create();
    OperationContext context = new OperationContext(token, Events.silent());
    CompletableFuture<ChannelIndexes> load =
        CompletableFuture.supplyAsync(
            () -> repodata.load(List.of(channel()), Platform.LINUX_64, context));
    waitUntil(() -> requests(NOARCH) == 1);

    token.cancel("cancelled by the test");

    assertThatThrownBy(() -> load.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OperationCancelledException.class);
  }

  @Test
  void channelsAreRankedAsTheyWereAskedFor() {
    serveBoth();
    SERVER.stubFor(get("/two/noarch/repodata.json").willReturn(ok(index(record("alpha", "9")))));
    Channel two = Channel.of(SERVER.baseUrl() + "/two");

    ChannelIndexes indexes =
        repodata.load(List.of(two, channel(), two), Platform.LINUX_64, context());

    assertThat(indexes.records("alpha")).extracting(indexes::channelRank).containsExactly(0, 1);
    assertThat(indexes.channels()).containsExactly(two.name(), channel().name());
  }
}

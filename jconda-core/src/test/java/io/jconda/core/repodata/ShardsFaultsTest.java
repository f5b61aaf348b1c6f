package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with shards and their index is an error that names channel and URL, and passes. */
class ShardsFaultsTest extends ServedShards {
  private static final byte[] BOMB = Zstd.compress(new byte[1 << 28]);

  /** Loads the channel anew once the fault is gone, and looks whether it left anything bad. */
  private void assertRecovered() throws IOException {
    serveChain();

    assertThat(load().records("alpha")).hasSize(2);

    List<Path> files = new ArrayList<>(cached(".tmp"));
    Path folder = root.resolve("index/v1/shards");
    try (Stream<Path> shards = Files.list(folder)) {
      for (Path file : shards.toList()) {
        assertThat(file.getFileName()).hasToString(Hashes.sha256(file) + ".msgpack.zst");
        if (file.toString().endsWith(".tmp")) {
          files.add(file);
        }
      }
    }
    assertThat(files).isEmpty();
  }

  static Stream<ResponseDefinitionBuilder> brokenTables() {
    byte[] good = compressed(Shards.table("shards", Map.of("alpha", new byte[32])));
    Map<String, Object> noShards = Shards.table("shards", Map.of());
    noShards.remove("shards");
    return Stream.of(
        body("<!DOCTYPE html><html><body>Please log in</body></html>".getBytes(UTF_8)),
        body(new byte[0]),
        body(Arrays.copyOf(good, good.length - 5)),
        body(Arrays.copyOf(good, good.length + 5)),
        body(Zstd.compress("<html></html>".getBytes(UTF_8))),
        body(Zstd.compress(new byte[] {(byte) 0xdf, -1, -1, -1, -1})),
        body(compressed(List.of())),
        body(compressed(noShards)),
        body(compressed(Shards.table("shards", Map.of("alpha", new byte[31])))),
        body(compressed(Shards.table("ftp://x.example/", Map.of()))),
        body(compressed(Shards.table("file:///etc/", Map.of()))),
        body(compressed(Shards.table("http://[", Map.of()))),
        body(BOMB),
        body(good).withHeader("Content-Length", "100000"),
        body(good).withHeader("Content-Length", "50"),
        aResponse().withStatus(500),
        aResponse().withStatus(503),
        aResponse().withStatus(429),
        aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
        aResponse().withFault(Fault.EMPTY_RESPONSE),
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        temporaryRedirect(TABLE),
        aResponse().withFixedDelay(5_000),
        body(good).withChunkedDribbleDelay(5, 20_000));
  }

  @ParameterizedTest
  @MethodSource("brokenTables")
  void aBrokenIndexOfShardsIsAnErrorAndNeverCached(ResponseDefinitionBuilder broken)
      throws IOException {
    serveChain();
    serve(TABLE, broken);

    // some of them never come
    assertThatThrownBy(() -> hasty().load(List.of(channel()), Platform.LINUX_64, context()))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining(TABLE);

    assertRecovered();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "html",
        "empty",
        "cut",
        "longer",
        "other",
        "status 400",
        "status 401",
        "status 403",
        "status 404",
        "status 410",
        "status 418",
        "status 429",
        "status 500",
        "status 501",
        "status 502",
        "status 503",
        "status 504",
        "too long",
        "too short",
        "chunk",
        "nothing",
        "reset",
        "random",
        "loop",
        "silent",
        "drip"
      })
  void aBrokenShardIsAnErrorThatNamesTheUrlAndIsNeverCached(String fault) throws IOException {
    serveChain();
    byte[] good = bytes("alpha");
    serve(
        path("alpha"),
        switch (fault) {
          case "html" -> body("<html>no</html>".getBytes(UTF_8));
          case "empty" -> body(new byte[0]);
          case "cut" -> body(Arrays.copyOf(good, good.length - 1));
          case "longer" -> body(Arrays.copyOf(good, good.length + 1));
          case "other" -> body(bytes("beta"));
          case "too long" -> body(good).withHeader("Content-Length", "100000");
          case "too short" -> body(good).withHeader("Content-Length", "50");
          case "chunk" -> aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK);
          case "nothing" -> aResponse().withFault(Fault.EMPTY_RESPONSE);
          case "reset" -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
          case "random" -> aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE);
          case "loop" -> temporaryRedirect(path("alpha"));
          case "silent" -> aResponse().withFixedDelay(5_000);
          case "drip" -> body(good).withChunkedDribbleDelay(5, 20_000);
          default -> aResponse().withStatus(Integer.parseInt(fault.substring(7)));
        });
    Repodata asking = hangs(fault) ? hasty() : repodata;
    ChannelIndexes indexes = asking.load(List.of(channel()), Platform.LINUX_64, context());

    assertThatThrownBy(() -> indexes.records("alpha"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining(path("alpha"));
    assertThat(indexes.records("beta")).hasSize(1);

    assertRecovered();
  }

  @Test
  void aWrongHashIsTriedAgainAndThenAnErrorThatNamesBothHashes() {
    serveChain();
    serve(path("alpha"), body(bytes("beta")));

    assertThatThrownBy(() -> load().records("alpha"))
        .hasMessageContaining(Hashes.sha256(bytes("alpha")))
        .hasMessageContaining(Hashes.sha256(bytes("beta")))
        .hasMessageContaining(path("alpha"));

    assertThat(requests(path("alpha"))).isEqualTo(1 + network.settings().retries());
  }

  @Test
  void aWrongHashOnceIsOvercome() {
    serveChain();
    SERVER.stubFor(
        get(path("alpha"))
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(body(new byte[100]))
            .willSetStateTo("right"));
    SERVER.stubFor(
        get(path("alpha"))
            .inScenario("once")
            .whenScenarioStateIs("right")
            .willReturn(body(bytes("alpha"))));

    assertThat(load().records("alpha")).hasSize(2);
  }

  static Stream<byte[]> uselessShards() {
    return Stream.of(
        "<html>".getBytes(UTF_8),
        Zstd.compress("<html>".getBytes(UTF_8)),
        compressed(List.of()),
        Zstd.compress(Arrays.copyOf(PackWriter.pack(Shards.shard(Shards.record("a", "1"))), 60)),
        BOMB);
  }

  @ParameterizedTest
  @MethodSource("uselessShards")
  void aShardWithTheRightHashThatIsNoneIsAnErrorThatNamesIt(byte[] shard) {
    shards.put("alpha", shard);
    serveShards();

    assertThatThrownBy(() -> load().records("alpha"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining("alpha")
        .hasMessageContaining(path("alpha"));
  }

  @Test
  void oneBadRecordOfAShardIsLeftOutWithAWarning() {
    Map<String, Object> bad = Shards.record("alpha", "2.0");
    bad.put("depends", "no list");
    shard(Shards.record("alpha", "1.0"), bad);
    serveShards();

    ChannelIndexes indexes = load();

    assertThat(indexes.records("alpha"))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-1.0-0.conda");
    indexes.records("alpha");
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("alpha-2.0-0.conda", "depends", channel().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {".state", ".msgpack.zst", "shard"})
  void whatIsTornTruncatedOrForeignInTheCacheIsNoticedAndReplaced(String kind) throws IOException {
    serveChain();
    load().records("alpha");
    List<Path> files = new ArrayList<>(cached(kind));
    if (kind.equals("shard")) {
      files.add(
          root.resolve("index/v1/shards").resolve(Hashes.sha256(bytes("alpha")) + ".msgpack.zst"));
    }
    assertThat(files).isNotEmpty();

    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      List<byte[]> damages = new ArrayList<>();
      byte[] flipped = content.clone();
      flipped[content.length / 2] ^= 0x55;
      damages.add(flipped);
      damages.add(Arrays.copyOf(content, content.length - 1));
      damages.add(Arrays.copyOf(content, content.length / 3));
      damages.add(new byte[0]);
      damages.add("{\"another\": \"program's\"}".getBytes(UTF_8));
      damages.add(new byte[content.length]);
      for (byte[] damage : damages) {
        Files.write(file, damage);
        assertThat(load().records("alpha")).hasSize(2);
      }
      Files.delete(file);
      assertThat(load().records("alpha")).hasSize(2);
    }
    assertRecovered();
  }

  @Test
  void theStateOfAnotherChannelDoesNotCount() throws IOException {
    serveChain();
    load();
    for (Path state : cached(".state")) {
      String text = Files.readString(state);
      assertThat(text).contains("url=" + SERVER.baseUrl());
      Files.writeString(state, text.replace("/chan/", "/other/"));
    }

    assertThat(load().records("alpha")).hasSize(2);
  }

  @Test
  void aFullDiskIsAFailureOfTheDiskAndLeavesNothing() throws IOException {
    serveChain();
    ChannelIndexes indexes = load();
    ChannelIndexes full =
        repodata(new FullDisk()).load(List.of(channel()), Platform.LINUX_64, context());

    assertThatThrownBy(() -> full.records("alpha"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is full");

    assertThat(indexes.records("alpha")).hasSize(2);
    assertRecovered();
  }

  /** Is full once it comes to shards. */
  private static final class FullDisk extends Disk {
    @Override
    public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
      if (!file.startsWith(file.resolveSibling("../shards").normalize())) {
        return super.newOutputStream(file, options);
      }
      super.newOutputStream(file, options).close();
      throw new IOException("No space left on device");
    }
  }

  @Test
  void loadersThatRefreshAtOnceDoNoHarm() throws Exception {
    serveChain();
    List<CompletableFuture<List<PackageRecord>>> loads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      // each shares nothing with the others, as another process would
      Repodata own = repodata(Disk.real());
      loads.add(
          CompletableFuture.supplyAsync(
              () -> own.load(List.of(channel()), Platform.LINUX_64, context()).records("alpha"),
              task -> new Thread(task).start()));
    }

    for (CompletableFuture<List<PackageRecord>> load : loads) {
      assertThat(load.get(30, TimeUnit.SECONDS)).hasSize(2);
    }
    assertRecovered();
  }

  @Test
  void secretsReachTheServerAndNothingElse() throws IOException {
    shard(Shards.record("alpha", "1.0"));
    String secret = "/t/" + TOKEN;
    SERVER.stubFor(
        get(secret + TABLE).withBasicAuth("me", PASSWORD).willReturn(body(table("./shards"))));
    SERVER.stubFor(
        get(secret + NOARCH_TABLE)
            .withBasicAuth("me", PASSWORD)
            .willReturn(body(compressed(Shards.table("", Map.of())))));
    SERVER.stubFor(
        get(secret + path("alpha")).withBasicAuth("me", PASSWORD).willReturn(body(bytes("alpha"))));
    Channel channel =
        Channel.of(SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + secret + "/chan");
    ByteArrayOutputStream everything = new ByteArrayOutputStream();

    ChannelIndexes indexes = repodata.load(List.of(channel), Platform.LINUX_64, context());
    for (PackageRecord record : indexes.records("alpha")) {
      everything.writeBytes((record.url() + record.channel() + record).getBytes(UTF_8));
    }
    assertThat(everything.size()).isPositive();
    everything.writeBytes(events.toString().getBytes(UTF_8));
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        everything.writeBytes(file.toString().getBytes(UTF_8));
        everything.writeBytes(Files.readAllBytes(file));
      }
    }
    serve(secret + path("alpha"), aResponse().withStatus(404));
    try (Stream<Path> files = Files.list(root.resolve("index/v1/shards"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(
            () -> repodata.load(List.of(channel), Platform.LINUX_64, context()).records("alpha"))
        .isInstanceOf(ChannelException.class)
        .satisfies(e -> everything.writeBytes((e + "" + e.getCause()).getBytes(UTF_8)));

    assertThat(everything.toString(ISO_8859_1)).doesNotContain(TOKEN).doesNotContain(PASSWORD);
  }
}

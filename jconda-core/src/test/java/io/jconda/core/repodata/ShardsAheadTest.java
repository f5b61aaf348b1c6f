package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shards that are fetched ahead, shared by those who wait for them, or wanted no more. */
class ShardsAheadTest extends ServedShards {
  private static List<MatchSpec> specs(String... specs) {
    return List.of(specs).stream().map(MatchSpec::parse).toList();
  }

  @Test
  void theNamesThatTheSpecsReachAreFollowedAhead() throws Exception {
    serveChain();
    try (ChannelIndexes indexes = load()) {
      indexes.follow(specs("alpha"));

      waitUntil(() -> requests(path("gamma")) == 1);
    }
    assertThat(requests(path("delta"))).isZero();
  }

  @Test
  void whatTheSpecsShutOutIsNotFollowed() {
    shard(Shards.record("alpha", "1.0", "old"), Shards.record("alpha", "2.0", "new"));
    shard(Shards.record("old", "1.0"));
    shard(Shards.record("new", "1.0"));
    serveShards();
    try (ChannelIndexes indexes = load()) {
      indexes.follow(specs("alpha>=2", "new", "nothing", "a*"));

      waitUntil(() -> requests(path("new")) == 1);
      assertThat(indexes.records("alpha")).hasSize(2);
    }
    assertThat(requests(path("old"))).isZero();
  }

  @Test
  void aNameThatIsUnderWayIsWaitedForAndFetchedOnce() {
    serveChain();
    serve(path("beta"), body(bytes("beta")).withFixedDelay(400));
    try (ChannelIndexes indexes = load()) {
      indexes.follow(specs("beta"));
      waitUntil(() -> requests(path("beta")) == 1);

      assertThat(indexes.records("beta")).hasSize(1);
      assertThat(indexes.records("gamma")).hasSize(1);
    }
    assertThat(requests(path("beta"))).isEqualTo(1);
    assertThat(requests(path("gamma"))).isEqualTo(1);
  }

  @Test
  void whatCannotBeFetchedIsAFailureOnlyOnceItIsAskedFor() {
    serveChain();
    serve(path("gamma"), aResponse().withStatus(500));
    try (ChannelIndexes indexes = load()) {
      indexes.follow(specs("alpha"));
      waitUntil(() -> requests(path("gamma")) > 0);

      assertThat(indexes.records("alpha")).hasSize(2);
      assertThatThrownBy(() -> indexes.records("gamma"))
          .hasMessageContaining("Channel " + channel().name())
          .hasMessageContaining(path("gamma"))
          .hasMessageContaining("500");
    }
  }

  @Test
  void closingEndsWhatNobodyNeedsAnyMore() {
    serveChain();
    serve(path("beta"), body(bytes("beta")).withFixedDelay(50_000));
    ChannelIndexes indexes = load();
    indexes.follow(specs("alpha"));
    waitUntil(() -> requests(path("beta")) == 1);

    indexes.close();

    waitUntil(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("jconda-records")));
    assertThat(indexes.records("alpha")).hasSize(2);
  }

  @Test
  void cancellingEndsTheWaitForAShard() {
    serveChain();
    serve(path("alpha"), body(bytes("alpha")).withFixedDelay(50_000));
    CancellationToken token = CancellationToken.create();
    ChannelIndexes indexes =
        repodata.load(
            List.of(channel()), Platform.LINUX_64, new OperationContext(token, Events.silent()));
    CompletableFuture<?> asking = CompletableFuture.supplyAsync(() -> indexes.records("alpha"));
    waitUntil(() -> requests(path("alpha")) == 1);

    token.cancel("cancelled by the test");

    assertThatThrownBy(() -> asking.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OperationCancelledException.class);
  }

  @Test
  void threadsOfSeveralOperationsShareOneLoadOfAShard() throws Exception {
    serveChain();
    serve(path("alpha"), body(bytes("alpha")).withFixedDelay(1_000));
    List<ChannelIndexes> operations = List.of(load(), load(), load());

    List<CompletableFuture<List<PackageRecord>>> loads =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> operations.get(i % 3).records("alpha"),
                        task -> new Thread(task).start()))
            .toList();
    for (CompletableFuture<List<PackageRecord>> load : loads) {
      assertThat(load.get(30, TimeUnit.SECONDS)).hasSize(2);
    }

    assertThat(requests(path("alpha"))).isEqualTo(1);
  }
}

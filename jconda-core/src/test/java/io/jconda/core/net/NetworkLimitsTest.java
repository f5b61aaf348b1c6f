package io.jconda.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NetworkLimitsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final OperationContext context = OperationContext.silent();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Counts who is being served at once, and lets nobody go before it is told to. */
  private static final class Counting implements StrangeServer.Conduct {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore leave = new Semaphore(0);

    @Override
    public void on(StrangeServer self, Socket socket) throws IOException, InterruptedException {
      StrangeServer.head(socket);
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      arrived.release();
      leave.acquire();
      now.decrementAndGet();
      StrangeServer.say(
          socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    }
  }

  private CompletableFuture<Integer> ask(Network network, URI uri, OperationContext with) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Response response = network.get(uri, Map.of(), with)) {
            return response.body().readAllBytes().length;
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        threads);
  }

  @Test
  void noMoreRequestsThanAllowedGoToOneServerAtOnce() throws Exception {
    Counting counting = new Counting();
    try (StrangeServer server = new StrangeServer(counting);
        Network network =
            new Network(NetworkSettings.builder().requestsPerHost(2).retries(0).build())) {
      List<CompletableFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(ask(network, server.url("http", "/x"), context));
      }
      for (int i = 0; i < 4; i++) {
        counting.arrived.acquire(2);
        counting.leave.release(2);
      }
      for (CompletableFuture<Integer> one : all) {
        assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(2);
      }
    }
    assertThat(counting.most).hasValue(2);
  }

  @Test
  void whoWaitsForItsTurnCanBeCancelledAndNobodyBehindItSuffers() throws Exception {
    HostTurns turns = new HostTurns(1);
    URI uri = URI.create("http://one.invalid/x");
    CancellationToken token = CancellationToken.create();
    HostTurns.Turn first = turns.take(uri, CancellationToken.create());
    CompletableFuture<HostTurns.Turn> second =
        CompletableFuture.supplyAsync(() -> turns.take(uri, token), threads);

    token.cancel("cancelled by the test");

    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OperationCancelledException.class);
    CompletableFuture<HostTurns.Turn> third =
        CompletableFuture.supplyAsync(() -> turns.take(uri, CancellationToken.create()), threads);
    first.close();
    first.close();
    third.get(20, TimeUnit.SECONDS).close();
    turns.take(uri, CancellationToken.create()).close();
  }

  @Test
  void aTimeLimitEndsTheWaitForATurn() {
    HostTurns turns = new HostTurns(1);
    URI uri = URI.create("http://one.invalid/x");
    assertThat(turns.take(uri, CancellationToken.create())).isNotNull();

    assertThatThrownBy(() -> turns.take(uri, CancellationToken.withTimeout(Duration.ofMillis(20))))
        .isInstanceOf(OperationCancelledException.class);
  }

  @Test
  void serversDoNotWaitForEachOther() {
    HostTurns turns = new HostTurns(1);
    CancellationToken token = CancellationToken.create();

    assertThat(turns.take(URI.create("http://one.invalid/x"), token)).isNotNull();
    assertThat(turns.take(URI.create("http://one.invalid:81/x"), token)).isNotNull();
    assertThat(turns.take(URI.create("https://one.invalid/x"), token)).isNotNull();
    assertThat(turns.take(URI.create("http://two.invalid/x"), token)).isNotNull();
  }

  @Test
  void onlyTheTimeThatIsWaitedCountsForTheSpeed() {
    AtomicLong now = new AtomicLong();
    Speed speed = new Speed(100, Duration.ofSeconds(10), now::get);

    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(speed.isEnough(now.get(), 1)).isTrue();
    long since = now.getAndAdd(Duration.ofSeconds(9).toNanos());
    assertThat(speed.isEnough(since, 1)).isTrue();
    since = now.getAndAdd(Duration.ofSeconds(1).toNanos());
    assertThat(speed.isEnough(since, 998)).isTrue();
    since = now.getAndAdd(Duration.ofSeconds(10).toNanos());
    assertThat(speed.isEnough(since, 999)).isFalse();
  }

  /** Is a further scheme in one class: all that s3, gs or oci would need. */
  private static final class FakeTransport implements Transport {
    private final AtomicBoolean closed = new AtomicBoolean();
    private int attempts;

    @Override
    public Response get(URI uri, Map<String, String> headers, OperationContext context)
        throws IOException {
      if (attempts++ == 0) {
        throw new IOException("the store blinks");
      }
      InputStream body = new ByteArrayInputStream(uri.getPath().getBytes(StandardCharsets.UTF_8));
      return new Response() {
        @Override
        public int status() {
          return 200;
        }

        @Override
        public InputStream body() {
          return body;
        }

        @Override
        public long contentLength() {
          return -1;
        }

        @Override
        public Optional<String> header(String name) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  @Test
  void aFurtherSchemeIsOneTransportAndGetsRetriesMirrorsAndOffline() throws IOException {
    FakeTransport fake = new FakeTransport();
    NetworkSettings settings =
        NetworkSettings.builder()
            .backOff(Duration.ofMillis(2))
            .mirrors(URI.create("http://c.invalid"), List.of(URI.create("fake://bucket/mirror")))
            .build();
    try (Network network = new Network(settings, Map.of("fake", fake))) {
      URI uri = URI.create("fake://bucket/channel/noarch/x");
      try (Response response = network.get(uri, Map.of(), context)) {
        assertThat(response.body()).hasContent("/channel/noarch/x");
      }
      try (Response response = network.get(URI.create("http://c.invalid/x"), Map.of(), context)) {
        assertThat(response.body()).hasContent("/mirror/x");
      }
      assertThatThrownBy(() -> network.offline(true).get(uri, Map.of(), context))
          .isInstanceOf(OfflineException.class);
    }
    assertThat(fake.closed).isTrue();
  }

  @Test
  void anUnknownSchemeIsToldWithThoseThatAreKnown() {
    try (Network network = new Network(NetworkSettings.defaults())) {
      for (String uri :
          List.of("s3://bucket/x", "oci://ghcr.example/x", "mailto:me", "http:///x")) {
        assertThatThrownBy(() -> network.get(URI.create(uri), Map.of(), context))
            .isInstanceOf(ChannelException.class)
            .hasMessageContaining("is no URL that can be asked for")
            .satisfies(
                e -> assertThat(((ChannelException) e).remedy()).contains("file, http, https"));
      }
    }
  }
}

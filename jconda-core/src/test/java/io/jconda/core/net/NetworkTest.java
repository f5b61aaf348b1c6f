package io.jconda.core.net;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NetworkTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().gzipDisabled(true))
          .build();

  private final Network network = new Network(quick().build());
  private final OperationContext context = OperationContext.silent();

  @TempDir Path folder;

  private static NetworkSettings.Builder quick() {
    return NetworkSettings.builder()
        .retries(2)
        .backOff(Duration.ofMillis(2))
        .longestWait(Duration.ofMillis(20));
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static URI url(String path) {
    return URI.create(SERVER.baseUrl() + path);
  }

  private String text(URI uri) throws IOException {
    try (Response response = network.get(uri, Map.of(), context)) {
      assertThat(response.status()).isEqualTo(200);
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  @Test
  void aBodyArrivesWithItsLengthAndHeaders() throws IOException {
    SERVER.stubFor(get("/a.conda").willReturn(ok("hello").withHeader("ETag", "\"1\"")));

    try (Response response = network.get(url("/a.conda"), Map.of("X-Asked", "yes"), context)) {
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("etag")).hasValue("\"1\"");
      assertThat(response.header("x-none")).isEmpty();
      assertThat(new String(response.body().readAllBytes(), UTF_8)).isEqualTo("hello");
    }

    SERVER.verify(
        getRequestedFor(urlEqualTo("/a.conda"))
            .withHeader("User-Agent", matching("JConda/.+"))
            .withHeader("X-Asked", equalTo("yes"))
            .withHeader("Accept-Encoding", equalTo("identity")));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 206, 304, 404})
  void statusesThatTheCallerDecidesOnAreReturned(int status) {
    SERVER.stubFor(get("/x").willReturn(aResponse().withStatus(status)));

    try (Response response = network.get(url("/x"), Map.of(), context)) {
      assertThat(response.status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 410, 418, 501})
  void anotherStatusIsAnExceptionAtOnce(int status) {
    SERVER.stubFor(get("/x").willReturn(aResponse().withStatus(status)));

    assertThatThrownBy(() -> network.get(url("/x"), Map.of(), context))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(url("/x").toString())
        .hasMessageContaining("HTTP status " + status);
    SERVER.verify(1, getRequestedFor(urlEqualTo("/x")));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aServerInTroubleIsAskedAnewUntilItAnswers(int status) throws IOException {
    SERVER.stubFor(
        get("/x")
            .inScenario("trouble")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(status))
            .willSetStateTo("well"));
    SERVER.stubFor(
        get("/x").inScenario("trouble").whenScenarioStateIs("well").willReturn(ok("fine")));

    assertThat(text(url("/x"))).isEqualTo("fine");
  }

  @Test
  void aServerThatStaysInTroubleIsGivenUpAfterTheRetries() {
    SERVER.stubFor(get("/x").willReturn(aResponse().withStatus(503)));

    assertThatThrownBy(() -> network.get(url("/x"), Map.of(), context))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("503")
        .hasMessageContaining("Try again later");
    SERVER.verify(3, getRequestedFor(urlEqualTo("/x")));
  }

  @Test
  void retryAfterIsHonouredUpToTheLongestWait() throws IOException {
    SERVER.stubFor(
        get("/x")
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "3600"))
            .willSetStateTo("free"));
    SERVER.stubFor(get("/x").inScenario("busy").whenScenarioStateIs("free").willReturn(ok("in")));
    Duration wait = Duration.ofMillis(300);
    long start = System.nanoTime();

    try (Network patient = new Network(quick().longestWait(wait).build());
        Response response = patient.get(url("/x"), Map.of(), context)) {
      assertThat(response.status()).isEqualTo(200);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(wait, Duration.ofSeconds(30));
  }

  @Test
  void aConnectionThatIsResetIsTriedAgain() throws IOException {
    SERVER.stubFor(
        get("/x")
            .inScenario("reset")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER))
            .willSetStateTo("well"));
    SERVER.stubFor(get("/x").inScenario("reset").whenScenarioStateIs("well").willReturn(ok("up")));

    assertThat(text(url("/x"))).isEqualTo("up");
  }

  @Test
  void aServerThatIsNotThereIsNamedWithARemedy() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI uri = URI.create("http://localhost:" + port + "/conda/noarch/repodata.json");

    assertThatThrownBy(() -> network.get(uri, Map.of(), context))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(uri.toString())
        .satisfies(e -> assertThat(((ChannelException) e).remedy()).contains("proxy"));
  }

  @Test
  void whatAServerSaysThatIsNoHttpIsNotQuoted() throws IOException {
    try (ServerSocket mail = new ServerSocket(0)) {
      Thread server = new Thread(() -> greet(mail), "mail server");
      server.setDaemon(true);
      server.start();
      URI uri = URI.create("http://localhost:" + mail.getLocalPort() + "/x");

      assertThatThrownBy(() -> network.get(uri, Map.of(), context))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("is no HTTP")
          .hasMessageNotContaining("ESMTP");
    }
  }

  private static void greet(ServerSocket mail) {
    while (true) {
      try (Socket socket = mail.accept()) {
        socket.getInputStream().read();
        socket.getOutputStream().write("220 mail.example ESMTP\r\n\r\n".getBytes(UTF_8));
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException e) {
        if (mail.isClosed()) {
          return;
        }
      }
    }
  }

  @Test
  void theRestOfAnAnswerThatIsTooLongDoesNotSpoilTheNext() throws IOException {
    SERVER.stubFor(get("/long").willReturn(ok("0123456789").withHeader("Content-Length", "5")));
    SERVER.stubFor(get("/next").willReturn(ok("next")));
    for (int i = 0; i < 5; i++) {
      assertThat(text(url("/long"))).isEqualTo("01234");
    }

    assertThat(text(url("/next"))).isEqualTo("next");
  }

  @Test
  void aSilentServerEndsInATimeOut() {
    SERVER.stubFor(get("/x").willReturn(ok("late").withFixedDelay(20_000)));
    NetworkSettings settings = quick().retries(0).readTimeout(Duration.ofMillis(100)).build();

    try (Network hasty = new Network(settings)) {
      assertThatThrownBy(() -> hasty.get(url("/x"), Map.of(), context))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("silent for too long");
    }
  }

  @Test
  void aBodyThatIsCutNamesTheUrl() {
    SERVER.stubFor(get("/x").willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));

    try (Response response = network.get(url("/x"), Map.of(), context)) {
      assertThatThrownBy(() -> response.body().readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(url("/x").toString())
          .hasMessageContaining("broke off");
    }
  }

  @Test
  void cancellingEndsARequestThatWaits() throws Exception {
    CancellationToken token = CancellationToken.create();
    OperationContext cancellable = new OperationContext(token, Events.silent());
    try (ServerSocket mute = new ServerSocket(0)) {
      URI uri = URI.create("http://localhost:" + mute.getLocalPort() + "/x");
      CompletableFuture<Integer> outcome =
          CompletableFuture.supplyAsync(
              () -> {
                try (Response response = network.get(uri, Map.of(), cancellable)) {
                  return response.status();
                }
              });
      try (Socket socket = mute.accept()) {
        assertThat(socket.getInputStream().read()).isEqualTo('G');

        token.cancel("cancelled by the test");

        assertThatThrownBy(() -> outcome.get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(OperationCancelledException.class);
      }
    }
  }

  @Test
  void cancellingEndsTheWaitBeforeARetry() {
    CancellationToken token = CancellationToken.create();
    OperationContext cancellable = new OperationContext(token, Events.silent());
    SERVER.stubFor(get("/x").willReturn(aResponse().withStatus(503)));
    NetworkSettings settings =
        quick().backOff(Duration.ofHours(1)).longestWait(Duration.ofHours(1)).build();

    try (Network slow = new Network(settings)) {
      CompletableFuture<Integer> outcome =
          CompletableFuture.supplyAsync(
              () -> {
                try (Response response = slow.get(url("/x"), Map.of(), cancellable)) {
                  return response.status();
                }
              });
      while (SERVER.getAllServeEvents().isEmpty()) {
        Thread.onSpinWait();
      }

      token.cancel("cancelled by the test");

      assertThatThrownBy(() -> outcome.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(OperationCancelledException.class);
    }
  }

  @Test
  void aTimeLimitEndsABodyThatDrips() {
    SERVER.stubFor(
        get("/x").willReturn(ok("x".repeat(1000)).withChunkedDribbleDelay(100, 100_000)));
    OperationContext limited =
        new OperationContext(
            CancellationToken.withTimeout(Duration.ofMillis(800)), Events.silent());

    assertThatThrownBy(
            () -> {
              try (Response response = network.get(url("/x"), Map.of(), limited)) {
                response.body().readAllBytes();
              }
            })
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("time limit");
  }

  @Test
  void anInterruptOfTheCallerIsACancellation() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> network.get(url("/x"), Map.of(), context))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void offlineMakesNoRequestButReadsFolders() throws IOException {
    Path file = Files.writeString(folder.resolve("a b%+.json"), "{}");

    try (Network offline = new Network(quick().offline(true).build())) {
      assertThatThrownBy(() -> offline.get(url("/x"), Map.of(), context))
          .isInstanceOf(OfflineException.class)
          .hasMessageContaining(url("/x").toString());
      try (Response response = offline.get(file.toUri(), Map.of(), context)) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentLength()).isEqualTo(2);
        assertThat(response.body()).hasContent("{}");
      }
    }
    SERVER.verify(0, getRequestedFor(urlEqualTo("/x")));
  }

  @Test
  void aFileThatIsMissingHasStatus404() {
    try (Response response = network.get(folder.resolve("no").toUri(), Map.of(), context)) {
      assertThat(response.status()).isEqualTo(404);
    }
  }

  @Test
  void aRedirectLoopEnds() {
    SERVER.stubFor(get("/loop").willReturn(temporaryRedirect("/loop")));

    assertThatThrownBy(() -> network.get(url("/loop"), Map.of(), context))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("more than 20 times");
    SERVER.verify(21, getRequestedFor(urlEqualTo("/loop")));
  }

  @Test
  void theProxySelectorOfTheJvmCountsWheneverItIsSet() throws IOException {
    SERVER.stubFor(get(urlEqualTo("/x")).withHost(equalTo("conda.invalid")).willReturn(ok("via")));
    AtomicInteger asked = new AtomicInteger();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.incrementAndGet();
            return List.of(
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress("localhost", SERVER.getPort())));
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            asked.incrementAndGet();
          }
        });
    try {
      assertThat(text(URI.create("http://conda.invalid/x"))).isEqualTo("via");
    } finally {
      ProxySelector.setDefault(before);
    }
    assertThat(asked).hasPositiveValue();
  }

  @Test
  void aClosedNetworkRefuses() {
    network.close();
    network.close();

    assertThatThrownBy(() -> network.get(url("/x"), Map.of(), context))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyDaemonThreadsAreEverMade() throws IOException {
    SERVER.stubFor(get("/x").willReturn(ok("x")));
    text(url("/x"));

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("Ok"))
        .allMatch(Thread::isDaemon);
  }
}

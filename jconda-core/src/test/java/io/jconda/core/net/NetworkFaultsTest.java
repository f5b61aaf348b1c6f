package io.jconda.core.net;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.moreThanOrExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do wrong, each: an error that names the URL, or a repetition that works. */
@Timeout(60)
class NetworkFaultsTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().gzipDisabled(true))
          .build();

  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  private final OperationContext context = OperationContext.silent();
  private final Network network = new Network(hasty().build());

  private static NetworkSettings.Builder hasty() {
    return NetworkSettings.builder()
        .retries(1)
        .backOff(Duration.ofMillis(2))
        .longestWait(Duration.ofMillis(50))
        .connectTimeout(Duration.ofMillis(200))
        .readTimeout(Duration.ofMillis(400))
        .lowestSpeed(10_000, Duration.ofMillis(300));
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
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  private void assertRefused(URI uri, String... parts) {
    assertThatThrownBy(() -> text(uri))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(uri.toString())
        .satisfies(
            e -> assertThat(List.of(parts)).allMatch(String.valueOf(e.getMessage())::contains));
  }

  /** A body is read by whoever asked, who explains with {@link Refusal}. */
  private void assertBreaksOff(URI uri, String... parts) {
    assertThatThrownBy(() -> text(uri))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(uri.toString())
        .hasMessageContaining("broke off")
        .satisfies(
            e -> assertThat(List.of(parts)).allMatch(String.valueOf(e.getMessage())::contains));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 407, 410, 418, 501, 505})
  void aRefusalIsToldAtOnceWithItsStatus(int status) {
    SERVER.stubFor(get("/c/x").willReturn(aResponse().withStatus(status)));

    assertRefused(url("/c/x"), "HTTP status " + status);
    SERVER.verify(1, getRequestedFor(urlEqualTo("/c/x")));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void troubleThatStaysIsToldWithItsStatusAfterTheRetries(int status) {
    SERVER.stubFor(get("/c/x").willReturn(aResponse().withStatus(status)));

    assertRefused(url("/c/x"), "HTTP status " + status);
    // OkHttp itself repeats a request that was answered with 408
    SERVER.verify(moreThanOrExactly(2), getRequestedFor(urlEqualTo("/c/x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "99999999999999999999", ""})
  void aRetryAfterThatSaysNothingCountsAsNone(String value) throws IOException {
    busyOnce(value);

    assertThat(text(url("/c/busy"))).isEqualTo("free");
  }

  @Test
  void retryAfterMayBeADate() throws IOException {
    ZonedDateTime later = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
    busyOnce(DateTimeFormatter.RFC_1123_DATE_TIME.format(later));
    Duration wait = Duration.ofMillis(300);
    long start = System.nanoTime();

    try (Network patient = new Network(hasty().longestWait(wait).build());
        Response response = patient.get(url("/c/busy"), Map.of(), context)) {
      assertThat(response.status()).isEqualTo(200);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(wait);
  }

  @Test
  void aDateThatIsOverMeansAtOnce() throws IOException {
    busyOnce("Sun, 06 Nov 1994 08:49:37 GMT");

    assertThat(text(url("/c/busy"))).isEqualTo("free");
  }

  private static void busyOnce(String retryAfter) {
    SERVER.stubFor(
        get("/c/busy")
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", retryAfter))
            .willSetStateTo("free"));
    SERVER.stubFor(
        get("/c/busy").inScenario("busy").whenScenarioStateIs("free").willReturn(ok("free")));
  }

  @Test
  void anUnknownHostIsNamed() {
    URI uri = URI.create("http://conda.invalid/c/x");

    assertRefused(uri, "the host conda.invalid is not known");
  }

  @Test
  void aConnectionThatIsNotAcceptedEndsInATimeOut() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> callers = fill(full);
      URI uri = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/c/x");

      assertRefused(uri, "cannot be reached");

      for (Socket caller : callers) {
        caller.close();
      }
    }
  }

  /** Connects until nobody gets in any more. */
  private static List<Socket> fill(ServerSocket listener) throws IOException {
    List<Socket> callers = new ArrayList<>();
    while (callers.size() < 100) {
      Socket caller = new Socket();
      callers.add(caller);
      try {
        caller.connect(
            new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 200);
      } catch (SocketTimeoutException e) {
        return callers;
      }
    }
    throw new AssertionError("This system accepts connections without end.");
  }

  @Test
  void aTlsHandshakeThatStallsEnds() throws IOException {
    try (StrangeServer server = new StrangeServer((self, socket) -> self.silence())) {
      assertRefused(server.url("https", "/c/x"), "cannot be reached");
    }
  }

  @Test
  void aHeadThatDripsEnds() throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              self.drip(socket, HEAD + "X-Long: " + "x".repeat(100_000), 20);
            })) {
      assertRefused(server.url("http", "/c/x"), "silent for too long");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aBodyThatDripsBreaksOff() {
    SERVER.stubFor(
        get("/c/x").willReturn(ok("x".repeat(2000)).withChunkedDribbleDelay(2000, 200_000)));

    assertBreaksOff(url("/c/x"), "slower than 10000 bytes a second");
  }

  @Test
  void aBodyThatFallsSilentBreaksOff() throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              StrangeServer.say(socket, HEAD + "Content-Length: 10\r\n\r\n12345");
              self.silence();
            })) {
      assertBreaksOff(server.url("http", "/c/x"), "after 5 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEAD + "Content-Length: 10\r\n\r\n12345",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nno length\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\nA\r\n12345"
      })
  void aBodyThatIsCutBreaksOff(String answer) throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              StrangeServer.say(socket, answer);
            })) {
      assertBreaksOff(server.url("http", "/c/x"));
    }
  }

  @Test
  void aConnectionThatIsResetInTheBodyBreaksOff() throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              StrangeServer.say(socket, HEAD + "Content-Length: 10\r\n\r\n12345");
              StrangeServer.reset(socket);
            })) {
      URI uri = server.url("http", "/c/x");
      // the reset may overtake the head
      assertThatThrownBy(() -> text(uri)).hasMessageContaining(uri.toString());
    }
  }

  @Test
  void aConnectionThatIsResetInTheHeadIsToldAfterTheRetries() throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              StrangeServer.say(socket, "HTTP/1.1 2");
              StrangeServer.reset(socket);
            })) {
      assertRefused(server.url("http", "/c/x"));
      assertThat(server.connections()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void anEmptyReplyIsToldAfterTheRetries() throws IOException {
    try (StrangeServer server = new StrangeServer((self, socket) -> StrangeServer.head(socket))) {
      assertRefused(server.url("http", "/c/x"), "cannot be fetched");
      assertThat(server.connections()).isGreaterThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>s3cret</html>\r\n\r\n", "SSH-2.0-s3cret\r\n\r\n", "\u0000\u0001\r\n\r\n"})
  void whatIsNoHttpIsToldAndNotQuoted(String answer) throws IOException {
    try (StrangeServer server =
        new StrangeServer(
            (self, socket) -> {
              StrangeServer.head(socket);
              StrangeServer.say(socket, answer);
            })) {
      URI uri = server.url("http", "/c/x");

      assertRefused(uri, "is no HTTP");
      assertThatThrownBy(() -> text(uri)).hasMessageNotContaining("s3cret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://localhost/x",
        "javascript:alert(1)",
        "http:///x",
        "http://[x"
      })
  void aRedirectToSomethingElseThanHttpIsNotFollowed(String location) {
    SERVER.stubFor(
        get("/c/x").willReturn(aResponse().withStatus(302).withHeader("Location", location)));

    assertRefused(url("/c/x"), "it leads on to something that is no");
    SERVER.verify(1, getRequestedFor(urlEqualTo("/c/x")));
  }

  @Test
  void aRedirectToNowhereIsToldWithItsStatus() {
    SERVER.stubFor(get("/c/x").willReturn(aResponse().withStatus(302)));

    assertRefused(url("/c/x"), "HTTP status 302");
  }

  @Test
  void aRepetitionThatWorksHealsWhatWentBefore() throws IOException {
    try (StrangeServer server = new StrangeServer(new Recovering())) {
      assertThat(text(server.url("http", "/c/x"))).isEqualTo("12345");
      assertThat(server.connections()).isGreaterThanOrEqualTo(2);
    }
  }

  /** Resets the first connections, then serves. */
  private static final class Recovering implements StrangeServer.Conduct {
    private boolean well;

    @Override
    public synchronized void on(StrangeServer self, Socket socket) throws IOException {
      StrangeServer.head(socket);
      if (!well) {
        well = true;
        StrangeServer.reset(socket);
        return;
      }
      StrangeServer.say(socket, HEAD + "Content-Length: 5\r\n\r\n12345");
    }
  }
}

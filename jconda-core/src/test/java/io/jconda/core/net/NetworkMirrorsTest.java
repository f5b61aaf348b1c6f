package io.jconda.core.net;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.ChannelException;
import io.jconda.Credential;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NetworkMirrorsTest {
  @RegisterExtension
  static final WireMockExtension FIRST =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @RegisterExtension
  static final WireMockExtension SECOND =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final URI CHANNEL = URI.create("http://canonical.invalid/forge");
  private static final URI FILE = URI.create(CHANNEL + "/noarch/x");
  private static final String AT_FIRST = "/m1/noarch/x";
  private static final String AT_SECOND = "/m2/forge/noarch/x";

  private final OperationContext context = OperationContext.silent();

  @TempDir Path folder;

  private static NetworkSettings.Builder quick() {
    return NetworkSettings.builder().retries(1).backOff(Duration.ofMillis(2));
  }

  private static NetworkSettings.Builder mirrored() {
    return quick()
        .mirrors(
            CHANNEL,
            List.of(
                URI.create(FIRST.baseUrl() + "/m1/"), URI.create(SECOND.baseUrl() + "/m2/forge")));
  }

  private String text(Network network, URI uri) throws IOException {
    try (Response response = network.get(uri, Map.of(), context)) {
      assertThat(response.status()).isEqualTo(200);
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  @Test
  void theFirstMirrorServesWhatLiesBelowTheChannel() throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(ok("first")));

    try (Network network = new Network(mirrored().build())) {
      assertThat(text(network, FILE)).isEqualTo("first");
    }
    SECOND.verify(0, getRequestedFor(urlEqualTo(AT_SECOND)));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 410, 429, 500, 502, 503, 504})
  void aMirrorThatDoesNotServeIsPassedOverAtOnce(int status) throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withStatus(status)));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("second")));

    try (Network network = new Network(mirrored().build())) {
      assertThat(text(network, FILE)).isEqualTo("second");
    }
    FIRST.verify(1, getRequestedFor(urlEqualTo(AT_FIRST)));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aMirrorThatBreaksOffIsPassedOverByTheRepetition(Fault fault) throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withFault(fault)));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("second")));

    try (Network network = new Network(mirrored().build())) {
      assertThat(readTwice(network)).isEqualTo("second");
    }
  }

  /** Does what all do that read a body: asks anew once it broke off. */
  private String readTwice(Network network) throws IOException {
    try {
      return text(network, FILE);
    } catch (IOException e) {
      return text(network, FILE);
    }
  }

  @Test
  void aMirrorThatFailedComesLastForAWhile() throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withStatus(503)));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("second")));

    try (Network network = new Network(mirrored().build())) {
      for (int i = 0; i < 5; i++) {
        assertThat(text(network, FILE)).isEqualTo("second");
      }
    }
    FIRST.verify(1, getRequestedFor(urlEqualTo(AT_FIRST)));
  }

  @Test
  void aMirrorWhoseContentIsRejectedComesLast() throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(ok("wrong")));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("right")));

    try (Network network = new Network(mirrored().build())) {
      try (Response response = network.get(FILE, Map.of(), context)) {
        assertThat(response.body()).hasContent("wrong");
        response.reject("its hash is another");
      }
      assertThat(text(network, FILE)).isEqualTo("right");
    }
  }

  @Test
  void theLastResortAreMirrorsThatFailedBefore() throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withStatus(503)));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("second")));

    try (Network network = new Network(mirrored().build())) {
      assertThat(text(network, FILE)).isEqualTo("second");
      SECOND.stubFor(get(AT_SECOND).willReturn(aResponse().withStatus(503)));
      FIRST.stubFor(get(AT_FIRST).willReturn(ok("well again")));

      assertThat(text(network, FILE)).isEqualTo("well again");
    }
  }

  @Test
  void whatNoMirrorHasIsAbsent() {
    try (Network network = new Network(mirrored().build());
        Response response = network.get(FILE, Map.of(), context)) {
      assertThat(response.status()).isEqualTo(404);
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void whenAllFailTheChannelsOwnUrlIsToldAndTheMirror() {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withStatus(503)));
    SECOND.stubFor(get(AT_SECOND).willReturn(aResponse().withStatus(502)));

    try (Network network = new Network(mirrored().build())) {
      assertThatThrownBy(() -> network.get(FILE, Map.of(), context))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining(FILE.toString())
          .hasMessageContaining("localhost")
          .satisfies(e -> assertThat(((ChannelException) e).remedy()).contains("mirror"));
    }
    FIRST.verify(2, getRequestedFor(urlEqualTo(AT_FIRST)));
    SECOND.verify(2, getRequestedFor(urlEqualTo(AT_SECOND)));
  }

  @Test
  void theChannelItselfIsAskedWhereItStandsInTheList() throws IOException {
    URI channel = URI.create(SECOND.baseUrl() + "/forge");
    SECOND.stubFor(get("/forge/noarch/x").willReturn(ok("canonical")));

    try (Network network =
        new Network(
            quick()
                .mirrors(channel, List.of(URI.create(FIRST.baseUrl() + "/m1"), channel))
                .build())) {
      assertThat(text(network, URI.create(channel + "/noarch/x"))).isEqualTo("canonical");
    }
    FIRST.verify(1, getRequestedFor(urlEqualTo(AT_FIRST)));
  }

  @Test
  void aFolderMayBeAMirrorAlsoOffline() throws IOException {
    Files.createDirectories(folder.resolve("noarch"));
    Files.writeString(folder.resolve("noarch/x"), "from the folder");

    try (Network network =
        new Network(
            quick()
                .offline(true)
                .mirrors(CHANNEL, List.of(URI.create(FIRST.baseUrl() + "/m1"), folder.toUri()))
                .build())) {
      assertThat(text(network, FILE)).isEqualTo("from the folder");
    }
    FIRST.verify(0, getRequestedFor(urlEqualTo(AT_FIRST)));
  }

  @Test
  void aMirrorOfAnUnknownSchemeIsPassedOverAndToldIfNoneIsLeft() throws IOException {
    URI oci = URI.create("oci://ghcr.example/channel-mirrors/forge");
    FIRST.stubFor(get(AT_FIRST).willReturn(ok("first")));

    try (Network network =
        new Network(
            quick().mirrors(CHANNEL, List.of(oci, URI.create(FIRST.baseUrl() + "/m1"))).build())) {
      assertThat(text(network, FILE)).isEqualTo("first");
    }
    try (Network network = new Network(quick().mirrors(CHANNEL, List.of(oci)).build())) {
      assertThatThrownBy(() -> network.get(FILE, Map.of(), context))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("oci://ghcr.example/channel-mirrors/forge/noarch/x is no URL")
          .satisfies(
              e -> assertThat(((ChannelException) e).remedy()).contains("file, http, https"));
    }
  }

  @Test
  void eachMirrorGetsItsOwnCredentialsOnly() throws IOException {
    FIRST.stubFor(get(AT_FIRST).willReturn(aResponse().withStatus(404)));
    SECOND.stubFor(get(AT_SECOND).willReturn(ok("second")));
    NetworkSettings settings =
        mirrored()
            .credential(new Credential.Bearer("canonical.invalid", "of the channel"))
            .credential(new Credential.Bearer(SECOND.baseUrl() + "/m2", "of the second"))
            .build();

    try (Network network = new Network(settings)) {
      text(network, FILE);
    }

    FIRST.verify(getRequestedFor(urlEqualTo(AT_FIRST)).withHeader("Authorization", absent()));
    SECOND.verify(
        getRequestedFor(urlEqualTo(AT_SECOND))
            .withHeader("Authorization", equalTo("Bearer of the second")));
  }

  @Test
  void theLongestPrefixCountsAndNamesThatOnlyBeginAlikeDoNot() {
    URI mirror = URI.create("http://m.invalid/a");
    URI closer = URI.create("http://m.invalid/b");
    Mirrors mirrors =
        new Mirrors(
            Map.of(
                URI.create("http://c.invalid"), List.of(mirror),
                URI.create("http://c.invalid/forge/"), List.of(closer)),
            System::nanoTime);

    assertThat(uris(mirrors, "http://c.invalid/forge/x?q=1"))
        .containsExactly("http://m.invalid/b/x?q=1");
    assertThat(uris(mirrors, "http://c.invalid/forger/x"))
        .containsExactly("http://m.invalid/a/forger/x");
    assertThat(uris(mirrors, "http://c.invalid.org/x")).containsExactly("http://c.invalid.org/x");
  }

  @Test
  void aMirrorRestsTwiceAsLongAfterEachFailureUntilItServesAgain() {
    URI one = URI.create("http://one.invalid");
    URI two = URI.create("http://two.invalid");
    AtomicLong now = new AtomicLong();
    Mirrors mirrors = new Mirrors(Map.of(CHANNEL, List.of(one, two)), now::get);
    Mirrors.Place first = mirrors.places(FILE).get(0);

    mirrors.failed(first, "test");
    assertThat(firstHost(mirrors)).isEqualTo("two.invalid");
    mirrors.succeeded(first);
    assertThat(firstHost(mirrors)).isEqualTo("two.invalid");
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(firstHost(mirrors)).isEqualTo("one.invalid");

    mirrors.failed(first, "test");
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(firstHost(mirrors)).isEqualTo("two.invalid");
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(firstHost(mirrors)).isEqualTo("one.invalid");

    mirrors.succeeded(first);
    mirrors.failed(first, "test");
    now.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(firstHost(mirrors)).isEqualTo("one.invalid");
  }

  private static List<String> uris(Mirrors mirrors, String uri) {
    return mirrors.places(URI.create(uri)).stream().map(place -> place.uri().toString()).toList();
  }

  private static String firstHost(Mirrors mirrors) {
    return mirrors.places(FILE).get(0).uri().getHost();
  }
}

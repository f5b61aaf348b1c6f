package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Credential;
import io.jconda.Environment;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.config.Settings;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spi.NetworkOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NetworkWiringTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @RegisterExtension
  static final WireMockExtension OTHER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;

  private static NetworkOptions.Builder options() {
    return NetworkOptions.DEFAULTS.toBuilder().retries(0);
  }

  private Settings settings(Map<String, String> environment) {
    return Settings.builder()
        .root(folder.resolve("root"))
        .readEnvironment(true)
        .environment(environment)
        .build();
  }

  private static String text(NetworkSettings settings, String uri) throws IOException {
    try (Network network = new Network(settings);
        Response response = network.get(URI.create(uri), Map.of(), OperationContext.silent())) {
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"})
  void theEnvironmentNamesAuthoritiesWhereNothingElseDoes(String variable) {
    Path none = folder.resolve("none.pem");
    Path own = folder.resolve("own.pem");
    Settings settings = settings(Map.of(variable, none.toString()));

    assertThatThrownBy(
            () ->
                text(NetworkWiring.of(options().build(), settings, true), "https://localhost:1/x"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(none.toString());
    assertThatThrownBy(
            () ->
                text(
                    NetworkWiring.of(options().caBundle(own).build(), settings, true),
                    "https://localhost:1/x"))
        .hasMessageContaining(own.toString());
    assertThatThrownBy(
            () ->
                text(
                    NetworkWiring.of(options().verify(false).build(), settings, true),
                    "https://localhost:1/x"))
        .hasMessageContaining("cannot be fetched");
  }

  @Test
  void theEnvironmentNamesProxiesOnlyForAClientThatReadsIt() throws IOException {
    SERVER.stubFor(get("/x").withHost(equalTo("conda.invalid")).willReturn(ok("via")));
    Map<String, String> environment = Map.of("http_proxy", SERVER.baseUrl());
    Settings unread =
        Settings.builder().root(folder).readEnvironment(false).environment(environment).build();

    assertThat(
            text(
                NetworkWiring.of(options().build(), settings(environment), true),
                "http://conda.invalid/x"))
        .isEqualTo("via");
    assertThatThrownBy(
            () ->
                text(NetworkWiring.of(options().build(), unread, false), "http://conda.invalid/x"))
        .hasMessageContaining("conda.invalid is not known");
  }

  @Test
  void netrcAndCredentialsFilesAreReadOnlyByAClientThatIsToldTo() throws IOException {
    SERVER.stubFor(get("/x").willReturn(ok("x")));
    Path netrc =
        Files.writeString(folder.resolve("netrc"), "machine localhost login me password p");
    Path json =
        Files.writeString(folder.resolve("auth.json"), "{\"localhost\": {\"BearerToken\": \"b\"}}");
    Settings ofNetrc = settings(Map.of("NETRC", netrc.toString()));
    Settings ofBoth =
        settings(Map.of("NETRC", netrc.toString(), "RATTLER_AUTH_FILE", json.toString()));

    assertThat(sent(NetworkWiring.of(options().build(), ofNetrc, true))).startsWith("Basic ");
    assertThat(sent(NetworkWiring.of(options().build(), ofBoth, true))).isEqualTo("Bearer b");
    assertThat(sent(NetworkWiring.of(options().build(), ofNetrc, false))).isEqualTo("none");
    assertThat(sent(NetworkWiring.of(options().userCredentials(false).build(), ofBoth, true)))
        .isEqualTo("none");
    assertThat(sent(NetworkWiring.of(options().credentialsFile(json).build(), ofNetrc, true)))
        .isEqualTo("Bearer b");
  }

  private static String sent(NetworkSettings settings) throws IOException {
    SERVER.resetRequests();
    text(settings, SERVER.baseUrl() + "/x");
    com.github.tomakehurst.wiremock.http.HttpHeader header =
        SERVER.getAllServeEvents().get(0).getRequest().getHeaders().getHeader("Authorization");
    return header.isPresent() ? header.firstValue() : "none";
  }

  @Test
  void headersGoToTheServerThatIsAskedAndOnByUriOnly() throws IOException {
    OTHER.stubFor(get("/y").willReturn(ok("y")));
    SERVER.stubFor(get("/x").willReturn(temporaryRedirect(OTHER.baseUrl() + "/y")));
    NetworkOptions options =
        options()
            .header("X-Constant", "c")
            .headers(uri -> Map.of("X-Port", String.valueOf(uri.getPort())))
            .build();

    assertThat(text(NetworkWiring.of(options, settings(Map.of()), true), SERVER.baseUrl() + "/x"))
        .isEqualTo("y");

    SERVER.verify(
        getRequestedFor(urlEqualTo("/x"))
            .withHeader("X-Constant", equalTo("c"))
            .withHeader("X-Port", equalTo(String.valueOf(SERVER.getPort()))));
    OTHER.verify(
        getRequestedFor(urlEqualTo("/y"))
            .withHeader("X-Constant", absent())
            .withHeader("X-Port", equalTo(String.valueOf(OTHER.getPort()))));
  }

  @Test
  void aMirrorOfCodeThatCannotBeUsedAndACredentialForNowhereFailAtOnce() {
    CondaClient.Builder oci =
        CondaClient.builder().root(folder).mirror("conda-forge", "oci://ghcr.example/mirror");
    CondaClient.Builder nowhere =
        CondaClient.builder().root(folder).credential(new Credential.Bearer("a b", "s3cret"));

    assertThatThrownBy(oci::build)
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("A mirror of conda-forge cannot be used")
        .hasMessageContaining("oci");
    assertThatThrownBy(nowhere::build)
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("A credential cannot be used")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void recordsKeepTheChannelsOwnUrlWhateverMirrorServed() throws IOException {
    Path channel = folder.resolve("channel");
    PackageBuilder.of("hello", "1.0")
        .noarch(NoarchType.GENERIC)
        .file("share/hello.txt", "hello")
        .build(channel);
    ChannelIndexer.index(channel);
    serve(SERVER, "/first", channel, true);
    serve(OTHER, "/second", channel, false);

    try (CondaClient client =
        CondaClient.builder()
            .root(folder.resolve("root"))
            .mirror("team", SERVER.baseUrl() + "/first", OTHER.baseUrl() + "/second")
            .network(network -> network.retries(0))
            .build()) {
      Environment environment = client.env("e").channel("team").install("hello");

      assertThat(environment.packages())
          .singleElement()
          .satisfies(
              record ->
                  assertThat(record.url())
                      .startsWith("https://conda.anaconda.org/team/noarch/hello-1.0"));
      assertThat(environment.prefix().resolve("share/hello.txt")).hasContent("hello");
    }
    SERVER.verify(getRequestedFor(urlEqualTo("/first/noarch/hello-1.0-0.conda")));
    OTHER.verify(getRequestedFor(urlEqualTo("/second/noarch/hello-1.0-0.conda")));
  }

  /** Serves a channel, with other bytes in the place of its archives if it is spoilt. */
  private static void serve(WireMockExtension server, String path, Path channel, boolean spoilt)
      throws IOException {
    try (Stream<Path> files = Files.walk(channel)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String url = path + "/" + channel.relativize(file).toString().replace('\\', '/');
        byte[] body = Files.readAllBytes(file);
        server.stubFor(
            get(urlEqualTo(url))
                .willReturn(
                    com.github.tomakehurst.wiremock.client.WireMock.aResponse()
                        .withBody(
                            spoilt && url.endsWith(".conda")
                                ? "no archive at all".getBytes(UTF_8)
                                : body)));
      }
    }
  }

  @Test
  void clientsShareANetworkAsLongAsTheySayTheSameAboutIt() {
    Networks networks = new Networks();
    Settings settings = settings(Map.of());
    NetworkSettings one = NetworkWiring.of(options().build(), settings, true);
    NetworkSettings same = NetworkWiring.of(options().build(), settings, true);
    NetworkSettings other =
        NetworkWiring.of(options().readTimeout(Duration.ofSeconds(5)).build(), settings, true);

    Network first = networks.retain(one);
    assertThat(networks.retain(same)).isSameAs(first);
    Network second = networks.retain(other);
    assertThat(second).isNotSameAs(first);

    networks.release(other);
    networks.release(one);
    URI uri = URI.create(SERVER.baseUrl() + "/x");
    assertThatThrownBy(() -> second.get(uri, Map.of(), OperationContext.silent()))
        .isInstanceOf(IllegalStateException.class);
    try (Response response = first.get(uri, Map.of(), OperationContext.silent())) {
      assertThat(response.status()).isEqualTo(404);
    }
    networks.release(same);
    assertThatThrownBy(() -> first.get(uri, Map.of(), OperationContext.silent()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void optionsOfADerivedClientBeginAsThoseOfItsOrigin() {
    NetworkOptions origin =
        options().credential(new Credential.Bearer("a", "s3cret")).header("X-A", "1").build();
    NetworkOptions derived = origin.toBuilder().header("X-B", "2").build();

    assertThat(derived.credentials()).isEqualTo(origin.credentials());
    assertThat(derived.headers()).isEqualTo(Map.of("X-A", "1", "X-B", "2"));
    assertThat(origin.headers()).isEqualTo(Map.of("X-A", "1"));
    assertThat(derived).hasToString("NetworkOptions[credentials=[Bearer[a]], mirrored channels=0]");
  }
}

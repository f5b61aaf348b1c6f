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

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.ChannelException;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Proxies: nothing called conda.invalid exists, so what arrives came through one. */
@Timeout(60)
class NetworkProxyTest {
  @RegisterExtension
  static final WireMockExtension PROXY =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @RegisterExtension
  static final WireMockExtension OTHER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final URI TARGET = URI.create("http://conda.invalid/x");

  private final OperationContext context = OperationContext.silent();

  @TempDir Path folder;

  private static NetworkSettings.Builder quick() {
    return NetworkSettings.builder().retries(0).backOff(Duration.ofMillis(2));
  }

  private static MappingBuilder target() {
    return get(urlEqualTo("/x")).withHost(equalTo("conda.invalid"));
  }

  private static String url(WireMockExtension server, String userInfo) {
    return "http://" + userInfo + "localhost:" + server.getPort();
  }

  private String text(NetworkSettings.Builder settings, URI uri) throws IOException {
    try (Network network = new Network(settings.build());
        Response response = network.get(uri, Map.of(), context)) {
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  private static ProxySelector selecting(int port) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("localhost", port)));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        throw new AssertionError(failure);
      }
    };
  }

  @Test
  void theConfigurationsProxyIsUsed() throws IOException {
    PROXY.stubFor(target().willReturn(ok("via")));

    assertThat(text(quick().proxyServers(Map.of("http", url(PROXY, ""))), TARGET)).isEqualTo("via");
  }

  @Test
  void theEnvironmentsProxyIsUsedIfThereIsNoOther() throws IOException {
    PROXY.stubFor(target().willReturn(ok("environment")));
    OTHER.stubFor(target().willReturn(ok("configuration")));
    Map<String, String> environment = Map.of("http_proxy", url(PROXY, ""));

    assertThat(text(quick().environment(environment), TARGET)).isEqualTo("environment");
    assertThat(
            text(
                quick().environment(environment).proxyServers(Map.of("all", url(OTHER, ""))),
                TARGET))
        .isEqualTo("configuration");
  }

  @Test
  void theJvmsPropertiesCountBeforeTheConfiguration() throws IOException {
    PROXY.stubFor(target().willReturn(ok("jvm")));
    OTHER.stubFor(target().willReturn(ok("configuration")));
    System.setProperty("http.proxyHost", "localhost");
    System.setProperty("http.proxyPort", String.valueOf(PROXY.getPort()));
    try {
      assertThat(text(quick().proxyServers(Map.of("http", url(OTHER, ""))), TARGET))
          .isEqualTo("jvm");
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void theApplicationsSelectorCountsBeforeAllOthers() throws IOException {
    PROXY.stubFor(target().willReturn(ok("application")));
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(selecting(1));
    try {
      assertThat(
              text(
                  quick()
                      .proxySelector(selecting(PROXY.getPort()))
                      .proxyServers(Map.of("http", "http://localhost:1")),
                  TARGET))
          .isEqualTo("application");
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void noProxyLeadsPastTheProxy() throws IOException {
    OTHER.stubFor(get("/x").willReturn(ok("direct")));
    Map<String, String> environment =
        Map.of("http_proxy", "http://localhost:1", "no_proxy", "localhost");

    assertThat(text(quick().environment(environment), URI.create(OTHER.baseUrl() + "/x")))
        .isEqualTo("direct");
  }

  @Test
  void theUserAndPasswordOfAProxysUrlAnswerItsChallengeAndReachNobodyElse() throws IOException {
    PROXY.stubFor(
        target()
            .willReturn(
                aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"p\"")));
    PROXY.stubFor(
        target()
            .withHeader("Proxy-Authorization", equalTo(CredentialBook.basic("me:p@ss")))
            .willReturn(ok("via")));
    OTHER.stubFor(get("/y").willReturn(ok("direct")));
    NetworkSettings.Builder settings =
        quick().proxyServers(Map.of("http://conda.invalid", url(PROXY, "me:p%40ss@")));

    try (Network network = new Network(settings.build())) {
      try (Response response = network.get(TARGET, Map.of(), context)) {
        assertThat(response.status()).isEqualTo(200);
      }
      try (Response response = network.get(URI.create(OTHER.baseUrl() + "/y"), Map.of(), context)) {
        assertThat(response.status()).isEqualTo(200);
      }
    }

    OTHER.verify(getRequestedFor(urlEqualTo("/y")).withHeader("Proxy-Authorization", absent()));
  }

  @Test
  void aProxyThatWantsAPasswordSaysSo() {
    PROXY.stubFor(
        target()
            .willReturn(
                aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"p\"")));

    assertThatThrownBy(
            () -> text(quick().proxyServers(Map.of("http", url(PROXY, "me:s3cret@"))), TARGET))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("407")
        .satisfies(
            e -> {
              assertThat(((ChannelException) e).remedy()).contains("proxy");
              assertThat(SecretHunt.everythingIn(e)).doesNotContain("s3cret");
            });
  }

  @Test
  void anAuthenticatorOfTheApplicationAnswersProxiesAndServers() throws IOException {
    PROXY.stubFor(
        target()
            .willReturn(
                aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"p\"")));
    String toProxy = CredentialBook.basic("proxy:of p");
    PROXY.stubFor(
        target()
            .withHeader("Proxy-Authorization", equalTo(toProxy))
            .willReturn(
                aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic realm=\"s\"")));
    PROXY.stubFor(
        target()
            .withHeader("Proxy-Authorization", equalTo(toProxy))
            .withHeader("Authorization", equalTo(CredentialBook.basic("server:of s")))
            .willReturn(ok("both")));
    Authenticator authenticator =
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            String user = getRequestorType() == RequestorType.PROXY ? "proxy" : "server";
            return new PasswordAuthentication(user, ("of " + getRequestingPrompt()).toCharArray());
          }
        };

    assertThat(
            text(
                quick().authenticator(authenticator).proxyServers(Map.of("http", url(PROXY, ""))),
                TARGET))
        .isEqualTo("both");
  }

  @Test
  void aProxyThatCannotBeUsedIsToldWithItsSource() {
    assertThatThrownBy(
            () -> text(quick().environment(Map.of("HTTP_PROXY", "https://me:s3cret@p")), TARGET))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("HTTP_PROXY")
        .hasMessageContaining("cannot be https")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aProxyThatIsNotThereIsTold() {
    assertThatThrownBy(
            () -> text(quick().proxyServers(Map.of("http", "http://localhost:1")), TARGET))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(TARGET.toString());
  }

  @Test
  void aSocksProxyLooksUpNamesItself() throws IOException {
    OTHER.stubFor(get("/x").willReturn(ok("socks")));
    URI uri = URI.create("http://conda.invalid:" + OTHER.getPort() + "/x");
    try (TestProxy socks = TestProxy.socks()) {
      assertThat(
              text(quick().proxyServers(Map.of("all", "socks5://localhost:" + socks.port())), uri))
          .isEqualTo("socks");
      assertThat(socks.tunnels()).containsExactly("conda.invalid:" + OTHER.getPort());
    }
  }

  @Test
  void httpsGoesThroughATunnelWithThePasswordOfTheProxy() throws Exception {
    TestCertificates ca = new TestCertificates("CA");
    Path keys = ca.issue("server", "conda.invalid").keyStore(folder.resolve("keys.p12"));
    Path bundle = Files.writeString(folder.resolve("ca.pem"), TestCertificates.pem(ca.authority()));
    WireMockServer server =
        new WireMockServer(
            wireMockConfig()
                .dynamicHttpsPort()
                .httpDisabled(true)
                .keystoreType("PKCS12")
                .keystorePath(keys.toString())
                .keystorePassword(TestCertificates.PASSWORD)
                .keyManagerPassword(TestCertificates.PASSWORD));
    server.start();
    try (TestProxy proxy = TestProxy.http("me:s3cret")) {
      server.stubFor(get("/x").willReturn(ok("tunnelled")));
      URI uri = URI.create("https://conda.invalid:" + server.httpsPort() + "/x");
      TlsOptions tls = TlsOptions.JVM.withCaBundle(bundle);
      String right = "http://me:s3cret@localhost:" + proxy.port();

      assertThat(text(quick().tls(tls).environment(Map.of("HTTPS_PROXY", right)), uri))
          .isEqualTo("tunnelled");
      assertThat(proxy.connections()).isEqualTo(1);
      server.verify(getRequestedFor(urlEqualTo("/x")).withHeader("Proxy-Authorization", absent()));

      String wrong = "http://me:wr0ng@localhost:" + proxy.port();
      assertThatThrownBy(
              () -> text(quick().tls(tls).environment(Map.of("HTTPS_PROXY", wrong)), uri))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("407")
          .satisfies(e -> assertThat(SecretHunt.everythingIn(e)).doesNotContain("wr0ng"));
    } finally {
      server.stop();
    }
  }
}

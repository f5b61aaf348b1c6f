package io.jconda.core.net;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NetworkTlsTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static TestCertificates ca;
  private static TestCertificates foreign;
  private static WireMockServer server;
  private static WireMockServer strict;
  private static WireMockServer misnamed;

  private final OperationContext context = OperationContext.silent();

  @BeforeAll
  static void serve() throws Exception {
    ca = new TestCertificates("Company CA");
    foreign = new TestCertificates("Foreign CA");
    Path keys = ca.issue("server", "localhost").keyStore(shared.resolve("s.p12"), ca.authority());
    Path other = ca.issue("server", "other.example").keyStore(shared.resolve("o.p12"));
    server = start(https(keys));
    strict =
        start(
            https(keys)
                .needClientAuth(true)
                .trustStoreType("PKCS12")
                .trustStorePath(keys.toString())
                .trustStorePassword(TestCertificates.PASSWORD));
    misnamed = start(https(other));
  }

  private static WireMockConfiguration https(Path keys) {
    return wireMockConfig()
        .dynamicPort()
        .dynamicHttpsPort()
        .keystoreType("PKCS12")
        .keystorePath(keys.toString())
        .keystorePassword(TestCertificates.PASSWORD)
        .keyManagerPassword(TestCertificates.PASSWORD);
  }

  private static WireMockServer start(WireMockConfiguration configuration) {
    WireMockServer made = new WireMockServer(configuration);
    made.start();
    made.stubFor(get("/x").willReturn(ok("safe")));
    return made;
  }

  @AfterAll
  static void stop() {
    server.stop();
    strict.stop();
    misnamed.stop();
  }

  private static URI url(WireMockServer of) {
    return URI.create("https://localhost:" + of.httpsPort() + "/x");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private TlsOptions trustingCa() throws Exception {
    return TlsOptions.JVM.withCaBundle(
        file("ca.pem", TestCertificates.pem(foreign.authority(), ca.authority())));
  }

  private String text(TlsOptions tls, URI uri) throws IOException {
    NetworkSettings settings =
        NetworkSettings.builder().retries(1).backOff(Duration.ofMillis(2)).tls(tls).build();
    try (Network network = new Network(settings);
        Response response = network.get(uri, Map.of(), context)) {
      return new String(response.body().readAllBytes(), UTF_8);
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefusedWithARemedy() {
    server.resetRequests();

    assertThatThrownBy(() -> text(TlsOptions.JVM, url(server)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(url(server).toString())
        .hasMessageContaining("cannot be reached safely")
        .satisfies(e -> assertThat(((ChannelException) e).remedy()).contains("ssl_verify"));
  }

  @Test
  void authoritiesOfAFileAreTrusted() throws Exception {
    assertThat(text(trustingCa(), url(server))).isEqualTo("safe");
  }

  @Test
  void authoritiesOfAFolderAreTrusted() throws Exception {
    file("readme", "no certificate here");
    file("foreign.pem", TestCertificates.pem(foreign.authority()));
    file("company.0", TestCertificates.pem(ca.authority()));

    assertThat(text(TlsOptions.JVM.withCaBundle(folder), url(server))).isEqualTo("safe");
  }

  @Test
  void authoritiesOfAFileStandInForTheOthers() throws Exception {
    Path wrong = file("wrong.pem", TestCertificates.pem(foreign.authority()));

    assertThatThrownBy(() -> text(TlsOptions.JVM.withCaBundle(wrong), url(server)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("cannot be reached safely");
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    assertThatThrownBy(() -> text(trustingCa(), url(misnamed)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("cannot be reached safely");
  }

  @Test
  void withoutChecksEverybodyIsBelieved() throws IOException {
    assertThat(text(TlsOptions.JVM.withVerify(false), url(server))).isEqualTo("safe");
    assertThat(text(TlsOptions.JVM.withVerify(false), url(misnamed))).isEqualTo("safe");
  }

  @Test
  void theOperatingSystemsAuthoritiesDoNotKnowOurs() {
    // that they can be loaded at all is what is shown, on systems that have them
    assertThatThrownBy(() -> text(TlsOptions.JVM.withSystemTrust(true), url(server)))
        .isInstanceOf(CondaException.class)
        .hasMessageMatching("(?s).*(cannot be reached safely|not where they usually are).*");
  }

  @Test
  void aServerThatWantsACertificateGetsIt() throws Exception {
    TestCertificates.Identity me = ca.issue("me", "");
    Path both =
        file("both.pem", TestCertificates.pem(me.key()) + TestCertificates.pem(me.certificate()));
    Path certificate = file("me.pem", TestCertificates.pem(me.certificate()));
    Path pkcs8 = file("key8.pem", TestCertificates.pem(me.key()));
    Path pkcs1 = file("key1.pem", TestCertificates.oldPem(me.key()));

    assertThat(text(trustingCa().withClient(both, both), url(strict))).isEqualTo("safe");
    assertThat(text(trustingCa().withClient(certificate, pkcs8), url(strict))).isEqualTo("safe");
    assertThat(text(trustingCa().withClient(certificate, pkcs1), url(strict))).isEqualTo("safe");
    assertThat(text(oneFile(both), url(strict))).isEqualTo("safe");
  }

  private TlsOptions oneFile(Path both) throws Exception {
    TlsOptions tls = trustingCa();
    return new TlsOptions(
        true, false, tls.caBundle(), Optional.of(both), Optional.empty(), Optional.empty());
  }

  @Test
  void aKeyOnACurveIsReadInBothForms() throws Exception {
    TestCertificates.Identity me = ca.issueOnCurve("me");
    Path certificate = file("me.pem", TestCertificates.pem(me.certificate()));
    Path pkcs8 = file("key8.pem", TestCertificates.pem(me.key()));
    Path sec1 = file("key1.pem", TestCertificates.oldPem(me.key()));

    assertThat(text(trustingCa().withClient(certificate, pkcs8), url(strict))).isEqualTo("safe");
    assertThat(text(trustingCa().withClient(certificate, sec1), url(strict))).isEqualTo("safe");
  }

  @Test
  void aServerThatWantsACertificateRefusesWhoHasNone() {
    assertThatThrownBy(() -> text(trustingCa(), url(strict)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(url(strict).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkq\n-----END ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0\n\n"
            + "MIIFHDBOBgkq\n-----END RSA PRIVATE KEY-----"
      })
  void anEncryptedKeyIsRefusedWithAWayOut(String key) throws Exception {
    Path certificate = file("me.pem", TestCertificates.pem(ca.issue("me", "").certificate()));
    Path encrypted = file("key.pem", key);

    assertThatThrownBy(() -> text(trustingCa().withClient(certificate, encrypted), url(strict)))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(encrypted.toString())
        .hasMessageContaining("is encrypted")
        .satisfies(e -> assertThat(((CondaException) e).remedy()).contains("openssl"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no pem at all",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nMIL/\n-----END EC PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
      })
  void aKeyThatCannotBeReadIsNamedByItsFile(String key) throws Exception {
    Path certificate = file("me.pem", TestCertificates.pem(ca.issue("me", "").certificate()));
    Path broken = file("key.pem", key);

    assertThatThrownBy(() -> text(trustingCa().withClient(certificate, broken), url(strict)))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(broken.toString())
        .hasMessageContaining("cannot be used");
  }

  @Test
  void aBundleWithoutCertificatesIsNamed() throws IOException {
    Path empty = file("empty.pem", "nothing");
    Path broken =
        file("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");

    assertThatThrownBy(() -> text(TlsOptions.JVM.withCaBundle(empty), url(server)))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(empty.toString());
    assertThatThrownBy(() -> text(TlsOptions.JVM.withCaBundle(broken), url(server)))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(broken.toString());
  }

  @Test
  void filesAreReadForHttpsOnly() throws IOException {
    TlsOptions missing = TlsOptions.JVM.withCaBundle(folder.resolve("none.pem"));

    assertThat(
            text(
                missing,
                URI.create(
                    server.baseUrl().replaceAll("https://.*", "http://localhost:" + server.port())
                        + "/x")))
        .isEqualTo("safe");
    assertThatThrownBy(() -> text(missing, url(server)))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("none.pem");
  }

  @Test
  void aContextOfTheApplicationDecidesAll() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", ca.authority());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(null, trust.getTrustManagers(), null);
    TlsOptions tls =
        TlsOptions.JVM.withCaBundle(folder.resolve("none.pem")).withVerify(false).withContext(own);

    assertThat(text(tls, url(server))).isEqualTo("safe");
    assertThatThrownBy(() -> text(tls, url(misnamed))).isInstanceOf(ChannelException.class);
  }

  @Test
  void aRedirectFromHttpsToHttpIsNotFollowed() throws Exception {
    String plain = "http://localhost:" + server.port() + "/x";
    server.stubFor(get("/down").willReturn(temporaryRedirect(plain)));
    TlsOptions tls = trustingCa();
    URI uri = URI.create("https://localhost:" + server.httpsPort() + "/down");

    assertThatThrownBy(() -> text(tls, uri))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(uri.toString())
        .hasMessageContaining("from https to http");
  }

  @Test
  void http2IsSpokenWhereTheServerDoes() throws Exception {
    server.resetRequests();

    text(trustingCa(), url(server));

    assertThat(server.getAllServeEvents())
        .singleElement()
        .satisfies(event -> assertThat(event.getRequest().getProtocol()).isEqualTo("HTTP/2.0"));
  }
}

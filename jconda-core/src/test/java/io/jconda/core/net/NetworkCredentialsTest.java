package io.jconda.core.net;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class NetworkCredentialsTest {
  private static final String PASSWORD = "s3cr3t-pass";
  private static final String TOKEN = "tk-0123456789";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @RegisterExtension
  static final WireMockExtension OTHER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private final Network network = new Network(quick().build());
  private final OperationContext context = OperationContext.silent();

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
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void credentialsOfAChannelGoWithItsUrlsOnly() throws IOException {
    SERVER.stubFor(get("/t/" + TOKEN + "/team/noarch/repodata.json").willReturn(ok("mine")));
    SERVER.stubFor(get("/teammate/noarch/repodata.json").willReturn(ok("theirs")));
    String withSecrets =
        SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + "/t/" + TOKEN + "/team";

    network.addCredentials(Channel.of(withSecrets));

    assertThat(text(url("/team/noarch/repodata.json"))).isEqualTo("mine");
    assertThat(text(url("/teammate/noarch/repodata.json"))).isEqualTo("theirs");
    SERVER.verify(
        getRequestedFor(urlEqualTo("/t/" + TOKEN + "/team/noarch/repodata.json"))
            .withHeader("Authorization", equalTo(CredentialBook.basic("me:" + PASSWORD))));
    SERVER.verify(
        getRequestedFor(urlEqualTo("/teammate/noarch/repodata.json"))
            .withHeader("Authorization", absent()));
  }

  @Test
  void aRedirectToAnotherHostCarriesNoCredentials() throws IOException {
    OTHER.stubFor(get("/elsewhere").willReturn(ok("found")));
    SERVER.stubFor(get("/team/x").willReturn(temporaryRedirect(OTHER.baseUrl() + "/elsewhere")));
    network.addCredentials(
        Channel.of(SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + "/team"));

    try (Response response =
        network.get(url("/team/x"), Map.of("Cookie", "id=1", "X-Plain", "1"), context)) {
      assertThat(response.body()).hasContent("found");
    }

    SERVER.verify(
        getRequestedFor(urlEqualTo("/team/x"))
            .withHeader("Authorization", matching("Basic .*"))
            .withHeader("Cookie", equalTo("id=1")));
    OTHER.verify(
        getRequestedFor(urlEqualTo("/elsewhere"))
            .withHeader("Authorization", absent())
            .withHeader("Cookie", absent())
            .withHeader("X-Plain", equalTo("1")));
  }

  @Test
  void aRedirectWithinTheChannelKeepsItsCredentials() throws IOException {
    SERVER.stubFor(get("/team/x").willReturn(temporaryRedirect("y")));
    SERVER.stubFor(
        get("/team/y").withHeader("Authorization", matching("Basic .*")).willReturn(ok("here")));
    network.addCredentials(
        Channel.of(SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + "/team"));

    assertThat(text(url("/team/x"))).isEqualTo("here");
  }

  @Test
  void noSecretStandsInAnException() {
    SERVER.stubFor(get("/t/" + TOKEN + "/team/gone").willReturn(aResponse().withStatus(403)));
    SERVER.stubFor(
        get("/t/" + TOKEN + "/team/cut").willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    SERVER.stubFor(
        get("/t/" + TOKEN + "/team/chunk")
            .willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));
    SERVER.stubFor(
        get("/t/" + TOKEN + "/team/away").willReturn(temporaryRedirect("nonsense://" + TOKEN)));
    String base = SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@");
    network.addCredentials(Channel.of(base + "/t/" + TOKEN + "/team"));

    for (String path : List.of("gone", "cut", "away", "chunk")) {
      for (URI uri :
          List.of(url("/team/" + path), URI.create(base + "/t/" + TOKEN + "/team/" + path))) {
        assertThatThrownBy(
                () -> {
                  try (Response response = network.get(uri, Map.of(), context)) {
                    response.body().readAllBytes();
                  }
                })
            .satisfies(
                e -> {
                  for (Throwable t = e; t != null; t = t.getCause()) {
                    assertThat(String.valueOf(t.getMessage()))
                        .doesNotContain(TOKEN)
                        .doesNotContain(PASSWORD);
                  }
                })
            .hasMessageContaining("/team/" + path);
      }
    }
  }
}

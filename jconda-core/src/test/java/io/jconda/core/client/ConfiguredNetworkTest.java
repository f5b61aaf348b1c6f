package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.ConfigurationException;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Follows what a {@code .condarc} says of the network to the servers that are asked. */
@Timeout(60)
class ConfiguredNetworkTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;

  @BeforeEach
  void serveAChannel() throws IOException {
    Path channel = folder.resolve("channel");
    PackageBuilder.of("hello", "1.0").noarch(NoarchType.GENERIC).build(channel);
    Files.createDirectories(channel.resolve(Platform.current().subdir()));
    ChannelIndexer.index(channel);
    try (Stream<Path> files = Files.walk(channel)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String url = "/chan/" + channel.relativize(file).toString().replace('\\', '/');
        SERVER.stubFor(
            get(urlEqualTo(url)).willReturn(aResponse().withBody(Files.readAllBytes(file))));
      }
    }
  }

  private CondaClient client(String condarc) throws IOException {
    Path file = Files.writeString(folder.resolve("condarc"), condarc);
    return CondaClient.builder()
        .root(folder.resolve("root"))
        .configurationFiles(file)
        .network(network -> network.retries(1))
        .build();
  }

  private static Plan plan(CondaClient client, String channel) {
    return client.env("e").channel(channel).plan("hello");
  }

  @Test
  void mirroredChannelsAreAskedInThePlaceOfTheChannel() throws IOException {
    try (CondaClient client =
        client("mirrored_channels:\n  team: [%s/chan]\n".formatted(SERVER.baseUrl()))) {
      assertThat(plan(client, "team").solution())
          .singleElement()
          .satisfies(record -> assertThat(record.url()).contains("conda.anaconda.org/team/"));
    }
  }

  @Test
  void aMirrorThatGivesAPageForAnIndexIsPassedOver() throws IOException {
    SERVER.stubFor(
        get(urlMatching("/portal/.*")).willReturn(aResponse().withBody("<html>log in</html>")));
    String mirrors =
        "mirrored_channels:\n  team: [%s/portal, %s/chan]\n"
            .formatted(SERVER.baseUrl(), SERVER.baseUrl());
    try (CondaClient client = client("repodata_use_shards: false\n" + mirrors)) {
      assertThat(plan(client, "team").solution()).hasSize(1);
    }
    SERVER.verify(getRequestedFor(urlMatching("/portal/noarch/repodata.*")));
  }

  @Test
  void proxyServersAreAskedForTheHostsTheyAreFor() throws IOException {
    try (CondaClient client =
        client("proxy_servers:\n  http://conda.invalid: %s\n".formatted(SERVER.baseUrl()))) {
      assertThat(plan(client, "http://conda.invalid/chan").solution()).hasSize(1);
      assertThatThrownBy(() -> plan(client, "http://other.invalid/chan"))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("other.invalid");
    }
  }

  @Test
  void anAuthorityThatIsNotThereIsNamed() {
    Path none = folder.resolve("none.pem");

    assertThatThrownBy(() -> client("ssl_verify: %s\n".formatted(none)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(none.toString());
  }

  @Test
  void offlineInAFileAsksNobody() throws IOException {
    try (CondaClient client = client("offline: true\n")) {
      assertThatThrownBy(() -> plan(client, SERVER.baseUrl() + "/chan"))
          .isInstanceOf(CondaException.class)
          .hasMessageContaining("offline");
    }
    SERVER.verify(0, getRequestedFor(anyUrl()));
  }
}

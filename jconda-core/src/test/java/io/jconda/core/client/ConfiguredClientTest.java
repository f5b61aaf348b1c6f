package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.BasicCredentials;
import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.Configuration;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.LinkMode;
import io.jconda.OfflineException;
import io.jconda.Plan;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.solve.ChannelPriority;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows what settings do, from a file to a plan or an environment. */
class ConfiguredClientTest {
  @TempDir Path folder;
  private final List<CondaClient> clients = new ArrayList<>();

  @BeforeEach
  void makeChannels() {
    make("high", "lib", "1.0");
    make("low", "lib", "1.0");
    make("low", "lib", "2.0");
    make("low", "python", "3.12.1");
    make("low", "pip", "24.0");
    ChannelIndexer.index(folder.resolve("high"));
    ChannelIndexer.index(folder.resolve("low"));
  }

  @AfterEach
  void close() {
    clients.forEach(CondaClient::close);
  }

  private void make(String channel, String name, String version) {
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .file("share/" + name + ".txt", version)
        .build(folder.resolve(channel));
  }

  private CondaClient.Builder builder(String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve("settings"), String.join("\n", lines));
    return CondaClient.builder().root(folder.resolve("root")).configurationFiles(file);
  }

  private CondaClient built(CondaClient.Builder builder) {
    CondaClient client = builder.build();
    clients.add(client);
    return client;
  }

  private CondaClient client(String... lines) throws IOException {
    return built(builder(lines));
  }

  private String channel(String name) {
    return "'" + folder.resolve(name) + "'";
  }

  private String both() {
    return "channels: [%s, %s]".formatted(channel("high"), channel("low"));
  }

  private static List<String> names(Plan plan) {
    return plan.toLink().stream().map(r -> r.name() + "-" + r.version()).sorted().toList();
  }

  private Plan plan(CondaClient client, String... specs) {
    return client.env(folder.resolve("env")).plan(specs);
  }

  @Test
  void channelsOfAFileServeRequestsThatNameNone() throws IOException {
    CondaClient client = client(both());

    assertThat(names(plan(client, "lib"))).containsExactly("lib-1.0");
    assertThat(
            names(
                client
                    .env(folder.resolve("env"))
                    .channel(folder.resolve("low").toString())
                    .plan("lib")))
        .containsExactly("lib-2.0");
    assertThat(client.info().channels()).hasSize(2);
  }

  @Test
  void channelPriorityCountsUnlessTheRequestSays() throws IOException {
    CondaClient client = client(both(), "channel_priority: flexible");
    EnvironmentRequest request = client.env(folder.resolve("env"));

    assertThat(names(request.plan("lib>=2"))).containsExactly("lib-2.0");
    assertThatThrownBy(() -> request.channelPriority(ChannelPriority.STRICT).plan("lib>=2"))
        .isInstanceOf(UnsatisfiableException.class);
    assertThat(
            names(
                built(builder(both()).channelPriority(ChannelPriority.DISABLED))
                    .env(folder.resolve("env"))
                    .plan("lib")))
        .containsExactly("lib-2.0");
  }

  @Test
  void pinnedPackagesRestrict() throws IOException {
    CondaClient client = client("channels: [" + channel("low") + "]", "pinned_packages: [lib 1.*]");

    assertThat(names(plan(client, "lib"))).containsExactly("lib-1.0");
    assertThatThrownBy(() -> plan(client, "lib=2")).isInstanceOf(UnsatisfiableException.class);
  }

  @Test
  void disallowedPackagesAreShutOutAndTheFileIsBlamed() throws IOException {
    CondaClient client =
        client("channels: [" + channel("low") + "]", "disallowed_packages: [lib >=2]");

    assertThat(names(plan(client, "lib"))).containsExactly("lib-1.0");
    assertThatThrownBy(() -> plan(client, "lib=2"))
        .isInstanceOf(UnsatisfiableException.class)
        .hasMessageContaining("disallowed_packages of " + folder.resolve("settings") + " line 2");
  }

  @Test
  void pythonAsksForPipUnlessToldNotTo() throws IOException {
    String low = "channels: [" + channel("low") + "]";

    assertThat(names(plan(client(low), "python"))).contains("pip-24.0");
    assertThat(names(plan(client(low, "add_pip_as_python_dependency: false"), "python")))
        .containsExactly("python-3.12.1");
  }

  @Test
  void alwaysCopyCountsUnlessTheRequestSays() throws IOException {
    CondaClient client = client(both(), "always_copy: true");
    EnvironmentRequest request = client.env(folder.resolve("env"));

    assertThat(request.plan("lib").linkMode()).isEqualTo(LinkMode.COPY);
    assertThat(request.linkMode(LinkMode.HARD).plan("lib").linkMode()).isEqualTo(LinkMode.HARD);
  }

  @Test
  void theSubdirIsTheTarget() throws IOException {
    CondaClient client = client(both(), "subdir: osx-arm64");

    assertThat(plan(client, "lib").platform()).isEqualTo(Platform.OSX_ARM64);
    assertThat(client.info().platform()).isEqualTo(Platform.OSX_ARM64);
  }

  @Test
  void offlineMakesNoRequest() throws IOException {
    CondaClient client = client("channels: ['http://127.0.0.1:9/c']", "offline: true");

    assertThatThrownBy(() -> plan(client, "lib")).isInstanceOf(OfflineException.class);
  }

  @Test
  void namedEnvironmentsAreMadeAndFoundInTheFoldersOfSettings() throws IOException {
    Path first = folder.resolve("envs one");
    Path second = Files.createDirectories(folder.resolve("two"));
    CondaClient client = client(both(), "envs_dirs: ['%s', '%s']".formatted(first, second));

    Environment made = client.env("demo").install("lib");
    CondaClient.builder()
        .root(folder.resolve("root"))
        .build()
        .env(second.resolve("old"))
        .channel(folder.resolve("low").toString())
        .install("lib");

    assertThat(made.prefix()).isEqualTo(first.resolve("demo"));
    assertThat(made.name()).isEqualTo("demo");
    assertThat(client.env("old").prefix()).isEqualTo(second.resolve("old"));
    assertThat(client.env("old").open().packages()).hasSize(1);
    assertThat(client.environments())
        .extracting(Environment::prefix)
        .containsExactlyInAnyOrder(first.resolve("demo"), second.resolve("old"));
    assertThat(client.env("new").prefix()).isEqualTo(first.resolve("new"));
  }

  @Test
  void aFolderThatCannotBeWrittenIsPassedOver() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CondaClient client =
        client("envs_dirs: ['%s', '%s']".formatted(file.resolve("envs"), folder.resolve("two")));

    assertThat(client.env("demo").prefix()).isEqualTo(folder.resolve("two/demo"));
    assertThat(client.info().environmentsFolder()).isEqualTo(folder.resolve("two"));
  }

  @Test
  void aCustomChannelIsKnownByItsName() throws IOException {
    CondaClient client =
        client("custom_channels: {low: 'file://%s'}".formatted(folder), "channels: [low]");

    PackageRecord byName = plan(client, "lib").toLink().get(0);
    PackageRecord byFolder =
        client
            .env(folder.resolve("env"))
            .channel(folder.resolve("low").toString())
            .plan("lib")
            .toLink()
            .get(0);

    assertThat(byName.channel()).isEqualTo("low");
    assertThat(byName.url()).startsWith("file://" + folder.resolve("low"));
    assertThat(byFolder.channel()).isEqualTo("low");
  }

  @Test
  void aMultichannelStandsForItsMembersInTheirOrder() throws IOException {
    CondaClient client =
        built(
            CondaClient.builder()
                .root(folder.resolve("root"))
                .multichannel(
                    "ours", folder.resolve("high").toString(), folder.resolve("low").toString())
                .channels("ours"));

    assertThat(names(plan(client, "lib"))).containsExactly("lib-1.0");
    assertThat(names(plan(client, "python"))).contains("python-3.12.1");
  }

  @Test
  void aDeniedChannelIsRefused() throws IOException {
    CondaClient client = client(both(), "denylist_channels: [" + channel("low") + "]");

    assertThatThrownBy(() -> plan(client, "lib"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("denylist_channels");
  }

  @Test
  void secretsOfSettingsReachTheServerAndNothingElse() throws IOException {
    WireMockServer server = ChannelWorld.serve(folder.resolve("low"));
    try {
      String location = server.baseUrl().replace("http://", "http://me:sesame@");
      CondaClient client =
          client("custom_channels: {channel: '%s'}".formatted(location), "channels: [channel]");

      Environment made = client.env(folder.resolve("env")).install("lib");

      assertThat(made.packages().get(0).channel()).doesNotContain("sesame");
      assertThat(client.explain().toString()).doesNotContain("sesame").contains("***@localhost");
      assertThat(plan(client, "python").toString()).doesNotContain("sesame");
      server.verify(getRequestedFor(anyUrl()).withBasicAuth(new BasicCredentials("me", "sesame")));
    } finally {
      server.stop();
    }
  }

  @Test
  void secretsOfAUrlReachTheServerAlsoWhereItHasAName() throws IOException {
    WireMockServer server = ChannelWorld.serve(folder.resolve("low"));
    try {
      String secret = server.baseUrl().replace("http://", "http://me:sesame@") + "/channel";
      CondaClient client =
          client("channel_alias: " + server.baseUrl(), "channels: ['%s']".formatted(secret));

      assertThat(plan(client, "lib").toLink().get(0).channel()).isEqualTo("channel");
      server.verify(getRequestedFor(anyUrl()).withBasicAuth(new BasicCredentials("me", "sesame")));
    } finally {
      server.stop();
    }
  }

  @Test
  void aDerivedClientKeepsTheSettingsOfItsOrigin() throws IOException {
    CondaClient client = client(both(), "channel_priority: flexible");
    CondaClient derived =
        built(
            client
                .newBuilder()
                .channels(folder.resolve("low").toString())
                .indexLifetime(Duration.ZERO));

    assertThat(derived.explain().entry("channel_priority").orElseThrow().value())
        .isEqualTo("flexible");
    assertThat(derived.explain().entry("channels").orElseThrow().origin())
        .isEqualTo(new Configuration.Code());
    assertThat(names(plan(derived, "lib"))).containsExactly("lib-2.0");
  }

  @Test
  void buildersSetEverythingWithoutAFile() {
    CondaClient client =
        built(
            CondaClient.builder()
                .root(folder.resolve("root"))
                .channelAlias("file://" + folder)
                .defaultChannels("high")
                .channels("defaults", "low")
                .platform(Platform.LINUX_AARCH64)
                .pin("lib 1.*")
                .environmentFolders(folder.resolve("mine"))
                .setting("remote_max_retries", "7"));

    assertThat(names(plan(client, "lib"))).containsExactly("lib-1.0");
    assertThat(plan(client, "lib").platform()).isEqualTo(Platform.LINUX_AARCH64);
    assertThat(client.env("x").prefix()).isEqualTo(folder.resolve("mine/x"));
    assertThat(client.explain().entry("remote_max_retries").orElseThrow().value()).isEqualTo("7");
  }
}

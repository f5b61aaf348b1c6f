package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.IntegrityException;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.util.Hashes;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installs packages that are named by a file or URL. */
class NamedArchiveTest {
  @TempDir Path folder;
  private Path channel;
  private Path loose;
  private CondaClient client;

  @BeforeEach
  void open() throws Exception {
    channel = folder.resolve("channel");
    loose = Files.createDirectories(folder.resolve("loose files"));
    build(PackageBuilder.of("base-lib", "1.0").file("share/base", "base"));
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Path build(PackageBuilder builder) {
    return builder.noarch(NoarchType.GENERIC).build(channel);
  }

  /** Builds a package that is in no channel. */
  private Path buildLoose(String version) throws Exception {
    Path archive =
        build(
            PackageBuilder.of("loose", version)
                .depends("base-lib >=1")
                .file("share/loose", "loose " + version)
                .format(PackageFormat.CONDA));
    return Files.move(archive, loose.resolve(String.valueOf(archive.getFileName())));
  }

  private EnvironmentRequest env() {
    return client.env(folder.resolve("env"));
  }

  @Test
  void aFileIsInstalledWithItsDependencies() throws Exception {
    Path archive = buildLoose("1.0");

    Environment env = env().create().install(archive.toString());

    assertThat(env.prefix().resolve("share/loose")).hasContent("loose 1.0");
    assertThat(env.packages())
        .extracting(PackageRecord::name)
        .containsExactlyInAnyOrder("base-lib", "loose");
    PackageRecord record = env.packages().get(1);
    assertThat(record.url()).startsWith("file://").endsWith("/loose%20files/loose-1.0-0.conda");
    assertThat(record.sha256()).contains(Hashes.sha256(archive));
    assertThat(record.subdir()).isEqualTo("noarch");
  }

  @Test
  void anotherFileOfTheNameReplacesIt() throws Exception {
    env().install(buildLoose("1.0").toString());
    Environment env = env().install(buildLoose("2.0").toString());
    assertThat(env.prefix().resolve("share/loose")).hasContent("loose 2.0");
  }

  @Test
  void aFileThatIsInstalledNeedsNotBeThereForWhatComesLater() throws Exception {
    Path archive = buildLoose("1.0");
    env().install(archive.toString());
    Files.delete(archive);
    build(PackageBuilder.of("more", "1.0").file("share/more", "more"));
    ChannelIndexer.index(channel);
    Environment env = env().install("more");
    assertThat(env.packages())
        .extracting(PackageRecord::name)
        .containsExactlyInAnyOrder("base-lib", "loose", "more");
  }

  @Test
  void aUrlIsInstalledAndAskedForOnce() throws Exception {
    buildLoose("1.0");
    WireMockServer server = ChannelWorld.serve(loose);
    try {
      String url = ChannelWorld.url(server) + "/loose-1.0-0.conda";
      Environment env = env().install(url);
      assertThat(env.prefix().resolve("share/loose")).hasContent("loose 1.0");
      server.verify(1, getRequestedFor(urlEqualTo("/channel/loose-1.0-0.conda")));
    } finally {
      server.stop();
    }
  }

  @Test
  void theHashBehindAUrlCounts() throws Exception {
    Path archive = buildLoose("1.0");
    String right = Hashes.sha256(archive);
    env().install(archive + "#sha256:" + right);
    String wrong = "0".repeat(64);
    assertThatThrownBy(
            () -> client.env(folder.resolve("other")).install(archive + "#sha256:" + wrong))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll(right, wrong);
  }

  @Test
  void whereTheChannelHasTheArchiveItsRecordCounts() throws Exception {
    Path archive = channel.resolve("noarch/base-lib-1.0-0.conda");
    Files.writeString(
        channel.resolve("noarch/repodata.json"),
        Files.readString(channel.resolve("noarch/repodata.json"))
            .replace("\"depends\":[]", "\"depends\":[\"mended\"]"));
    Files.delete(channel.resolve("noarch/repodata.json.zst"));
    assertThat(archive).exists();
    assertThatThrownBy(() -> env().install(archive.toString()))
        .isInstanceOf(UnsatisfiableException.class)
        .hasMessageContaining("mended");
  }

  @Test
  void aFileThatIsNotThereOrIsCalledOtherwiseIsAnError() throws Exception {
    assertThatThrownBy(() -> env().install(loose.resolve("none-1-0.conda").toString()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("none-1-0.conda");
    Path misnamed = Files.move(buildLoose("1.0"), loose.resolve("other-1.0-0.conda"));
    assertThatThrownBy(() -> env().install(misnamed.toString()))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("loose-1.0-0");
  }
}

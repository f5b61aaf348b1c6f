package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.CommandFailedException;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.InstalledDistribution;
import io.jconda.Pip;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.pip.Wheels;
import io.jconda.progress.ProgressEvent;
import io.jconda.solve.Dependencies;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lets the pip of the embedded channel's Python 3.13 install. */
@Timeout(180)
class EmbeddedPipTest {
  @TempDir static Path folder;
  private static CondaClient client;
  private static Environment env;

  @BeforeAll
  static void makeEnvironment() {
    client = CondaClient.builder().root(ChannelWorld.root()).build();
    env =
        client
            .env(folder.resolve("env"))
            .channel("embedded:")
            .compileBytecode(false)
            .python("3.13")
            .install("pip");
  }

  @AfterAll
  static void close() {
    client.close();
  }

  private static Path wheel(String name, String version) throws IOException {
    return Wheels.build(Files.createDirectories(folder.resolve("wheels")), name, version, "");
  }

  private static InstalledDistribution installed(String name) {
    return env.pip().list().stream()
        .filter(found -> found.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatPipInstalledIsAmongThePackagesWithItsOrigin() throws IOException {
    Path wheel = wheel("jc_origin", "1.5");
    env.pip().noIndex().install(wheel.toString());

    PackageRecord record =
        env.packages().stream()
            .filter(found -> found.name().equals("jc-origin"))
            .findFirst()
            .orElseThrow();
    assertThat(record.version().toString()).isEqualTo("1.5");
    assertThat(record.build()).isEqualTo("pypi_0");
    assertThat(record.channel()).contains("pypi");
    assertThat(installed("jc_origin").installer()).isEqualTo("pip");
    assertThat(installed("jc_origin").isOfConda()).isFalse();
    assertThat(installed("jc_origin").source().orElseThrow())
        .startsWith("file:")
        .contains("jc_origin");
    assertThat(installed("pip").isOfConda()).isTrue();
    assertThat(env.packages()).extracting(PackageRecord::name).containsOnlyOnce("pip");
    assertThat(env.pip().check()).isEmpty();

    env.pip().uninstall("jc_origin");
    assertThat(env.packages()).extracting(PackageRecord::name).doesNotContain("jc-origin");
  }

  @Test
  void aFileOfRequirementsIsHeldWithinConstraints() throws IOException {
    wheel("jc_bound", "1.0");
    wheel("jc_bound", "2.0");
    Path requirements = Files.writeString(folder.resolve("requirements.txt"), "jc_bound\n");
    Path constraints = Files.writeString(folder.resolve("constraints.txt"), "jc_bound<2\n");
    env.pip()
        .noIndex()
        .findLinks(folder.resolve("wheels"))
        .requirements(requirements)
        .constraints(constraints)
        .install();
    assertThat(installed("jc_bound")).hasToString("jc_bound==1.0");
    assertThat(env.pip().freeze()).contains("jc_bound==1.0");
  }

  private static WireMockServer server() {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    return server;
  }

  /** Serves one wheel as an index of Python's does (PEP 503), to whoever knows the password. */
  private static void serve(
      WireMockServer server, String index, String user, String password, Path wheel)
      throws IOException {
    String file = wheel.getFileName().toString();
    String name = file.substring(0, file.indexOf('-')).replace('_', '-');
    server.stubFor(
        get(urlEqualTo("/%s/%s/".formatted(index, name)))
            .withBasicAuth(user, password)
            .willReturn(
                aResponse()
                    .withHeader("Content-Type", "text/html")
                    .withBody("<a href='/files/%s'>%s</a>".formatted(file, file))));
    server.stubFor(
        get(urlEqualTo("/files/" + file))
            .willReturn(aResponse().withBody(Files.readAllBytes(wheel))));
  }

  @Test
  void indexesWithCredentialsServeAndNobodySeesThem() throws IOException {
    WireMockServer server = server();
    try {
      serve(server, "one", "me", "s3cret", wheel("jc_served", "3.1"));
      serve(server, "two", "you", "hu@sh", wheel("jc_beside", "0.2"));
      String at = "@localhost:%d/".formatted(server.port());
      Pip pip =
          env.pip()
              .indexUrl("http://me:s3cret" + at + "one")
              .extraIndexUrl("http://you:hu%40sh" + at + "two");
      List<ProgressEvent> events = new CopyOnWriteArrayList<>();

      pip.onProgress(events::add).install("jc_served", "jc_beside");

      assertThat(installed("jc_served")).hasToString("jc_served==3.1");
      assertThat(installed("jc_beside")).hasToString("jc_beside==0.2");
      assertThat(events.toString())
          .contains("Successfully installed")
          .doesNotContain("s3cret", "hu%40sh", "hu@sh");
      assertThatThrownBy(() -> pip.install("jc_not_served"))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageContaining("No matching distribution found for jc_not_served")
          .message()
          .doesNotContain("s3cret", "hu%40sh", "hu@sh");
    } finally {
      server.stop();
    }
  }

  @Test
  void anOfflineClientsPipAsksNoServerWhateverItsFilesSay() throws IOException {
    Path local = wheel("jc_near", "1");
    WireMockServer server = server();
    try (CondaClient offline = client.newBuilder().offline(true).build()) {
      Pip pip = offline.env(env.prefix()).open().pip();
      String there = "http://localhost:%d/".formatted(server.port());
      for (String lines :
          List.of(
              "--index-url %ssimple\njc_far\n".formatted(there),
              "--extra-index-url %ssimple\njc_far\n".formatted(there),
              "--find-links %sfiles/\njc_far\n".formatted(there),
              "jc_far @ %sjc_far-1-py3-none-any.whl\n".formatted(there))) {
        Path file = Files.writeString(folder.resolve("far.txt"), lines);
        assertThatThrownBy(() -> pip.requirements(file).install())
            .as(lines)
            .isInstanceOf(CommandFailedException.class);
      }
      assertThat(server.getAllServeEvents()).isEmpty();

      pip.install(local.toString());
      assertThat(installed("jc_near")).hasToString("jc_near==1");
    } finally {
      server.stop();
    }
  }

  @Test
  void whatPipPutInThePlaceOfAPackageOfCondasIsListedInItsStead() throws IOException {
    Path channel = folder.resolve("channel");
    String info = "site-packages/jc_owned-1.0.dist-info/";
    PackageBuilder.of("jc-owned", "1.0")
        .noarch(NoarchType.PYTHON)
        .depends("python")
        .file("site-packages/jc_owned.py", "VALUE = 1\n")
        .file(info + "METADATA", "Metadata-Version: 2.1\nName: jc_owned\nVersion: 1.0\n")
        .file(info + "INSTALLER", "conda\n")
        .file(
            info + "RECORD",
            """
            jc_owned.py,,
            jc_owned-1.0.dist-info/METADATA,,
            jc_owned-1.0.dist-info/INSTALLER,,
            jc_owned-1.0.dist-info/RECORD,,
            """)
        .build(channel);
    ChannelIndexer.index(channel);
    Environment both =
        client
            .env(folder.resolve("both"))
            .channel(channel.toUri().toString(), "embedded:")
            .compileBytecode(false)
            .python("3.13")
            .install("jc-owned", "pip");
    assertThat(both.packages())
        .filteredOn(record -> record.name().equals("jc-owned"))
        .extracting(PackageRecord::distName)
        .containsExactly("jc-owned-1.0-py_0");

    both.pip().noIndex().install(wheel("jc_owned", "2.0").toString());

    assertThat(both.packages())
        .filteredOn(record -> record.name().equals("jc-owned"))
        .extracting(PackageRecord::distName)
        .containsExactly("jc-owned-2.0-pypi_0");
  }

  @Test
  void aProjectIsInstalledWhereItLies() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Files.writeString(project.resolve("jc_edited.py"), "VALUE = 1\n");
    Files.writeString(
        project.resolve("pyproject.toml"),
        """
        [project]
        name = 'jc_edited'
        version = '0.7'
        [build-system]
        requires = []
        build-backend = 'backend'
        backend-path = ['.']
        """);
    Files.writeString(
        project.resolve("backend.py"),
        """
        import os, zipfile
        def build_editable(folder, settings=None, metadata=None):
            name = 'jc_edited-0.7-py3-none-any.whl'
            info = 'jc_edited-0.7.dist-info/'
            with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
                wheel.writestr('jc_edited.pth', os.getcwd())
                wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: jc_edited\\nVersion: 0.7\\n')
                wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
                wheel.writestr(info + 'RECORD', 'jc_edited.pth,,\\n')
            return name
        def build_wheel(folder, settings=None, metadata=None):
            raise RuntimeError('an editable one is asked for')
        """);
    env.pip().noIndex().editable(project).install();
    assertThat(installed("jc_edited").editable()).contains(project.toRealPath());
    Files.writeString(project.resolve("jc_edited.py"), "VALUE = 2\n");
    assertThat(env.pythonCode("import jc_edited; print(jc_edited.VALUE)").run().stdout().strip())
        .isEqualTo("2");
    assertThat(env.packages())
        .filteredOn(record -> record.name().equals("jc-edited"))
        .extracting(PackageRecord::build)
        .containsExactly("dev_0");
  }

  @Test
  void pipIsBroughtByCondaWhereItIsMissing() throws IOException {
    Environment bare =
        client
            .env(folder.resolve("bare"))
            .channel("embedded:")
            .compileBytecode(false)
            .solveOptions(SolveOptions.defaults().dependencies(Dependencies.LEFT_OUT))
            .install("python");
    assertThat(bare.packages()).extracting(PackageRecord::name).doesNotContain("pip");
    bare.pip().noIndex().install(wheel("jc_brought", "1").toString());
    assertThat(bare.packages())
        .extracting(PackageRecord::name)
        .contains("python", "pip", "jc-brought");
  }

  @Test
  @Tag("internet")
  void aRealPackageComesFromTheIndex() {
    assumeTrue(
        Boolean.getBoolean("jconda.internet"),
        "SKIPPED: needs an index that answers; run with -Djconda.internet=true");
    // with the machine's own settings of pip, which may name a mirror
    try (CondaClient ofUser = client.newBuilder().readEnvironment(true).build()) {
      ofUser.env(env.prefix()).open().pip().install("six");
    }
    assertThat(env.pythonCode("import six; print(six.__name__)").run().orThrow().stdout())
        .isEqualTo("six\n");
  }
}

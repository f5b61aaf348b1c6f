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
import io.jconda.core.pip.Wheels;
import io.jconda.progress.ProgressEvent;
import io.jconda.solve.Dependencies;
import io.jconda.solve.SolveOptions;
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

  @Test
  void anIndexWithCredentialsServesAndNobodySeesThem() throws IOException {
    byte[] bytes = Files.readAllBytes(wheel("jc_served", "3.1"));
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try {
      server.stubFor(
          get(urlEqualTo("/simple/jc-served/"))
              .withBasicAuth("me", "s3cret")
              .willReturn(
                  aResponse()
                      .withHeader("Content-Type", "text/html")
                      .withBody(
                          "<a href='/files/jc_served-3.1-py3-none-any.whl'>jc_served-3.1-py3-none-any.whl</a>")));
      server.stubFor(
          get(urlEqualTo("/files/jc_served-3.1-py3-none-any.whl"))
              .willReturn(aResponse().withBody(bytes)));
      List<ProgressEvent> events = new CopyOnWriteArrayList<>();
      String index = "http://me:s3cret@localhost:%d/simple".formatted(server.port());
      env.pip().indexUrl(index).onProgress(events::add).install("jc_served");
      assertThat(installed("jc_served")).hasToString("jc_served==3.1");
      assertThat(events.toString()).contains("Successfully installed").doesNotContain("s3cret");

      assertThatThrownBy(() -> env.pip().indexUrl(index).install("jc_not_served"))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageContaining("No matching distribution found for jc_not_served")
          .message()
          .doesNotContain("s3cret");
    } finally {
      server.stop();
    }
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
  void theInterpreterIsTheEnvironmentsOwn() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("where.py"), "import sys; print(sys.prefix, sys.argv[1:])\n");
    assertThat(env.python(script, "a b", "*").run().stdout())
        .isEqualTo(env.prefix() + " ['a b', '*']\n");
    assertThat(env.pythonModule("pip", "--version").run().orThrow().stdout())
        .contains(env.prefix().toString());
  }

  @Test
  @Tag("internet")
  void aRealPackageComesFromTheIndex() {
    assumeTrue(
        Boolean.getBoolean("jconda.internet"),
        "SKIPPED: needs an index that answers; run with -Djconda.internet=true");
    env.pip().install("six");
    assertThat(env.pythonCode("import six; print(six.__name__)").run().orThrow().stdout())
        .isEqualTo("six\n");
  }
}

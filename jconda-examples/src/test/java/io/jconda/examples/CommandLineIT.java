package io.jconda.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.examples.Jar.Outcome;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the packed command line against a channel that is served over HTTP. */
class CommandLineIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path root;
  private Path prefix;
  private WireMockServer server;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    root = folder.resolve("root");
    prefix = folder.resolve("env");
    Path channel = folder.resolve("channel");
    PackageBuilder.of("greeting", "1.0")
        .platform(Platform.current())
        .executable("bin/greet", "#!/bin/sh\necho \"hello $1 from $CONDA_PREFIX\"\nexit 7\n")
        .build(channel);
    PackageBuilder.of("wrapper", "2.0")
        .noarch(NoarchType.GENERIC)
        .depends("greeting >=1")
        .file("share/wrapper.txt", "wraps")
        .build(channel);
    PackageBuilder.of("making", "1")
        .noarch(NoarchType.GENERIC)
        .executable("bin/.making-post-link.sh", "#!/bin/sh\necho made > \"$PREFIX/made\"\n")
        .build(channel);
    ChannelIndexer.index(channel);
    server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try (Stream<Path> tree = Files.walk(channel)) {
      List<Path> files = tree.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        server.stubFor(
            get(urlEqualTo("/ch/" + channel.relativize(file)))
                .willReturn(aResponse().withBody(Files.readAllBytes(file))));
      }
    }
    url = server.baseUrl() + "/ch";
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Outcome create(String... more) throws Exception {
    List<String> line =
        Stream.concat(
                Stream.of(
                    "create", "-p", prefix.toString(), "-c", url, "--override-channels", "-y"),
                Stream.of(more))
            .toList();
    return Jar.jconda(root, line.toArray(String[]::new));
  }

  @Test
  void createPrintsWhatCondaPrintsAndMakesAValidEnvironment() throws Exception {
    Outcome outcome = create("--json", "wrapper");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode document = JSON.readTree(outcome.out());
    assertThat(document.path("success").asBoolean()).isTrue();
    assertThat(document.path("dry_run").asBoolean()).isFalse();
    assertThat(document.path("prefix").asText()).isEqualTo(prefix.toString());
    JsonNode linked = document.path("actions").path("LINK");
    assertThat(linked.findValuesAsText("name")).containsExactly("greeting", "wrapper");
    JsonNode wrapper = linked.get(1);
    assertThat(wrapper.path("version").asText()).isEqualTo("2.0");
    assertThat(wrapper.path("build_number").isIntegralNumber()).isTrue();
    assertThat(wrapper.path("platform").asText()).isEqualTo("noarch");
    assertThat(wrapper.path("channel").asText()).isEqualTo(url);
    assertThat(wrapper.path("dist_name").asText()).startsWith("wrapper-2.0-");
    assertThat(wrapper.path("url").asText()).startsWith(url + "/noarch/wrapper-2.0-");
    assertThat(wrapper.path("md5").asText()).hasSize(32);
    assertThat(wrapper.path("sha256").asText()).hasSize(64);
    assertThat(prefix.resolve("conda-meta/history")).isRegularFile();
    assertThat(prefix.resolve("conda-meta/" + wrapper.path("dist_name").asText() + ".json"))
        .isRegularFile();
    assertThat(prefix.resolve("share/wrapper.txt")).hasContent("wraps");

    JsonNode listed =
        JSON.readTree(Jar.jconda(root, "list", "-p", prefix.toString(), "--json").out());
    assertThat(listed.findValuesAsText("name")).containsExactly("greeting", "wrapper");
    assertThat(JSON.readTree(Jar.jconda(root, "info", "--json").out()).findValue("envs").toString())
        .contains(prefix.toString());
  }

  @Test
  void aDryRunShowsTheSameAndMakesNothing() throws Exception {
    Outcome outcome = create("--dry-run", "--json", "wrapper");

    JsonNode document = JSON.readTree(outcome.out());
    assertThat(document.path("dry_run").asBoolean()).isTrue();
    assertThat(document.path("actions").path("LINK").findValuesAsText("name"))
        .containsExactly("greeting", "wrapper");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void runPassesOutputThroughAndHandsTheExitCodeOn() throws Exception {
    assertThat(create("greeting").exitCode()).isZero();

    Outcome outcome = Jar.jconda(root, "run", "-p", prefix.toString(), "greet", "--json");

    assertThat(outcome.out()).isEqualTo("hello --json from " + prefix + System.lineSeparator());
    assertThat(outcome.exitCode()).isEqualTo(7);
  }

  private Path wheel(String name, String version) throws IOException {
    String info = name + "-" + version + ".dist-info/";
    Path wheel = folder.resolve(name + "-" + version + "-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      Map<String, String> files = new LinkedHashMap<>();
      files.put(name + ".py", "");
      files.put(
          info + "METADATA",
          "Metadata-Version: 2.1\nName: %s\nVersion: %s\n".formatted(name, version));
      files.put(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      files.put(info + "RECORD", name + ".py,,\n" + info + "RECORD,,\n");
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return wheel;
  }

  private Outcome pip(String... more) throws Exception {
    return Jar.jconda(
        root,
        Stream.concat(Stream.of("pip", "-p", prefix.toString(), "--offline"), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void whatPipInstallsIsShownByItsListAndByOurs() throws Exception {
    Outcome made =
        Jar.jconda(
            root,
            "create",
            "-p",
            prefix.toString(),
            "-c",
            "embedded:",
            "--override-channels",
            "--no-pyc",
            "-y",
            "python=3.13",
            "pip");
    assertThat(made.exitCode()).as(made.err()).isZero();

    Outcome installed = pip("install", "--no-deps", wheel("jc_told", "1.2").toString());

    assertThat(installed.exitCode()).as(installed.err()).isZero();
    assertThat(installed.err()).containsPattern("Successfully installed jc[-_]told-1.2");
    JsonNode found = JSON.readTree(pip("--json", "list").out());
    assertThat(found.findValuesAsText("name")).contains("jc_told", "pip");
    Outcome ours = Jar.jconda(root, "list", "-p", prefix.toString(), "--json");
    assertThat(JSON.readTree(ours.out()).findValuesAsText("dist_name"))
        .contains("jc-told-1.2-pypi_0");
    assertThat(pip("check").exitCode()).isZero();
    Outcome unknown = pip("install", "jc-nowhere");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("No matching distribution found for jc-nowhere");
    assertThat(pip("upgrade").exitCode()).isEqualTo(2);
  }

  @Test
  void removeTakesPackagesOutAndThenTheEnvironment() throws Exception {
    assertThat(create("wrapper").exitCode()).isZero();

    Outcome removed =
        Jar.jconda(root, "remove", "-p", prefix.toString(), "--json", "-y", "greeting");
    assertThat(JSON.readTree(removed.out()).path("actions").path("UNLINK").findValuesAsText("name"))
        .containsExactly("wrapper", "greeting");
    assertThat(prefix.resolve("share")).doesNotExist();

    assertThat(Jar.jconda(root, "remove", "-p", prefix.toString(), "--all", "-y").exitCode())
        .isZero();
    assertThat(prefix).doesNotExist();
  }

  @Test
  void linkScriptsRunOnlyIfTheyAreAllowed() throws Exception {
    assertThat(create("making").exitCode()).isZero();
    assertThat(prefix.resolve("made")).doesNotExist();
    assertThat(create("--replace", "--allow-link-scripts-of", "greeting", "making").exitCode())
        .isZero();
    assertThat(prefix.resolve("made")).doesNotExist();

    assertThat(
            create("--replace", "--allow-link-scripts-of", "greeting,making", "making").exitCode())
        .isZero();
    assertThat(prefix.resolve("made")).exists();

    assertThat(create("--replace", "wrapper").exitCode()).isZero();
    assertThat(prefix.resolve("made")).doesNotExist();
    assertThat(
            Jar.jconda(
                    root,
                    "install",
                    "-p",
                    prefix.toString(),
                    "-c",
                    url,
                    "--override-channels",
                    "-y",
                    "--allow-link-scripts",
                    "making")
                .exitCode())
        .isZero();
    assertThat(prefix.resolve("made")).exists();
  }

  @Test
  void aFailureIsExplainedInJsonWithExitCodeOne() throws Exception {
    Outcome outcome = create("--json", "wraper");

    assertThat(outcome.exitCode()).isEqualTo(1);
    JsonNode document = JSON.readTree(outcome.out());
    assertThat(document.path("success").asBoolean(true)).isFalse();
    assertThat(document.path("exception_name").asText()).isEqualTo("PackagesNotFoundError");
    assertThat(document.path("message").asText()).contains("wraper", "wrapper");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void wrongUsageIsExitCodeTwo() throws Exception {
    assertThat(Jar.jconda(root, "create", "wrapper").exitCode()).isEqualTo(2);
    assertThat(Jar.jconda(root, "frobnicate").exitCode()).isEqualTo(2);
    assertThat(create("--platform", "linux-65").exitCode()).isEqualTo(2);
    assertThat(Jar.jconda(root, "remove", "-p", prefix.toString()).exitCode()).isEqualTo(2);
  }

  @Test
  void whatWasAlteredIsFoundAndRepairedAndAnEarlierRevisionComesBack() throws Exception {
    assertThat(create("greeting").exitCode()).isZero();
    String at = prefix.toString();
    Files.delete(prefix.resolve("bin/greet"));

    Outcome verified = Jar.jconda(root, "verify", "-p", at, "--json");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(JSON.readTree(verified.out()).path("damages").findValuesAsText("path"))
        .containsExactly("bin/greet");
    assertThat(Jar.jconda(root, "repair", "-p", at).out()).contains("bin/greet is missing");
    assertThat(Jar.jconda(root, "verify", "-p", at).exitCode()).isZero();

    assertThat(
            Jar.jconda(root, "install", "-p", at, "-c", url, "--override-channels", "-y", "wrapper")
                .exitCode())
        .isZero();
    JsonNode revisions = JSON.readTree(Jar.jconda(root, "history", "-p", at, "--json").out());
    assertThat(revisions.findValuesAsText("rev")).containsExactly("0", "1");
    assertThat(Jar.jconda(root, "rollback", "-p", at, "-y", "0").exitCode()).isZero();
    assertThat(prefix.resolve("share/wrapper.txt")).doesNotExist();
  }

  @Test
  void indexMakesAFolderOfPackagesAChannel() throws Exception {
    Path channel = folder.resolve("another");
    PackageBuilder.of("thing", "3.0").noarch(NoarchType.GENERIC).file("thing", "x").build(channel);

    assertThat(Jar.jconda(root, "index", channel.toString()).exitCode()).isZero();

    assertThat(channel.resolve("noarch/repodata.json")).content().contains("thing-3.0");
    assertThat(channel.resolve("noarch/repodata.json.zst")).isNotEmptyFile();
  }

  @Test
  void theCacheIsMeasuredVerifiedAndCleaned() throws Exception {
    create("wrapper");
    JsonNode size = JSON.readTree(Jar.jconda(root, "cache", "size", "--json").out());
    assertThat(size.path("packages").asInt()).isEqualTo(2);
    assertThat(Jar.jconda(root, "cache", "list").out()).contains("* greeting-1.0", "* wrapper-2.0");
    assertThat(Jar.jconda(root, "cache", "verify").out()).contains("Verified 2 packages");

    Jar.jconda(root, "remove", "-p", prefix.toString(), "--all", "-y");
    Outcome dryRun = Jar.jconda(root, "clean", "-a", "--dry-run");
    assertThat(dryRun.out()).contains("Would remove 2 packages");
    JsonNode cleaned = JSON.readTree(Jar.jconda(root, "clean", "--all", "-y", "--json").out());
    assertThat(cleaned.path("packages").findValuesAsText("name"))
        .containsExactlyInAnyOrder("greeting", "wrapper");
    assertThat(cleaned.path("success").asBoolean()).isTrue();
    assertThat(Jar.jconda(root, "clean", "-a").out()).contains("nothing to clean");
    assertThat(Jar.jconda(root, "clean").exitCode()).isEqualTo(2);
  }

  private Outcome ask(String command, String... more) throws Exception {
    List<String> line =
        Stream.of(
                Stream.of(command.split(" ")),
                Stream.of("-c", url, "--override-channels"),
                Stream.of(more))
            .flatMap(parts -> parts)
            .toList();
    return Jar.jconda(root, line.toArray(String[]::new));
  }

  @Test
  void searchFindsByGlobAndFailsWithNamesLikeItWhereThereIsNothing() throws Exception {
    Outcome found = ask("search", "*r*");
    assertThat(found.exitCode()).as(found.err()).isZero();
    assertThat(found.out().lines().map(line -> line.split(" +", -1)[0]))
        .containsExactly("Name", "greeting", "wrapper");

    JsonNode document = JSON.readTree(ask("search", "--json", "wrapper>=2").out());
    assertThat(document.path("wrapper").path(0).path("depends").path(0).asText())
        .isEqualTo("greeting >=1");

    Outcome nothing = ask("search", "--json", "wraper");
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(JSON.readTree(nothing.out()).path("exception_name").asText())
        .isEqualTo("PackagesNotFoundError");
    assertThat(JSON.readTree(nothing.out()).path("message").asText()).contains("wrapper");
  }

  @Test
  void dependsAndWhoneedsPrintTreesAlsoUnderMambasName() throws Exception {
    Outcome depends = ask("depends", "wrapper");
    assertThat(depends.exitCode()).as(depends.err()).isZero();
    assertThat(depends.out().lines())
        .containsExactly("wrapper 2.0 0  ch/noarch", "└─ greeting 1.0 0  (>=1)");

    Outcome needs = ask("repoquery whoneeds", "greeting");
    assertThat(needs.out().lines())
        .containsExactly(
            "greeting 1.0 0  ch/" + Platform.current(), "└─ wrapper 2.0 0  (greeting >=1)");

    JsonNode document = JSON.readTree(ask("repoquery depends", "--json", "wrapper").out());
    assertThat(document.path("query").path("type").asText()).isEqualTo("depends");
    assertThat(document.path("result").path("pkgs").findValuesAsText("name"))
        .containsExactly("wrapper", "greeting");
    JsonNode child = document.path("result").path("graph_roots").path(0).path("children").path(0);
    assertThat(child.path("dependency").asText()).isEqualTo("greeting >=1");

    assertThat(ask("repoquery depends", "--json", "wraper").out())
        .contains("PackagesNotFoundError");
  }

  @Test
  void dependsLooksIntoAnEnvironmentWithoutAnyChannel() throws Exception {
    assertThat(create("wrapper").exitCode()).isZero();
    server.stop();

    Outcome outcome = Jar.jconda(root, "depends", "-p", prefix.toString(), "--offline", "wrapper");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("└─ greeting 1.0 0  (>=1)");
  }

  @Test
  void mirrorCopiesToAFolderThatServesWithoutTheNetwork() throws Exception {
    Path mirror = folder.resolve("mirror");
    Outcome dry = ask("mirror", "--dry-run", "--json", mirror.toString(), "wrapper");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(JSON.readTree(dry.out()).path("fetch")).hasSize(2);
    assertThat(mirror).doesNotExist();

    Outcome copied = ask("mirror", "--json", mirror.toString(), "wrapper");
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    JsonNode document = JSON.readTree(copied.out());
    assertThat(document.path("bytes_fetched").asLong())
        .isEqualTo(document.path("bytes").asLong())
        .isPositive();
    assertThat(ask("mirror", mirror.toString(), "wrapper").out()).contains("2 packages, 0 fetched");
    server.stop();

    Outcome made =
        Jar.jconda(
            folder.resolve("far"),
            "create",
            "-p",
            prefix.toString(),
            "-c",
            mirror.toString(),
            "--override-channels",
            "--offline",
            "-y",
            "wrapper");
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(prefix.resolve("share/wrapper.txt")).hasContent("wraps");
  }

  @Test
  void mirrorWantsSpecsOrEverything() throws Exception {
    Path mirror = folder.resolve("mirror");
    assertThat(ask("mirror", mirror.toString()).exitCode()).isEqualTo(2);
    assertThat(ask("mirror", "--virtual-package", "x", mirror.toString(), "wrapper").exitCode())
        .isEqualTo(2);
    assertThat(ask("mirror", "--scope", "everything", mirror.toString()).exitCode()).isZero();
    assertThat(ask("mirror", "--exclude", "app=", "--json", mirror.toString(), "nothing").out())
        .contains("\"success\" : false");
  }

  @Test
  void aLockFileStandsAlone() throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), "@EXPLICIT\n");
    Outcome outcome = create("-f", list + "", "wrapper");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("list.txt names every package").doesNotContain("\tat ");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void whatIsExportedIsMadeAgain() throws Exception {
    Outcome made = create("wrapper");
    assertThat(made.exitCode()).as(made.err()).isZero();
    for (String format : List.of("environment-yaml", "conda-lock", "explicit")) {
      Path file = folder.resolve(format.equals("explicit") ? "list.txt" : format + ".yml");
      Outcome exported =
          Jar.jconda(root, "export", "-p", prefix + "", "--format", format, "-f", file + "");
      assertThat(exported.exitCode()).as(exported.err()).isZero();
      Path again = folder.resolve("again-" + format);

      Outcome outcome = Jar.jconda(root, "create", "-p", again + "", "-f", file + "", "-y");
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(again.resolve("share/wrapper.txt")).hasContent("wraps");
      assertThat(again.resolve("bin/greet")).isRegularFile();
    }
  }
}

package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.Change;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentExistsException;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.EnvironmentRequest;
import io.jconda.InstallException;
import io.jconda.Plan;
import io.jconda.core.pip.Wheels;
import io.jconda.process.CommandResult;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does the main job for real: environments from the embedded channel, and real Python in them. */
class MainJobTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void open() {
    client = CondaClient.builder().root(ChannelWorld.root()).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private EnvironmentRequest request() {
    return client.env(folder.resolve("env")).channel("embedded:").compileBytecode(false);
  }

  @Test
  void theFluentLineMakesAnEnvironmentInWhichNumPyComputes() {
    Environment env = request().python("3.13").install("numpy");

    CommandResult result =
        env.run(
            "python", "-c", "import numpy, sys; print(sys.prefix, numpy.array([1, 2, 3]).sum())");
    assertThat(result.orThrow().stdout().strip()).isEqualTo(env.prefix() + " 6");
    assertThat(env.packages())
        .extracting(PackageRecord::name)
        .contains("python", "numpy", "libopenblas");
    assertThat(env.requestedSpecs()).extracting(Object::toString).contains("numpy");
    assertThat(env.report().filesLinked()).isGreaterThan(1000);
    assertThat(env.report().filesPatched()).isGreaterThan(10);
  }

  @Test
  void everyPackageHasARecordAndEveryRecordedFileIsThere() throws IOException {
    Environment env = request().python("3.13").install("jconda-hello");

    for (PackageRecord record : env.packages()) {
      assertThat(env.prefix().resolve("conda-meta").resolve(record.distName() + ".json"))
          .isRegularFile();
    }
    assertThat(Files.readString(env.prefix().resolve("conda-meta/history")))
        .contains("==> ", "# cmd: ", "# update specs: [", "jconda-hello");
    assertThat(env.run("jconda-hello").orThrow().stdout()).isNotBlank();
  }

  @Test
  void theSameOverHttpFetchesEveryArchiveOnceAndEnsureAsksForNothing() throws IOException {
    WireMockServer server = ChannelWorld.serve(ChannelWorld.embedded());
    try (CondaClient fresh = CondaClient.builder().root(folder.resolve("root")).build()) {
      EnvironmentRequest request =
          fresh.env("demo").channel(ChannelWorld.url(server)).python("3.13");
      Environment env = request.ensure("numpy");
      assertThat(env.run("python", "-c", "import numpy").exitCode()).isZero();
      assertThat(server.findAll(getRequestedFor(anyUrl())))
          .filteredOn(r -> r.getUrl().endsWith(".conda") || r.getUrl().endsWith(".tar.bz2"))
          .hasSize(env.packages().size());

      server.resetRequests();
      List<String> before = listing(env.prefix());
      Environment again = request.ensure("numpy");

      assertThat(again.report().nothingToDo()).isTrue();
      assertThat(server.findAll(getRequestedFor(anyUrl()))).isEmpty();
      assertThat(listing(env.prefix())).isEqualTo(before);
    } finally {
      server.stop();
    }
  }

  private static List<String> listing(Path prefix) throws IOException {
    try (Stream<Path> tree = Files.walk(prefix)) {
      return tree.map(path -> path + " " + path.toFile().lastModified()).sorted().toList();
    }
  }

  @Test
  void ensureLooksCloselyWhenARecordWasTakenAway() throws IOException {
    Environment env = request().ensure("jconda-hello");
    try (Stream<Path> records = Files.list(env.prefix().resolve("conda-meta"))) {
      Path record =
          records
              .filter(p -> p.getFileName().toString().startsWith("jconda-hello"))
              .findFirst()
              .orElseThrow();
      Files.delete(record);
    }

    Environment again = request().ensure("jconda-hello");

    assertThat(again.report().changes()).extracting(Change::name).contains("jconda-hello");
  }

  @Test
  void createFailsOnAnEnvironmentThatIsThereUnlessItReplaces() {
    Environment env = request().with("jconda-hello=1.0").create();

    assertThatThrownBy(() -> request().with("jconda-hello").create())
        .isInstanceOf(EnvironmentExistsException.class)
        .hasMessageContaining(env.prefix().toString());
    Environment replaced = request().with("libgfortran5").replace().create();

    assertThat(replaced.packages()).extracting(PackageRecord::name).containsOnly("libgfortran5");
  }

  @Test
  void updateMovesOnePackageAndUninstallTakesItsOrphansAlong() {
    Environment env = request().python("3.13").install("jconda-hello=1.0", "numpy");

    Environment updated = env.update("jconda-hello");
    assertThat(updated.report().changes())
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Replaced.class,
            change -> assertThat(change.after().version()).hasToString("1.1"));

    Environment smaller = updated.uninstall("numpy");
    assertThat(smaller.packages())
        .extracting(PackageRecord::name)
        .contains("python", "jconda-hello")
        .doesNotContain("numpy", "libopenblas");
    assertThat(smaller.prefix().resolve("lib/libopenblas.so.0")).doesNotExist();
    assertThat(smaller.updateAll().report().nothingToDo()).isTrue();
  }

  @Test
  void aPlanIsAValueThatApplyRefusesOnceTheEnvironmentHasChanged() {
    Environment env = request().create();
    Plan plan = request().plan("libopenblas");
    assertThat(plan.toString()).contains("libopenblas");
    assertThat(env.packages()).isEmpty();
    env.install("jconda-hello");

    assertThatThrownBy(() -> client.apply(plan)).isInstanceOf(InstallException.class);
    assertThat(env.packages()).extracting(PackageRecord::name).doesNotContain("libopenblas");
  }

  @Test
  void removeLeavesNothingAndSaysSoTheSecondTime() {
    Environment env = request().with("libgfortran5").create();

    env.remove();

    assertThat(env.prefix()).doesNotExist();
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(env::remove).isInstanceOf(EnvironmentNotFoundException.class);
    assertThatThrownBy(() -> request().open()).isInstanceOf(EnvironmentNotFoundException.class);
  }

  @Test
  void anEnvironmentForAnotherPlatformIsPlannedWithoutItsMachine() {
    Plan plan =
        client.env(folder.resolve("win")).channel("embedded:").platform(Platform.WIN_64).plan();

    assertThat(plan.platform()).isEqualTo(Platform.WIN_64);
    assertThat(plan.changes()).isEmpty();
  }

  @Test
  void progressComesInTheOrderThatItsGrammarStates() {
    List<ProgressEvent> events = new CopyOnWriteArrayList<>();
    Environment env = request().onProgress(events::add).with("libgfortran5").create();

    assertThat(env.packages()).hasSize(1);
    assertThat(events.get(0)).isInstanceOf(ProgressEvent.OperationStarted.class);
    assertThat(events.get(events.size() - 1)).isInstanceOf(ProgressEvent.OperationFinished.class);
    assertThat(events).extracting(ProgressEvent::operation).containsOnly(events.get(0).operation());
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsSubsequence(
            "OperationStarted",
            "IndexLoaded",
            "Solved",
            "Planned",
            "PackageLinked",
            "OperationFinished");
    long started = events.stream().filter(ProgressEvent.PhaseStarted.class::isInstance).count();
    long finished = events.stream().filter(ProgressEvent.PhaseFinished.class::isInstance).count();
    assertThat(started).isPositive().isEqualTo(finished);
  }

  @Test
  void pipInstallsAWheelThatListAndPythonSee() throws IOException {
    Environment env = request().python("3.13").install("pip");
    Path wheel = Wheels.build(folder, "jconda_wheel", "1.0", "VALUE = 42\n");

    CommandResult result = env.pip().noIndex().install(wheel.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(env.pip().list()).anySatisfy(d -> assertThat(d.name()).isEqualTo("jconda_wheel"));
    assertThat(
            env.run("python", "-c", "import jconda_wheel; print(jconda_wheel.VALUE)")
                .stdout()
                .strip())
        .isEqualTo("42");
  }

  @Test
  void theEnvironmentIsActivatedForWhatRunsInIt() {
    Environment env = request().python("3.13").create();

    CommandResult result =
        env.run(
            "python",
            "-c",
            "import os, shutil; print(os.environ['CONDA_PREFIX']); print(shutil.which('python'))");

    assertThat(result.orThrow().stdout().lines())
        .containsExactly(env.prefix().toString(), env.prefix().resolve("bin/python").toString());
    assertThat(env.activation().variables()).containsEntry("CONDA_PREFIX", env.prefix().toString());
  }
}

package io.jconda.core.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.InstalledDistribution;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.Pip;
import io.jconda.core.process.Activator;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.process.FakePrefix;
import io.jconda.process.CommandResult;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at how pip is called, with a script in Python's place. */
@Timeout(60)
class EnvironmentPipTest {
  @TempDir Path folder;
  private FakePrefix prefix;
  private final Map<String, String> parent = new HashMap<>(System.getenv());
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  private CommandRunner runner = new CommandRunner(parent, executor);

  @BeforeEach
  void makePrefix() throws IOException {
    prefix = FakePrefix.in(folder.resolve("env"));
    prefix.program("python", "for a in \"$@\"; do echo \"<$a>\"; done; env | grep ^PIP_ | sort");
    prefix.file("lib/python3.13/site-packages/pip/__main__.py", "");
  }

  @AfterEach
  void close() {
    runner.close();
    executor.shutdownNow();
  }

  private final List<String> alone = new ArrayList<>();

  private Pip pip(PipOptions options) {
    PipTarget target =
        new PipTarget(
            prefix.path(),
            Platform.current(),
            context ->
                Activator.activate(
                    prefix.path(), "fake", Platform.current(), runner.parentEnvironment()),
            context -> {
              alone.add("began after %d events".formatted(events.size()));
              return () -> alone.add("ended after %d events".formatted(events.size()));
            });
    return new EnvironmentPip(new PipRunner(runner), target, options, events::add, executor);
  }

  private Pip pip() {
    return pip(PipOptions.of(false, false));
  }

  @Test
  void pipIsAskedForWithWhatIsSet() {
    CommandResult result =
        pip().noIndex().findLinks(folder).arguments("--no-deps").install("a", "b>=2");
    assertThat(result.stdout().lines().takeWhile(line -> line.startsWith("<")))
        .containsExactly(
            "<-m>",
            "<pip>",
            "<--disable-pip-version-check>",
            "<--no-input>",
            "<install>",
            "<--no-index>",
            "<--find-links>",
            "<" + folder.toAbsolutePath() + ">",
            "<--no-deps>",
            "<a>",
            "<b>=2>");
  }

  @Test
  void anOfflineClientLetsPipUseNoIndex() {
    assertThat(pip(PipOptions.of(true, false)).install("a").stdout()).contains("<--no-index>");
    assertThat(pip().install("a").stdout()).doesNotContain("--no-index");
  }

  @Test
  void theUsersOwnConfigurationReachesPipOnlyWhereItMay() {
    parent.put("PIP_INDEX_URL", "https://mine.example/simple");
    runner.close();
    runner = new CommandRunner(parent, executor);
    assertThat(pip().install("a").stdout())
        .doesNotContain("mine.example")
        .contains("PIP_CONFIG_FILE=/dev/null");
    assertThat(pip(PipOptions.of(false, true)).install("a").stdout())
        .contains("PIP_INDEX_URL=https://mine.example/simple")
        .doesNotContain("PIP_CONFIG_FILE=/dev/null");
  }

  @Test
  void credentialsOfAnIndexStandInNoArgumentAndNoMessage() throws IOException {
    Pip pip = pip().indexUrl("https://me:secret@mine.example/simple");
    CommandResult result = pip.install("a");
    assertThat(result.stdout()).contains("PIP_INDEX_URL=https://me:secret@mine.example/simple");
    assertThat(result.command()).noneMatch(part -> part.contains("secret"));
    prefix.program("python", "exit 1");
    assertThatThrownBy(() -> pip.install("a", "git+https://me:secret@mine.example/x"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void anIndexAndNoneContradictEachOther() {
    assertThatThrownBy(() -> pip().noIndex().indexUrl("https://mine.example/"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pip().indexUrl("https://mine.example/").noIndex())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pip().install()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsOtherWritersOutWhileItChangesTheEnvironmentAndNotWhileItLooks() {
    pip().list();
    assertThat(alone).isEmpty();

    pip().install("thing");

    // all but the first event, that it starts, and the last
    assertThat(alone)
        .containsExactly(
            "began after 1 events", "ended after %d events".formatted(events.size() - 1));
  }

  @Test
  void itsLinesAreEventsOfItsPhase() throws IOException {
    prefix.program("python", "echo Collecting a; echo careful >&2");
    pip().install("a");
    assertThat(events.get(0)).isInstanceOf(ProgressEvent.OperationStarted.class);
    assertThat(events.get(1))
        .isInstanceOfSatisfying(
            ProgressEvent.PhaseStarted.class, e -> assertThat(e.phase()).isEqualTo(Phase.PIP));
    assertThat(events.subList(2, 4))
        .extracting(e -> ((ProgressEvent.OutputLine) e).line())
        .containsExactlyInAnyOrder("Collecting a", "careful");
    assertThat(events.get(4)).isInstanceOf(ProgressEvent.PhaseFinished.class);
    assertThat(events.get(5)).isInstanceOf(ProgressEvent.OperationFinished.class);
    assertThat(events).hasSize(6);
  }

  @Test
  void aFailureIsExplainedByItsLastLines() throws IOException {
    prefix.program("python", "echo Looking; echo 'ERROR: No matching distribution' >&2; exit 1");
    assertThatThrownBy(() -> pip().install("nothing"))
        .isInstanceOfSatisfying(
            CommandFailedException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageContaining("No matching distribution");
    assertThat(events.get(events.size() - 1)).isInstanceOf(ProgressEvent.OperationFailed.class);
  }

  @Test
  void cancellingAnInstallationEndsIt() throws Exception {
    prefix.program("python", "echo up; sleep 60; :");
    CountDownLatch running = new CountDownLatch(1);
    Operation<CommandResult> operation =
        pip()
            .onProgress(
                event -> {
                  if (event instanceof ProgressEvent.OutputLine) {
                    running.countDown();
                  }
                })
            .installAsync("a");
    running.await();
    operation.cancel();
    assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
  }

  @Test
  void withoutPythonOrPipItSaysWhatToInstall() throws IOException {
    Files.delete(prefix.path().resolve("lib/python3.13/site-packages/pip/__main__.py"));
    assertThatThrownBy(() -> pip().install("a"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("install(\"pip\")");
    Files.delete(prefix.path().resolve("bin/python"));
    assertThatThrownBy(() -> pip().freeze())
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("no Python");
  }

  @Test
  void distributionsAreReadFromTheDisk() throws IOException {
    String site = "lib/python3.13/site-packages/";
    prefix.file(site + "pip-25.0.dist-info/METADATA", "Name: pip\nVersion: 25.0\n\nVersion: no");
    prefix.file(site + "pip-25.0.dist-info/INSTALLER", "conda\n");
    prefix.file(site + "PyYAML-6.0.egg-info/PKG-INFO", "Name: PyYAML\nVersion: 6.0\n");
    prefix.file(
        site + "old-1.2-py3.13.egg-info", "Metadata-Version: 1.0\nName: old\nVersion: 1.2\n");
    prefix.file(site + "Broken-3.dist-info/RECORD", "");
    prefix.file(site + "~ip-24.0.dist-info/METADATA", "Name: pip\nVersion: 24.0\n");
    assertThat(pip().list())
        .extracting(InstalledDistribution::toString)
        .containsExactly("Broken==3", "old==1.2", "pip==25.0", "PyYAML==6.0");
    assertThat(pip().list().get(2).installer()).isEqualTo("conda");
  }

  @Test
  void theFolderOfPackagesIsTheOneThatPythonsRecordNames() throws IOException {
    prefix.file("lib/python3.9/site-packages/left.txt", "");
    prefix.file("lib/python3.13t/site-packages/x.txt", "");
    assertThat(SitePackages.of(prefix.path(), Platform.LINUX_64))
        .contains(prefix.path().resolve("lib/python3.13/site-packages"));
    prefix.file(
        "conda-meta/python-3.13.1-0.json",
        "{\"name\": \"python\", \"version\": \"3.13.1\","
            + " \"python_site_packages_path\": \"lib/python3.13t/site-packages\"}");
    assertThat(SitePackages.of(prefix.path(), Platform.LINUX_64))
        .contains(prefix.path().resolve("lib/python3.13t/site-packages"));
    prefix.file(
        "conda-meta/python-3.13.1-0.json", "{\"name\": \"python\", \"version\": \"3.9.2\"}");
    assertThat(SitePackages.of(prefix.path(), Platform.LINUX_64))
        .contains(prefix.path().resolve("lib/python3.9/site-packages"));
  }
}

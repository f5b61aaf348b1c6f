package io.jconda.core.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.InstalledDistribution;
import io.jconda.OfflineException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.Pip;
import io.jconda.core.host.Disk;
import io.jconda.core.process.Activator;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.process.FakePrefix;
import io.jconda.core.util.OperationContext;
import io.jconda.process.CommandResult;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
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
  private Consumer<OperationContext> bringPip = context -> {};

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
            },
            context -> bringPip.accept(context));
    return new EnvironmentPip(
        new PipRunner(runner, Disk.real()), target, options, events::add, executor);
  }

  private Pip pip() {
    return pip(PipOptions.of(false, false, Optional.empty()));
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
    assertThat(pip(PipOptions.of(true, false, Optional.empty())).install("a").stdout())
        .contains("<--no-index>");
    assertThat(pip().install("a").stdout()).doesNotContain("--no-index");
  }

  @Test
  void nothingThatAnOfflinePipStartsReachesTheNetwork() throws IOException {
    parent.put("no_proxy", "localhost");
    parent.put("https_proxy", "http://proxy.example:3128");
    runner.close();
    runner = new CommandRunner(parent, executor);
    prefix.program("python", "env | grep -iE 'proxy|GIT_ALLOW|INDEX_URL' | sort");
    assertThat(
            pip(PipOptions.of(true, false, Optional.empty()))
                .indexUrl("https://me:s3cret@one.example/simple")
                .install("a")
                .stdout()
                .lines())
        .contains("GIT_ALLOW_PROTOCOL=file", "PIP_PROXY=http://127.0.0.1:9")
        .allMatch(line -> line.endsWith("=http://127.0.0.1:9") || line.startsWith("GIT_"));
  }

  @Test
  void anOfflineClientRefusesRequirementsOfTheNetworkBeforeAnythingStarts() {
    Pip offline = pip(PipOptions.of(true, false, Optional.empty()));
    for (String requirement :
        List.of("a @ https://me:s3cret@one.example/a.whl", "git+ssh://git@one.example/a.git")) {
      assertThatThrownBy(() -> offline.install(requirement))
          .isInstanceOf(OfflineException.class)
          .hasMessageContaining("one.example")
          .hasMessageNotContaining("s3cret");
    }
    assertThat(offline.install("a @ file:///wheels/a.whl", "git+file:///src/a").stdout())
        .contains("<a @ file:///wheels/a.whl>", "<git+file:///src/a>");
  }

  @Test
  void itsTimeLimitIsThatOfTheRequest() throws IOException {
    prefix.program("python", "sleep 60; :");
    Pip pip = pip(PipOptions.of(false, false, Optional.of(Duration.ofMillis(300))));
    assertThatThrownBy(() -> pip.install("a")).isInstanceOf(OperationCancelledException.class);
    assertThatThrownBy(pip::freeze).isInstanceOf(OperationCancelledException.class);
    assertThat(events.get(events.size() - 1)).isInstanceOf(ProgressEvent.OperationFailed.class);
  }

  @Test
  void theUsersOwnConfigurationReachesPipOnlyWhereItMay() {
    parent.put("PIP_INDEX_URL", "https://mine.example/simple");
    runner.close();
    runner = new CommandRunner(parent, executor);
    assertThat(pip().install("a").stdout())
        .doesNotContain("mine.example")
        .contains("PIP_CONFIG_FILE=/dev/null");
    assertThat(pip(PipOptions.of(false, true, Optional.empty())).install("a").stdout())
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
    assertThatThrownBy(() -> pip().freeze())
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("install(\"pip\")");
    Files.delete(prefix.path().resolve("bin/python"));
    assertThatThrownBy(() -> pip().freeze())
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("no Python");
  }

  @Test
  void aMissingPipIsBroughtFirst() throws IOException {
    Path main = prefix.path().resolve("lib/python3.13/site-packages/pip/__main__.py");
    Files.delete(main);
    bringPip =
        context -> {
          try {
            Files.writeString(main, "");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    assertThat(pip().install("a").stdout()).contains("<install>");
  }

  @Test
  void aPipThatCondaCannotBringIsExplained() throws IOException {
    Files.delete(prefix.path().resolve("lib/python3.13/site-packages/pip/__main__.py"));
    bringPip =
        context -> {
          throw new CondaException("No channel has pip.", "Add a channel that has it.");
        };
    assertThatThrownBy(() -> pip().install("a"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("No channel has pip")
        .hasMessageContaining("Add a channel");
  }

  @Test
  void filesOfRequirementsConstraintsAndProjectsAreHandedOn() {
    Path project = folder.resolve("project");
    assertThat(
            pip()
                .requirements(folder.resolve("r.txt"))
                .constraints(folder.resolve("c.txt"))
                .editable(project)
                .install()
                .stdout())
        .contains("<--requirement>\n<" + folder.resolve("r.txt") + ">")
        .contains("<--constraint>\n<" + folder.resolve("c.txt") + ">")
        .contains("<--editable>\n<" + project + ">");
    assertThatThrownBy(() -> pip().constraints(folder.resolve("c.txt")).install())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void secretsOfIndexesAreInNoEvent() throws IOException {
    prefix.program("python", "echo \"Looking in $PIP_INDEX_URL $PIP_EXTRA_INDEX_URL\"; exit 3");
    assertThatThrownBy(
            () ->
                pip()
                    .indexUrl("https://me:s3cret@one.example/simple")
                    .extraIndexUrl("https://me:hush@two.example/simple")
                    .install("a"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("one.example")
        .hasMessageContaining("two.example")
        .message()
        .doesNotContain("s3cret", "hush");
    assertThat(events.toString()).contains("two.example").doesNotContain("s3cret", "hush");
  }

  @Test
  void whatPipCheckFindsIsNoFailure() throws IOException {
    assertThat(pip().check()).isEmpty();
    prefix.program("python", "echo 'a 1.0 requires b, which is not installed.'; exit 1");
    assertThat(pip().check()).containsExactly("a 1.0 requires b, which is not installed.");
    prefix.program("python", "echo 'no such option' >&2; exit 2");
    assertThatThrownBy(() -> pip().check())
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("no such option");
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
    prefix.file(site + "laid-2.0-py3.13.egg/EGG-INFO/PKG-INFO", "Name: laid\nVersion: 2.0\n");
    prefix.file(
        "conda-meta/pyyaml-6.0-0.json",
        "{\"name\": \"pyyaml\", \"version\": \"6.0\", \"build\": \"0\", \"build_number\": 0,"
            + " \"files\": [\"%sPyYAML-6.0.egg-info/PKG-INFO\", \"%slaid-2.0-py3.13.egg/x\"]}"
                .formatted(site, site));
    assertThat(pip().list())
        .extracting(InstalledDistribution::toString)
        .containsExactly("Broken==3", "laid==2.0", "old==1.2", "pip==25.0", "PyYAML==6.0");
    assertThat(pip().list().get(3).installer()).isEqualTo("conda");
    assertThat(pip().list())
        .filteredOn(InstalledDistribution::isOfConda)
        .extracting(InstalledDistribution::name)
        .containsExactly("laid", "PyYAML");
  }

  @Test
  void projectsThatLieElsewhereAreKnown() throws IOException {
    String site = "lib/python3.13/site-packages/";
    Path project = folder.resolve("my project");
    Files.createDirectories(project.resolve("old.egg-info"));
    Files.writeString(project.resolve("old.egg-info/PKG-INFO"), "Name: old\nVersion: 0.1\n");
    prefix.file(site + "old.egg-link", project + "\n.\n");
    prefix.file(site + "gone.egg-link", folder.resolve("gone") + "\n.\n");
    prefix.file(site + "new-1.dist-info/METADATA", "Name: new\nVersion: 1\n");
    prefix.file(
        site + "new-1.dist-info/direct_url.json",
        "{\"url\": \"%s\", \"dir_info\": {\"editable\": true}}".formatted(project.toUri()));
    prefix.file(site + "git-1.dist-info/METADATA", "Name: git\nVersion: 1\n");
    prefix.file(
        site + "git-1.dist-info/direct_url.json",
        "{\"url\": \"https://me:s3cret@example.org/git\", \"vcs_info\":"
            + " {\"vcs\": \"git\", \"commit_id\": \"abc\"}}");
    prefix.file(site + "odd-1.dist-info/direct_url.json", "{");
    List<InstalledDistribution> found = pip().list();
    assertThat(found)
        .extracting(InstalledDistribution::name)
        .containsExactly("git", "new", "odd", "old");
    assertThat(found.get(0).source()).contains("git+https://example.org/git@abc");
    assertThat(found.get(1).editable().map(Path::toUri)).contains(project.toUri());
    assertThat(found.get(3).editable()).contains(project);
    assertThat(found).noneMatch(InstalledDistribution::isOfConda);
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

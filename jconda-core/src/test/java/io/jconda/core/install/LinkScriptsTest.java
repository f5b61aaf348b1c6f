package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.AllowedScripts;
import io.jconda.CondaException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What link scripts of packages do, when they are allowed, and what becomes of it. */
class LinkScriptsTest {
  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
    bench.apply(Workbench.create(prefix, base()).build());
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private PackageRecord base() {
    return bench.build(
        PackageBuilder.of("base-files", "1").noarch(NoarchType.GENERIC).file("share/base", "base"));
  }

  private PackageRecord scripted(String name, String action, String script) {
    return bench.build(
        PackageBuilder.of(name, "1")
            .platform(Platform.current())
            .file("share/" + name, "x")
            .executable("bin/.%s-%s.sh".formatted(name, action), "#!/bin/sh\n" + script));
  }

  private InstallReport change(PackageRecord... wanted) {
    return bench.apply(Workbench.change(prefix, wanted).allowedScripts(AllowedScripts.ALL).build());
  }

  @Test
  void scriptsOfNamedPackagesRunAndThoseOfOthersAreReported() {
    PackageRecord known = scripted("known", "post-link", "echo x > $PREFIX/known\n");
    PackageRecord other = scripted("other", "post-link", "echo x > $PREFIX/other\n");
    AllowedScripts allowed = AllowedScripts.NONE.and(Set.of("known"));

    InstallReport report =
        bench.apply(Workbench.change(prefix, base(), known, other).allowedScripts(allowed).build());

    assertThat(prefix.resolve("known")).exists();
    assertThat(prefix.resolve("other")).doesNotExist();
    assertThat(report.skippedScripts()).containsExactly("other: bin/.other-post-link.sh");

    Path anew = folder.resolve("envs/anew");
    report =
        bench.apply(Workbench.create(anew, base(), known, other).allowedScripts(allowed).build());

    assertThat(anew.resolve("known")).exists();
    assertThat(anew.resolve("other")).doesNotExist();
    assertThat(report.skippedScripts()).containsExactly("other: bin/.other-post-link.sh");
  }

  @Test
  void whatAScriptMadeGoesWithTheChangeThatFailed() {
    PackageRecord record =
        scripted(
            "maker",
            "post-link",
            "mkdir -p $PREFIX/made/deep; echo x > $PREFIX/made/deep/file; echo x >"
                + " $PREFIX/share/y\n"
                + "exit 3\n");
    var before = Workbench.picture(prefix);

    assertThatThrownBy(() -> change(base(), record))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("exit code 3");

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  /** Is what the other JVM runs: it dies while a script of it is at work. */
  static final class Child {
    private Child() {}

    /**
     * Adds a package whose script kills the JVM that runs it, or makes a prefix of it: folder,
     * prefix, which.
     */
    public static void main(String[] arguments) {
      Workbench bench = new Workbench(Path.of(arguments[0]));
      LinkScriptsTest test = new LinkScriptsTest();
      test.bench = bench;
      test.prefix = Path.of(arguments[1]);
      test.folder = Path.of(arguments[0]);
      if (arguments[2].equals("add")) {
        test.change(test.base(), test.killer());
      } else {
        PackageRecord killer =
            arguments[2].equals("create-early")
                ? test.scripted("early-killer", "pre-link", "touch $PREFIX/made; kill -9 $PPID\n")
                : arguments[2].equals("linger") ? test.lingering() : test.killer();
        bench.apply(
            Workbench.create(test.prefix, killer)
                .replaces(true)
                .allowedScripts(AllowedScripts.ALL)
                .build());
      }
    }
  }

  @Test
  void aScriptDoesNotOutliveItsJvm() throws Exception {
    killWhile("linger", folder.resolve("envs/other"));
    long pid = Long.parseLong(Files.readString(folder.resolve("lingering")).strip());

    // the guard asks, and forces a second later
    ProcessHandle.of(pid)
        .ifPresent(script -> script.onExit().orTimeout(1, TimeUnit.MINUTES).join());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  /** Lets the disk die at one operation after the other, until a change comes through. */
  private int diesEverywhere(boolean creates) {
    PackageRecord late = scripted("late-one", "post-link", "echo x > $PREFIX/made\n");
    PackageRecord[] wanted = {base(), early(), late};
    Path whole = folder.resolve("envs/whole");
    bench.apply(Workbench.create(whole, wanted).allowedScripts(AllowedScripts.ALL).build());
    Set<String> after = Workbench.picture(whole).keySet();
    for (int operation = 1; ; operation++) {
      Path other = folder.resolve("envs/" + creates + operation);
      if (!creates) {
        bench.apply(Workbench.create(other, base()).build());
      }
      var before = Workbench.picture(other);
      Plan.Builder plan =
          creates ? Workbench.create(other, wanted) : Workbench.change(other, wanted);
      FaultyDisk disk = FaultyDisk.failingAt(operation, FaultyDisk.Fault.DEAD);
      try {
        bench
            .installer(disk)
            .apply(plan.allowedScripts(AllowedScripts.ALL).build(), OperationContext.silent());
      } catch (CondaException e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      }
      bench.recovery().recover(other, OperationContext.silent());
      var found = Workbench.picture(other);
      if (!found.equals(before)) {
        assertThat(found.keySet()).describedAs("operation %d", operation).isEqualTo(after);
      }
      if (!disk.hasFailed()) {
        return operation;
      }
    }
  }

  @Test
  void aNewPrefixWithScriptsIsWholeOrNoneWhereverItsProcessDies() {
    assertThat(diesEverywhere(true)).isGreaterThan(20);
  }

  @Test
  void aChangedPrefixWithScriptsIsTheOldOrTheNewOneWhereverItsProcessDies() {
    assertThat(diesEverywhere(false)).isGreaterThan(20);
  }

  private PackageRecord lingering() {
    return scripted(
        "lingering",
        "post-link",
        "echo $$ > %s\nkill -9 $PPID\nexec sleep 600\n".formatted(folder.resolve("lingering")));
  }

  private PackageRecord killer() {
    return scripted("killer", "post-link", "echo x > $PREFIX/share/made\nkill -9 $PPID\n");
  }

  @Test
  void whatAScriptMadeGoesAlsoWhereItsProcessWasKilled() throws Exception {
    var before = Workbench.picture(prefix);
    killWhile("add", prefix);
    assertThat(prefix.resolve("share/made")).exists();

    bench.recovery().recover(prefix, OperationContext.silent());

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void aPrefixWhoseScriptsDidNotAllRunIsNone() throws Exception {
    Path other = folder.resolve("envs/other");
    killWhile("create", other);

    bench.recovery().recover(other, OperationContext.silent());

    assertThat(other).doesNotExist();
  }

  @Test
  void whatSuchAPrefixReplacedComesBack() throws Exception {
    var before = Workbench.picture(prefix);
    killWhile("create", prefix);
    assertThat(prefix.resolve("share/made")).exists();

    bench.recovery().recover(prefix, OperationContext.silent());

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  private void killWhile(String what, Path where) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                where.toString(),
                what)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(137);
  }

  @Test
  void aScriptThatFailsBeforeItsPackageGoesIsAWarningAsWithConda() {
    PackageRecord record = scripted("leaver", "pre-unlink", "exit 4\n");
    change(base(), record);

    InstallReport report = change(base());

    assertThat(report.warnings()).anyMatch(text -> text.contains("exit code 4"));
    assertThat(prefix.resolve("share/leaver")).doesNotExist();
  }

  @Test
  void aScriptRunsBeforeAnythingOfItsPackageGoes() {
    change(
        base(),
        scripted(
            "leaver",
            "pre-unlink",
            "ls $PREFIX/share/leaver $PREFIX/conda-meta/leaver-1-0.json > $PREFIX/seen\n"));

    assertThat(change(base()).warnings()).isEmpty();
    assertThat(prefix.resolve("seen")).content().contains("share/leaver", "leaver-1-0.json");
    assertThat(prefix.resolve("share/leaver")).doesNotExist();
  }

  @Test
  void aScriptThatIsNeverRunIsReported() {
    PackageRecord record = scripted("late", "post-unlink", "exit 1\n");
    change(base(), record);

    assertThat(change(base()).skippedScripts()).containsExactly("late: bin/.late-post-unlink.sh");
  }

  @Test
  void everyKindOfScriptIsReportedWhereNoneMayRun() {
    List<String> actions = List.of("pre-link", "post-link", "pre-unlink", "post-unlink");
    PackageBuilder builder = PackageBuilder.of("quiet", "1").platform(Platform.current());
    for (String action : actions) {
      builder.file("bin/.quiet-%s.sh".formatted(action), "touch $PREFIX/ran-" + action + "\n");
    }
    PackageRecord record = bench.build(builder);
    List<String> coming =
        List.of("quiet: bin/.quiet-pre-link.sh", "quiet: bin/.quiet-post-link.sh");

    InstallReport came = bench.apply(Workbench.change(prefix, base(), record).build());
    assertThat(came.skippedScripts()).containsExactlyElementsOf(coming);
    InstallReport made =
        bench.apply(Workbench.create(folder.resolve("envs/other"), record).build());
    assertThat(made.skippedScripts()).containsExactlyElementsOf(coming);
    InstallReport went = bench.apply(Workbench.change(prefix, base()).build());
    assertThat(went.skippedScripts())
        .containsExactly("quiet: bin/.quiet-pre-unlink.sh", "quiet: bin/.quiet-post-unlink.sh");
    assertThat(Workbench.picture(prefix).keySet()).noneMatch(path -> path.startsWith("ran-"));
  }

  /** Notes what a script is told and what it sees. */
  private static String noting(String file) {
    return """
        echo "$PREFIX|$ROOT_PREFIX|$PKG_NAME|$PKG_VERSION|$PKG_BUILDNUM" > $PREFIX/%1$s
        echo "${PATH%%%%:*}|$PWD|${CONDA_PREFIX:-none}|${TEST_VAR:-unset}" >> $PREFIX/%1$s
        """
        .formatted(file);
  }

  @Test
  void scriptsAreToldWhatCondaTellsThem() throws Exception {
    PackageRecord record =
        bench.build(
            PackageBuilder.of("told", "2.5")
                .platform(Platform.current())
                .buildNumber(7)
                .file("etc/conda/activate.d/told.sh", "export TEST_VAR=set\n")
                .file("bin/.told-pre-link.sh", noting("before"))
                .file("bin/.told-post-link.sh", noting("after"))
                .file("bin/.told-pre-unlink.sh", noting("leaving")));
    change(base(), record);
    change(base());

    String variables = "%s|%s|told|2.5|7".formatted(prefix, bench.root);
    Path bin = prefix.resolve("bin");
    assertThat(Files.readAllLines(prefix.resolve("after")))
        .containsExactly(variables, "%s|%s|%s|set".formatted(bin, bin, prefix));
    assertThat(Files.readAllLines(prefix.resolve("leaving"))).first().isEqualTo(variables);
    assertThat(Files.readAllLines(prefix.resolve("leaving")).get(1))
        .startsWith("%s|%s|".formatted(bin, bin))
        .endsWith("|unset");
    // it runs where its package is laid out, before any of it is in the prefix
    assertThat(Files.readAllLines(prefix.resolve("before"))).first().isEqualTo(variables);
    assertThat(Files.readAllLines(prefix.resolve("before")).get(1)).doesNotStartWith(bin + "|");
  }

  @Test
  void scriptsRunInTheOrderOfWhatNeedsWhatAndLeavingTheOtherWay() throws Exception {
    List<PackageRecord> records = new ArrayList<>();
    for (String version : List.of("1", "2")) {
      for (String name : List.of("zeta", "alpha")) {
        PackageBuilder builder =
            PackageBuilder.of(name, version)
                .platform(Platform.current())
                .file(
                    "bin/.%s-post-link.sh".formatted(name),
                    "echo +%s >> $PREFIX/order\n".formatted(name))
                .file(
                    "bin/.%s-pre-unlink.sh".formatted(name),
                    "echo -%s >> $PREFIX/order\n".formatted(name));
        records.add(bench.build(name.equals("alpha") ? builder.depends("zeta") : builder));
      }
    }
    change(base(), records.get(0), records.get(1));
    change(base(), records.get(2), records.get(3));

    assertThat(Files.readAllLines(prefix.resolve("order")))
        .containsExactly("+zeta", "+alpha", "-alpha", "-zeta", "+zeta", "+alpha");
  }

  @Test
  void scriptsAreReadByBashWhateverTheirFirstLineSays() {
    PackageRecord record =
        scripted("bashist", "post-link", "words=(one two); echo ${words[1]} > $PREFIX/word\n");

    change(base(), record);

    assertThat(prefix.resolve("word")).hasContent("two");
  }

  @Test
  void scriptsComeBeforeByteCodeAndRecords() {
    PackageRecord record =
        scripted(
            "watcher",
            "post-link",
            "ls $PREFIX/conda-meta | grep -c watcher > $PREFIX/records\n:\n");
    Path other = folder.resolve("envs/other");

    change(base(), record);
    bench.apply(Workbench.create(other, record).allowedScripts(AllowedScripts.ALL).build());

    for (Path made : List.of(prefix, other)) {
      assertThat(made.resolve("records")).hasContent("0");
      assertThat(made.resolve("conda-meta/watcher-1-0.json")).exists();
      assertThat(made.resolve("conda-meta/.jconda")).doesNotExist();
    }
  }

  @Test
  void aScriptBeforeLinkingSeesItsPackageAndNotYetInThePrefix() {
    PackageRecord record = early();

    change(base(), record);

    assertThat(prefix.resolve("seen")).hasContent("x absent");
    assertThat(prefix.resolve("share/early")).hasContent("x");
  }

  /** Its script says what it saw, and spoils what it was given. */
  private PackageRecord early() {
    return scripted(
        "early",
        "pre-link",
        """
        absent=absent; test -e $PREFIX/share/early && absent=there
        echo "$(cat $SOURCE_DIR/share/early) $absent" > $PREFIX/seen
        echo spoilt > $SOURCE_DIR/share/early
        """);
  }

  @Test
  void whatAScriptChangesInItsPackageChangesNothingForOthers() {
    change(base(), early());
    Path other = folder.resolve("envs/other");
    bench.apply(Workbench.create(other, early()).build());

    assertThat(other.resolve("share/early")).hasContent("x");
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).isSound()).isTrue();
  }

  @Test
  void aNewPrefixIsInItsPlaceWhenAScriptRunsBeforeLinking() {
    Path other = folder.resolve("envs/other");

    InstallReport report =
        bench.apply(
            Workbench.create(other, base(), early()).allowedScripts(AllowedScripts.ALL).build());

    assertThat(report.skippedScripts()).isEmpty();
    assertThat(other.resolve("seen")).hasContent("x absent");
    assertThat(other.resolve("share/early")).hasContent("x");
    assertThat(other.resolve("conda-meta/.jconda")).doesNotExist();
  }

  @Test
  void aScriptThatFailsBeforeLinkingUndoesAllOfIt() {
    PackageRecord record =
        scripted(
            "failing", "pre-link", "touch $PREFIX/made; echo why >> $PREFIX/.messages.txt; exit 5");
    var before = Workbench.picture(prefix);
    Path other = folder.resolve("envs/other");

    assertThatThrownBy(() -> change(base(), record))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("exit code 5")
        .hasMessageContaining("why");
    assertThatThrownBy(
            () ->
                bench.apply(
                    Workbench.create(other, record).allowedScripts(AllowedScripts.ALL).build()))
        .isInstanceOf(InstallException.class);

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(other).doesNotExist();
  }

  @Test
  void aPrefixWhoseProcessWasKilledBeforeLinkingIsNone() throws Exception {
    Path other = folder.resolve("envs/other");
    killWhile("create-early", other);
    assertThat(other.resolve("made")).exists();

    bench.recovery().recover(other, OperationContext.silent());

    assertThat(other).doesNotExist();
  }

  @Test
  void whatAScriptLeavesForTheUserIsShownAtOnceAndInTheReport() {
    PackageRecord record =
        scripted("speaker", "post-link", "echo aloud; echo hello >> $PREFIX/.messages.txt\n");
    List<String> shown = new ArrayList<>();
    Events events =
        new Events(
            event -> {
              if (event instanceof ProgressEvent.OutputLine line) {
                shown.add(line.line());
              }
            });

    InstallReport report =
        bench
            .installer()
            .apply(
                Workbench.change(prefix, base(), record).allowedScripts(AllowedScripts.ALL).build(),
                new OperationContext(CancellationToken.create(), events));

    assertThat(shown).containsExactly("aloud", "hello");
    assertThat(report.warnings()).containsExactly("speaker says: hello");
    assertThat(prefix.resolve(".messages.txt")).doesNotExist();
  }

  @Test
  void menuItemsAreReportedAndNotMade() throws Exception {
    PackageRecord record =
        bench.build(
            PackageBuilder.of("shown", "1")
                .noarch(NoarchType.GENERIC)
                .file("Menu/shown.json", "{}")
                .file("menu/other.JSON", "{}")
                .file("Menu/shown.ico", "x"));

    // upper and lower case are one there (conda: path_actions.py)
    assertThat(change(base(), record).skippedMenuItems())
        .containsExactlyInAnyOrder("shown: Menu/shown.json", "shown: menu/other.JSON");
    assertThat(Files.readString(prefix.resolve("Menu/shown.json"))).isEqualTo("{}");
  }
}

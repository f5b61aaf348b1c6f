package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.build.PackageBuilder;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    return bench.apply(Workbench.change(prefix, wanted).allowLinkScripts(true).build());
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
      if (arguments[2].equals("add")) {
        test.change(test.base(), test.killer());
      } else {
        bench.apply(
            Workbench.create(test.prefix, test.killer())
                .replaces(true)
                .allowLinkScripts(true)
                .build());
      }
    }
  }

  private PackageRecord killer() {
    return scripted("killer", "post-link", "echo x > $PREFIX/share/made\nkill -9 $PPID\n");
  }

  @Test
  void whatAScriptMadeGoesAlsoWhereItsProcessWasKilled() throws Exception {
    var before = Workbench.picture(prefix);
    killWhile("add", prefix);
    assertThat(prefix.resolve("share/made")).exists();

    bench.installer().recover(prefix, OperationContext.silent());

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void aPrefixWhoseScriptsDidNotAllRunIsNone() throws Exception {
    Path other = folder.resolve("envs/other");
    killWhile("create", other);

    bench.installer().recover(other, OperationContext.silent());

    assertThat(other).doesNotExist();
  }

  @Test
  void whatSuchAPrefixReplacedComesBack() throws Exception {
    var before = Workbench.picture(prefix);
    killWhile("create", prefix);
    assertThat(prefix.resolve("share/made")).exists();

    bench.installer().recover(prefix, OperationContext.silent());

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
  void scriptsThatAreNeverRunAreReported() {
    PackageRecord record = scripted("early", "pre-link", "exit 1\n");

    assertThat(change(base(), record).skippedScripts())
        .containsExactly("early: bin/.early-pre-link.sh");
  }

  @Test
  void menuItemsAreReportedAndNotMade() throws Exception {
    PackageRecord record =
        bench.build(
            PackageBuilder.of("shown", "1")
                .noarch(NoarchType.GENERIC)
                .file("Menu/shown.json", "{}")
                .file("Menu/shown.ico", "x"));

    assertThat(change(base(), record).skippedMenuItems()).containsExactly("shown: Menu/shown.json");
    assertThat(Files.readString(prefix.resolve("Menu/shown.json"))).isEqualTo("{}");
  }
}

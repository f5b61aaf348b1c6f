package io.jconda.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.examples.Jar.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starts the jar, and the archive of classes with which it starts sooner. */
class LauncherIT {
  private static final Path ARCHIVE = Jar.FILE.resolveSibling("jconda.jsa");

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void name() {
    root = folder.resolve("root");
  }

  /** Puts launcher and jar into a folder, as somebody installs them. */
  private Path installed(String name) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Files.createSymbolicLink(place.resolve("jconda.jar"), Jar.FILE);
    return Files.copy(Jar.LAUNCHER, place.resolve("jconda"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void assertSaysItsVersion(Outcome outcome) {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).matches("jconda \\S+\\R");
    assertThat(outcome.exitCode()).isZero();
  }

  /** Counts the classes that a JVM took from an archive on top of its own. */
  private long archived(Path launcher, String... arguments) throws Exception {
    Path log = folder.resolve("classes");
    String options = Jar.home(root) + " -Xlog:class+load:file=" + log;
    Outcome outcome = Jar.launch(launcher, root, Map.of("JCONDA_JAVA_OPTIONS", options), arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.endsWith("shared objects file (top)")).count();
    }
  }

  @Test
  void theJvmTakesItsClassesFromTheArchiveThatTheBuildMade() throws Exception {
    assertThat(ARCHIVE).isRegularFile();
    assertThat(archived(Jar.LAUNCHER, "list", "-p", emptyPrefix())).isGreaterThan(400);
  }

  private String emptyPrefix() throws IOException {
    Path prefix = folder.resolve("env");
    Files.createDirectories(prefix.resolve("conda-meta"));
    Files.createFile(prefix.resolve("conda-meta/history"));
    return prefix.toString();
  }

  @Test
  void itIsFoundThroughLinksAndInFoldersWithBlanks() throws Exception {
    Path launcher = installed("a b");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), launcher);
    Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("absolute"));
    assertSaysItsVersion(Jar.launch(launcher, root, Map.of(), "--version"));
    assertSaysItsVersion(Jar.launch(relative, root, Map.of(), "--version"));
    assertThat(absolute).isSymbolicLink();
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    String odd = folder + "/no  such * \"place\" $HOME";
    Outcome outcome = Jar.jconda(root, "list", "-p", odd);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains(odd);
  }

  @Test
  void withoutJavaItSaysWhatToDo() throws Exception {
    Outcome outcome =
        Jar.launch(Jar.LAUNCHER, root, Map.of("JAVA_HOME", folder + "/nowhere"), "--version");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains(folder + "/nowhere/bin/java")
        .contains("Install Java 17 or newer")
        .contains("JAVA_HOME");
  }

  @Test
  void withoutItsJarItSaysWhatToDo() throws Exception {
    Path launcher = installed("alone");
    Files.delete(launcher.resolveSibling("jconda.jar"));
    Outcome outcome = Jar.launch(launcher, root, Map.of(), "--version");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("no jconda.jar in " + folder.resolve("alone").toRealPath())
        .contains("link to the launcher");
  }

  @Test
  void anArchiveThatDoesNotFitIsPassedOverInSilence() throws Exception {
    Path launcher = installed("elsewhere");
    Path archive = launcher.resolveSibling("jconda.jsa");
    Files.copy(ARCHIVE, archive);
    assertSaysItsVersion(Jar.launch(launcher, root, Map.of(), "--version"));
    Files.delete(archive);
    Files.writeString(archive, "no archive at all");
    assertSaysItsVersion(Jar.launch(launcher, root, Map.of(), "--version"));
  }

  @Test
  void anotherJarGetsAnArchiveOfItsOwn() throws Exception {
    Path launcher = installed("own");
    Files.delete(launcher.resolveSibling("jconda.jar"));
    Files.copy(Jar.FILE, launcher.resolveSibling("jconda.jar"));
    Outcome made = Jar.launch(launcher, root, Map.of(), "class-archive");

    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    Path archive = launcher.resolveSibling("jconda.jsa");
    assertThat(made.out()).isEqualTo("Made " + archive + "." + System.lineSeparator());
    assertThat(archived(launcher, "list", "-p", emptyPrefix())).isGreaterThan(400);
    try (Stream<Path> left = Files.list(launcher.getParent())) {
      assertThat(left)
          .containsExactlyInAnyOrderElementsOf(
              List.of(launcher, launcher.resolveSibling("jconda.jar"), archive));
    }
  }
}

package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.Disk;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ActivationScriptsTest {
  @TempDir Path folder;
  private FakePrefix prefix;
  private final Map<String, String> parent = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
  private final List<ProgressEvent> events = new ArrayList<>();
  private final List<CommandRunner> runners = new ArrayList<>();
  private final OperationContext context =
      new OperationContext(CancellationToken.create(), new Events(events::add));

  @BeforeEach
  void makePrefix() throws IOException {
    prefix = FakePrefix.in(folder.resolve("env"));
    // each run leaves a line
    script(
        "a.sh",
        "echo ran >> \"$CONDA_PREFIX/runs\"; echo noise; export FROM_A=\"$CONDA_PREFIX/x\"");
  }

  @AfterEach
  void close() {
    runners.forEach(CommandRunner::close);
  }

  private void script(String name, String text) throws IOException {
    prefix.file("etc/conda/activate.d/" + name, text + "\n");
  }

  private Activation activate() {
    return activate(Platform.current());
  }

  private Activation activate(Platform target) {
    CommandRunner runner = new CommandRunner(parent, Runnable::run);
    runners.add(runner);
    Activation plain = Activator.activate(prefix.path(), "fake", target, parent);
    return new ActivationScripts(Disk.real(), runner).addTo(prefix.path(), plain, parent, context);
  }

  private long runs() throws IOException {
    Path runs = prefix.path().resolve("runs");
    if (!Files.exists(runs)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(runs)) {
      return lines.count();
    }
  }

  @Test
  void scriptsSetUnsetAndGoBeforeThePath() throws IOException {
    parent.put("OLD", "1");
    script(
        "b.sh", "unset OLD; export FROM_B=\"$FROM_A more\nlines\"; export PATH=\"/added:$PATH\"");
    Activation activation = activate();
    assertThat(activation.variables())
        .containsEntry("FROM_A", prefix.path() + "/x")
        .containsEntry("FROM_B", prefix.path() + "/x more\nlines");
    assertThat(activation.unset()).contains("OLD");
    assertThat(activation.pathEntries())
        .containsExactly(Path.of("/added"), prefix.path().resolve("bin"));
    assertThat(activation.variables()).doesNotContainKeys("_", "SHLVL", "PWD", "PATH");
    assertThat(activation.skippedScripts()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void scriptsRunOnceUntilSomethingTheyMayKnowChanges() throws IOException {
    Activation first = activate();
    assertThat(activate()).isEqualTo(first);
    assertThat(runs()).isEqualTo(1);

    parent.put("UNRELATED", "1");
    activate();
    assertThat(runs()).isEqualTo(1);

    script("b.sh", ":");
    activate();
    assertThat(runs()).isEqualTo(2);

    prefix.file("conda-meta/new-1.0-0.json", "{}");
    activate();
    assertThat(runs()).isEqualTo(3);
  }

  @Test
  void aVariableThatAScriptMentionsIsPartOfTheKey() throws IOException {
    script("b.sh", "export CFLAGS=\"$CFLAGS -O2\"");
    parent.put("CFLAGS", "-g");
    assertThat(activate().variables()).containsEntry("CFLAGS", "-g -O2");
    parent.put("CFLAGS", "-v");
    assertThat(activate().variables()).containsEntry("CFLAGS", "-v -O2");
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void whatIsRememberedIsNoPackageRecordAndBounded() throws IOException {
    for (int i = 0; i < 12; i++) {
      script("b.sh", "export N=" + i);
      activate();
    }
    try (Stream<Path> files = Files.walk(prefix.path().resolve("conda-meta"))) {
      List<Path> kept = files.filter(Files::isRegularFile).toList();
      assertThat(kept).hasSize(8).noneMatch(file -> file.toString().endsWith(".json"));
    }
  }

  @Test
  void aDamagedMemoryIsReplaced() throws IOException {
    Activation first = activate();
    try (Stream<Path> files = Files.list(prefix.path().resolve("conda-meta/.jconda/activation"))) {
      Files.writeString(files.findFirst().orElseThrow(), "{");
    }
    assertThat(activate()).isEqualTo(first);
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void scriptsThatFailAreSkippedAndReported() throws IOException {
    script("b.sh", "echo no licence >&2; exit 4");
    Activation activation = activate();
    assertThat(activation.variables()).doesNotContainKey("FROM_A");
    assertThat(activation.skippedScripts())
        .extracting(script -> script.getFileName().toString())
        .containsExactly("a.sh", "b.sh");
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ProgressEvent.Warning.class,
            warning -> assertThat(warning.message()).contains("b.sh").contains("no licence"));
  }

  @Test
  void scriptsOfAnotherPlatformAreSkippedAndReported() throws IOException {
    script("a.bat", "set X=1");
    Activation activation = activate(Platform.WIN_64);
    assertThat(activation.skippedScripts())
        .extracting(script -> script.getFileName().toString())
        .containsExactly("a.bat");
    assertThat(events).hasSize(1);
    assertThat(runs()).isZero();
  }

  @Test
  void withoutScriptsNothingHappens() throws IOException {
    Files.delete(prefix.path().resolve("etc/conda/activate.d/a.sh"));
    Activation plain = Activator.activate(prefix.path(), "fake", Platform.current(), parent);
    assertThat(activate()).isEqualTo(plain);
    assertThat(prefix.path().resolve("conda-meta/.jconda")).doesNotExist();
  }
}

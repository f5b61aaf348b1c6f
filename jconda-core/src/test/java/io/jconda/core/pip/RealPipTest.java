package io.jconda.core.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.CommandFailedException;
import io.jconda.InstalledDistribution;
import io.jconda.Pip;
import io.jconda.core.host.Disk;
import io.jconda.core.process.Activator;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.CommandResult;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs a real pip in a virtual environment of the machine's own Python, where there is one. */
@Timeout(180)
class RealPipTest {
  @TempDir static Path folder;
  private static final CommandRunner RUNNER = new CommandRunner(System.getenv(), Runnable::run);
  private static Path prefix;

  @BeforeAll
  static void makeEnvironment() {
    prefix = folder.resolve("env");
    assumeTrue(
        !Platform.current().isWindows(),
        "SKIPPED: a virtual environment on Windows is laid out differently");
    CommandResult made;
    try {
      made =
          RUNNER
              .command(
                  prefix,
                  Activation.builder(Platform.current()).build(),
                  List.of("python3", "-m", "venv", prefix.toString()),
                  OperationContext.silent())
              .timeout(Duration.ofMinutes(2))
              .run();
    } catch (CommandFailedException e) {
      assumeTrue(false, "SKIPPED: this machine has no python3 of its own");
      throw e;
    }
    assumeTrue(
        made.isSuccess(),
        () -> "SKIPPED: this machine's python3 makes no environments: " + made.stderr());
  }

  @AfterAll
  static void close() {
    RUNNER.close();
  }

  private static Activation activation() {
    return Activator.activate(prefix, "real", Platform.current(), System.getenv());
  }

  private static Pip pip() {
    PipTarget target =
        new PipTarget(
            prefix,
            Platform.current(),
            context -> activation(),
            context -> () -> {},
            context -> {});
    return new EnvironmentPip(
        new PipRunner(RUNNER, Disk.real()),
        target,
        PipOptions.of(true, false, Optional.empty()),
        event -> {},
        Runnable::run);
  }

  private static List<String> names() {
    return pip().list().stream().map(InstalledDistribution::toString).toList();
  }

  @Test
  void aWheelComesFromAPathIsUsedAndGoes() throws Exception {
    Path wheel = Wheels.build(folder, "jconda_hello", "1.5", "print('hello from the wheel')\n");
    pip().install(wheel.toString());
    assertThat(names()).contains("jconda_hello==1.5");
    assertThat(pip().freeze()).anyMatch(line -> line.contains("jconda_hello"));
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    CommandResult result =
        RUNNER
            .command(
                prefix,
                activation(),
                List.of("python", "-m", "jconda_hello"),
                OperationContext.silent())
            .onLine(lines::add)
            .run();
    assertThat(result.orThrow().stdout()).isEqualTo("hello from the wheel\n");
    assertThat(lines).containsExactly("hello from the wheel");
    pip().uninstall("jconda_hello");
    assertThat(names()).doesNotContain("jconda_hello==1.5");
  }

  @Test
  void aWheelIsFoundInAFolderByName() throws Exception {
    Wheels.build(folder, "jconda_found", "2.0", "");
    pip().findLinks(folder).install("jconda_found>=1");
    assertThat(names()).contains("jconda_found==2.0");
  }

  @Test
  void whatIsNotThereIsExplainedInPipsOwnWords() {
    assertThatThrownBy(() -> pip().install("jconda-no-such-distribution"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("jconda-no-such-distribution")
        .hasMessageContaining("No matching distribution");
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.util.OperationContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ends a real JVM in the middle of a step. {@link InstallerFaultTest} tries every operation with a
 * disk that dies; this shows on some of them that a dying process is nothing else.
 */
@Tag("stress")
class HaltTest {
  private static final int HALTED = 137;

  /**
   * How many operations are tried of each step, spread evenly; every one of them with {@code
   * -Pstress}.
   */
  private static final int TRIES = Integer.getInteger("jconda.halts", 4);

  @TempDir Path folder;

  /** Is what the other JVM runs. */
  static final class Child {
    private Child() {}

    /** Does a step and halts at an operation: folder, prefix, step, operation. */
    public static void main(String[] arguments) {
      Workbench bench = new Workbench(Path.of(arguments[0]));
      Scenario scenario = new Scenario(bench, Path.of(arguments[1]));
      FaultyDisk disk = FaultyDisk.failingAt(Integer.parseInt(arguments[3]), Fault.HALT);
      scenario.run(Step.valueOf(arguments[2]), bench.installer(disk));
      System.exit(0);
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aFreshProcessFindsTheOldStateOrTheNewOne(Step step) throws Exception {
    Workbench bench = new Workbench(folder);
    try {
      Scenario model = begin(bench, step, 0);
      SortedMap<String, String> before = Pictures.withoutPaths(model.prefix);
      FaultyDisk counting = FaultyDisk.counting();
      model.run(step, bench.installer(counting));
      SortedMap<String, String> after = Pictures.withoutPaths(model.prefix);

      int tries = Math.min(TRIES, counting.operations());
      for (int attempt = 1; attempt <= tries; attempt++) {
        int operation = Math.max(1, counting.operations() * attempt / tries);
        Scenario scenario = begin(bench, step, attempt);
        assertThat(halt(scenario, step, operation)).isEqualTo(HALTED);
        bench.installer().recover(scenario.prefix, OperationContext.silent());
        assertThat(Pictures.withoutPaths(scenario.prefix))
            .describedAs("halted at operation %d", operation)
            .isIn(before, after);
        // and the prefix is no worse for it: the step can be done again
        if (Pictures.withoutPaths(scenario.prefix).equals(before)) {
          scenario.run(step, bench.installer());
          assertThat(Pictures.withoutPaths(scenario.prefix)).isEqualTo(after);
        }
      }
    } finally {
      bench.close();
    }
  }

  /** Prefixes have paths of one length, or the padding in their binaries would differ. */
  private Scenario begin(Workbench bench, Step step, int attempt) throws Exception {
    Path parent = folder.resolve("envs-%04d-%s".formatted(attempt, step));
    Files.createDirectories(parent);
    Scenario scenario = new Scenario(bench, parent.resolve("prefix"));
    scenario.prepare(step);
    return scenario;
  }

  private int halt(Scenario scenario, Step step, int operation) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                scenario.prefix.toString(),
                step.name(),
                String.valueOf(operation))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(output).isTrue();
    assertThat(output).doesNotContain("Exception");
    return process.exitValue();
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  private static final int TRIES = Integer.getInteger("jconda.halts", 12);

  /** Most of a JVM's short life is its start, which two processors can share. */
  private final ExecutorService two = Executors.newFixedThreadPool(2);

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

      int operations = counting.operations();
      int tries = Math.min(TRIES, operations);
      List<CompletableFuture<Integer>> halted = new ArrayList<>();
      List<Scenario> scenarios = new ArrayList<>();
      for (int attempt = 1; attempt <= tries; attempt++) {
        Scenario scenario = begin(bench, step, attempt);
        int operation = Math.max(1, operations * attempt / tries);
        scenarios.add(scenario);
        halted.add(CompletableFuture.supplyAsync(() -> halt(scenario, step, operation), two));
      }
      for (int i = 0; i < tries; i++) {
        String when = "halted at operation %d".formatted(Math.max(1, operations * (i + 1) / tries));
        assertThat(halted.get(i).join()).describedAs(when).isEqualTo(HALTED);
        Scenario scenario = scenarios.get(i);
        bench.recovery().recover(scenario.prefix, OperationContext.silent());
        SortedMap<String, String> found = Pictures.withoutPaths(scenario.prefix);
        assertThat(found.keySet()).describedAs(when).isIn(before.keySet(), after.keySet());
        assertThat(found).describedAs(when).isIn(before, after);
        // and the prefix is no worse for it: the step can be done again
        if (found.equals(before)) {
          scenario.run(step, bench.installer());
          assertThat(Pictures.withoutPaths(scenario.prefix)).isEqualTo(after);
        }
      }
    } finally {
      two.shutdownNow();
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

  private int halt(Scenario scenario, Step step, int operation) {
    try {
      return startAndAwait(scenario, step, operation);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private int startAndAwait(Scenario scenario, Step step, int operation)
      throws IOException, InterruptedException {
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

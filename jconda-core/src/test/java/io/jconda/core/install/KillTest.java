package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.install.Scenario.Step;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes at random while they create, update, replace and remove a prefix, over and over:
 * 20 unless {@code jconda.kills} says otherwise, as {@code -Pstress} does.
 */
@Tag("stress")
class KillTest {
  private static final int KILLS = Integer.getInteger("jconda.kills", 20);

  @TempDir Path folder;

  /** Is what the other JVM runs, until it is killed. */
  static final class Child {
    private Child() {}

    /** Goes round for ever, and says a line before each step: folder, prefix. */
    public static void main(String[] arguments) {
      Workbench bench = new Workbench(Path.of(arguments[0]));
      Scenario scenario = new Scenario(bench, Path.of(arguments[1]));
      Installer installer = bench.installer();
      bench.recovery().recover(scenario.prefix, OperationContext.silent());
      if (PrefixRecords.isEnvironment(scenario.prefix)) {
        scenario.run(Step.REMOVE, installer);
      }
      while (true) {
        for (Step step : List.of(Step.CREATE, Step.UPDATE, Step.REPLACE, Step.REMOVE)) {
          System.out.println(step);
          scenario.run(step, installer);
        }
      }
    }
  }

  @Test
  void whateverIsKilledWhenThePrefixIsOneOfThoseThatItPassesThrough() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Workbench bench = new Workbench(folder);
    try {
      Scenario scenario = new Scenario(bench, folder.resolve("envs/prefix"));
      List<SortedMap<String, String>> states = new ArrayList<>();
      for (Step step : List.of(Step.CREATE, Step.UPDATE, Step.REPLACE, Step.REMOVE)) {
        scenario.run(step, bench.installer());
        states.add(Pictures.withoutPaths(scenario.prefix));
      }
      for (int kill = 1; kill <= KILLS; kill++) {
        List<String> steps = killSoon(scenario.prefix, random);
        bench.recovery().recover(scenario.prefix, OperationContext.silent());

        SortedMap<String, String> found = Pictures.withoutPaths(scenario.prefix);
        assertThat(states)
            .describedAs("kill %d, in the middle of the last of %s", kill, steps)
            .anySatisfy(state -> assertThat(found).isEqualTo(state));
      }
      // nothing lies beside it but what a removal had still to delete, which the next one does
      bench.apply(scenario.create(PrefixRecords.isEnvironment(scenario.prefix)));
      try (var entries = Files.list(folder.resolve("envs"))) {
        assertThat(entries).containsExactly(scenario.prefix);
      }
    } finally {
      bench.close();
    }
  }

  /** Kills at some moment of the first rounds; a hot loop passes, but no time is waited for. */
  private List<String> killSoon(Path prefix, Random random) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                prefix.toString())
            .redirectErrorStream(true)
            .start();
    List<String> steps = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int rounds = 1 + random.nextInt(5);
      for (int i = 0; i < rounds; i++) {
        String line = output.readLine();
        assertThat(line)
            .describedAs("after %s", steps)
            .isIn("CREATE", "UPDATE", "REPLACE", "REMOVE");
        steps.add(line);
      }
      long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(60_000));
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
    return steps;
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jconda.CondaException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets the disk fail at every single operation of every kind of step. */
class InstallerFaultTest {
  @TempDir Path folder;

  static Stream<Arguments> stepsAndFaults() {
    return Scenario.steps().stream()
        .flatMap(
            step -> Stream.of(Fault.DENIED, Fault.FULL).map(fault -> Arguments.of(step, fault)));
  }

  @ParameterizedTest
  @MethodSource("stepsAndFaults")
  void leavesTheOldStateOrTheNewOneWhateverFails(Step step, Fault fault) throws Exception {
    Workbench bench = new Workbench(folder);
    try {
      State states = State.of(step, bench, folder);
      int operations = states.operations;
      assertThat(operations).isGreaterThan(5);
      for (int n = 1; n <= operations; n++) {
        Scenario scenario = states.begin("at" + n);
        SortedMap<String, String> exactly = Workbench.picture(scenario.prefix);
        FaultyDisk disk = FaultyDisk.failingAt(n, fault);
        attempt(scenario, step, bench, disk);
        states.assertUndoneAtOnce(scenario, exactly, fault + " at operation " + n);
        // whatever could not be undone on a failing disk is undone by whoever comes next
        bench.recovery().recover(scenario.prefix, OperationContext.silent());
        states.assertOldOrNew(scenario, fault + " at operation " + n);
        states.assertOldToTheByte(scenario, exactly);
        assertThat(states.leftovers(scenario)).describedAs("operation %d", n).isEmpty();
      }
    } finally {
      bench.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void leavesTheOldStateOrTheNewOneWheneverItIsKilled(Step step) throws Exception {
    Workbench bench = new Workbench(folder);
    try {
      State states = State.of(step, bench, folder);
      for (int n = 1; n <= states.operations; n++) {
        Scenario scenario = states.begin("at" + n);
        attempt(scenario, step, bench, FaultyDisk.failingAt(n, Fault.DEAD));
        bench.recovery().recover(scenario.prefix, OperationContext.silent());
        states.assertOldOrNew(scenario, "killed before operation " + n);
      }
    } finally {
      bench.close();
    }
  }

  private static void attempt(Scenario scenario, Step step, Workbench bench, Disk disk) {
    try {
      scenario.run(step, bench.installer(disk));
    } catch (CondaException e) {
      assertThat(e.remedy()).isNotBlank();
    }
  }

  /** Holds what a step begins and ends with. */
  private static final class State {
    private final Step step;
    private final Workbench bench;
    private final Path folder;
    private SortedMap<String, String> before = new TreeMap<>();
    private SortedMap<String, String> after = new TreeMap<>();
    private int operations;

    private State(Step step, Workbench bench, Path folder) {
      this.step = step;
      this.bench = bench;
      this.folder = folder;
    }

    static State of(Step step, Workbench bench, Path folder) throws IOException {
      State state = new State(step, bench, folder);
      Scenario scenario = state.begin("model");
      state.before = state.picture(scenario);
      FaultyDisk counting = FaultyDisk.counting();
      scenario.run(step, bench.installer(counting));
      state.operations = counting.operations();
      state.after = state.picture(scenario);
      return state;
    }

    /** All prefixes have paths of one length and are pictured without them. */
    Scenario begin(String name) throws IOException {
      Path parent = folder.resolve("envs-" + step + "-" + (name + "-----").substring(0, 6));
      Files.createDirectories(parent);
      Scenario scenario = new Scenario(bench, parent.resolve("prefix"));
      scenario.prepare(step);
      return scenario;
    }

    /** The names say most, and are compared first: a failure shows the few that differ. */
    void assertOldOrNew(Scenario scenario, String what) {
      SortedMap<String, String> found = picture(scenario);
      SortedMap<String, String> nearest = found.keySet().equals(before.keySet()) ? before : after;
      assertThat(found.keySet()).describedAs(what).isEqualTo(nearest.keySet());
      assertThat(found).describedAs(what).isEqualTo(nearest);
    }

    /** Nobody has to come by: it is the old state to the byte, or the new one counts already. */
    void assertUndoneAtOnce(Scenario scenario, SortedMap<String, String> exactly, String what) {
      SortedMap<String, String> found = Workbench.picture(scenario.prefix);
      boolean counts = Files.exists(scenario.prefix.resolve("conda-meta/.jconda/change/committed"));
      if (!counts && !found.equals(exactly)) {
        found.keySet().removeIf(path -> path.startsWith("conda-meta/.jconda"));
        assertThat(found.keySet()).describedAs(what).isEqualTo(after.keySet());
      }
    }

    /** Old is what was there, not only the like of it. */
    void assertOldToTheByte(Scenario scenario, SortedMap<String, String> exactly) {
      if (picture(scenario).equals(before)) {
        assertThat(Workbench.picture(scenario.prefix)).isEqualTo(exactly);
      }
    }

    SortedMap<String, String> picture(Scenario scenario) {
      return Pictures.withoutPaths(scenario.prefix);
    }

    Stream<Path> leftovers(Scenario scenario) throws IOException {
      Path parent = scenario.prefix.getParent();
      if (parent == null) {
        return fail("a prefix has a parent");
      }
      if (!Files.exists(parent)) {
        return Stream.of();
      }
      try (Stream<Path> entries = Files.list(parent)) {
        return entries
            .filter(entry -> !entry.equals(scenario.prefix))
            // what could not be deleted of an old prefix is reported, and tried again later
            .filter(entry -> !entry.getFileName().toString().matches("\\.jconda-(gone|old)-.*"))
            .toList()
            .stream();
      }
    }
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a recovery that dies itself, or finds a journal that it cannot follow. */
class RecoveryTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path folder;

  /**
   * A change dies at each of its operations; the first recovery then at its first operation, the
   * second at its second, until one comes through.
   */
  @ParameterizedTest
  @EnumSource(names = {"UPDATE", "REPLACE"})
  void recoveriesMayDieOneAfterAnother(Step step) throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      States states = new States(bench, step);
      int died = 0;
      for (int n = 1; n <= states.operations; n++) {
        Scenario scenario = states.killed(n, n);
        for (int m = 1; recoveryDies(bench, scenario, m); m++) {
          died++;
        }
        bench.recovery().recover(scenario.prefix, QUIET);
        states.assertOldOrNew(scenario, "killed before operation " + n);
      }
      System.out.printf("%s: %d kills, %d of recoveries%n", step, states.operations, died);
      assertThat(died).isGreaterThan(step == Step.UPDATE ? states.operations : 0);
    }
  }

  /** And of some changes the recovery dies at every one of its operations, each time the first. */
  @Test
  void theRecoveryOfAChangeMayDieAnywhere() throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      States states = new States(bench, Step.UPDATE);
      int attempt = states.operations;
      for (int n = 2; n <= states.operations; n += Math.max(1, states.operations / 4)) {
        boolean dies = true;
        for (int m = 1; dies; m++) {
          Scenario scenario = states.killed(n, ++attempt);
          dies = recoveryDies(bench, scenario, m);
          bench.recovery().recover(scenario.prefix, QUIET);
          states.assertOldOrNew(scenario, "killed at %d, its recovery at %d".formatted(n, m));
        }
      }
      assertThat(attempt).isGreaterThan(states.operations + 50);
    }
  }

  private static boolean recoveryDies(Workbench bench, Scenario scenario, int operation) {
    FaultyDisk disk = FaultyDisk.failingAt(operation, Fault.DEAD);
    try {
      bench.recovery(disk).recover(scenario.prefix, QUIET);
    } catch (CondaException e) {
      assertThat(disk.hasFailed()).isTrue();
    }
    return disk.hasFailed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"version\":1,\"mov", "[]", "null", "{\"version\":1}"})
  void aJournalThatIsTornIsNamedAndNothingIsTouched(String torn) throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = halfUpdated(bench);
      Files.writeString(journal(scenario), torn);

      assertRefused(bench, scenario, "damaged");
    }
  }

  @Test
  void aJournalOfANewerVersionIsLeftToIt() throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = halfUpdated(bench);
      rewrite(scenario, "\"version\":1", "\"version\":2");

      assertRefused(bench, scenario, "another version of JConda");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../kept", "/kept", "share/../../kept"})
  void aJournalThatLeadsOutOfThePrefixIsNotFollowed(String path) throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = halfUpdated(bench);
      Path kept = Files.writeString(scenario.prefix.resolveSibling("kept"), "somebody's");
      rewrite(scenario, "\"created\":[", "\"created\":[\"" + path + "\",");

      assertRefused(bench, scenario, "damaged");
      assertThat(kept).hasContent("somebody's");
    }
  }

  @Test
  void whatTheRemedySaysHelps() throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = halfUpdated(bench);
      Files.writeString(journal(scenario), "");

      Disk.real().deleteTree(Journal.folder(scenario.prefix));
      bench.apply(scenario.create(true));

      assertThat(bench.installer().verify(scenario.prefix, QUIET).isSound()).isTrue();
    }
  }

  private static Path journal(Scenario scenario) {
    return Journal.folder(scenario.prefix).resolve("journal");
  }

  private static void rewrite(Scenario scenario, String old, String text) throws IOException {
    String journal = Files.readString(journal(scenario));
    assertThat(journal).contains(old);
    Files.writeString(journal(scenario), journal.replace(old, text));
  }

  /** Kills an update when its journal is there, and most of it is done. */
  private Scenario halfUpdated(Workbench bench) throws Exception {
    States states = new States(bench, Step.UPDATE);
    for (int n = states.operations * 2 / 3; n > 0; n--) {
      Scenario scenario = states.killed(n, n);
      if (Files.exists(journal(scenario))) {
        return scenario;
      }
    }
    throw new AssertionError("never a journal");
  }

  private static void assertRefused(Workbench bench, Scenario scenario, String why) {
    SortedMap<String, String> before = Workbench.picture(scenario.prefix);
    assertThatThrownBy(() -> bench.recovery().recover(scenario.prefix, QUIET))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.problem()).contains(why).contains(journal(scenario).toString());
              assertThat(e.remedy()).contains(Journal.folder(scenario.prefix).toString());
            });
    assertThat(Workbench.picture(scenario.prefix)).isEqualTo(before);
  }

  /** Holds what a step begins and ends with. */
  private final class States {
    private final Workbench bench;
    private final Step step;
    private final SortedMap<String, String> before;
    private final SortedMap<String, String> after;
    private final int operations;

    States(Workbench bench, Step step) throws IOException {
      this.bench = bench;
      this.step = step;
      Scenario model = begin(0);
      before = Pictures.withoutPaths(model.prefix);
      FaultyDisk counting = FaultyDisk.counting();
      model.run(step, bench.installer(counting));
      operations = counting.operations();
      after = Pictures.withoutPaths(model.prefix);
    }

    /** Prefixes have paths of one length, or the padding in their binaries would differ. */
    private Scenario begin(int attempt) throws IOException {
      Path parent = folder.resolve("envs-%s-%04d".formatted(step, attempt));
      Files.createDirectories(parent);
      Scenario scenario = new Scenario(bench, parent.resolve("prefix"));
      scenario.prepare(step);
      return scenario;
    }

    Scenario killed(int operation, int attempt) throws IOException {
      Scenario scenario = begin(attempt);
      FaultyDisk disk = FaultyDisk.failingAt(operation, Fault.DEAD);
      try {
        scenario.run(step, bench.installer(disk));
      } catch (CondaException e) {
        assertThat(disk.hasFailed()).isTrue();
      }
      return scenario;
    }

    void assertOldOrNew(Scenario scenario, String when) {
      SortedMap<String, String> found = Pictures.withoutPaths(scenario.prefix);
      assertThat(found.keySet()).describedAs(when).isIn(before.keySet(), after.keySet());
      assertThat(found).describedAs(when).isIn(before, after);
    }
  }
}

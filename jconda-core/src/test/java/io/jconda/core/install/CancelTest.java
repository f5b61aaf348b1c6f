package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.OperationCancelledException;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancels every kind of step before every single operation of the disk. */
class CancelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Step.class)
  void leavesTheOldStateOrTheNewOneWheneverItIsCancelledAndNothingForTheNextToUndo(Step step)
      throws Exception {
    try (Workbench bench = new Workbench(folder)) {
      Scenario model = begin(bench, step, 0);
      FaultyDisk counting = FaultyDisk.counting();
      model.run(step, bench.installer(counting), OperationContext.silent());
      SortedMap<String, String> after = Pictures.withoutPaths(model.prefix);

      int cancelled = 0;
      for (int n = 1; n <= counting.operations(); n++) {
        Scenario scenario = begin(bench, step, n);
        SortedMap<String, String> before = Workbench.picture(scenario.prefix);
        CancellationToken token = CancellationToken.create();
        FaultyDisk disk = FaultyDisk.calling(n, () -> token.cancel("by the test"));
        String when = "cancelled before operation " + n;
        try {
          scenario.run(step, bench.installer(disk), new OperationContext(token, Events.silent()));
          assertThat(Pictures.withoutPaths(scenario.prefix)).describedAs(when).isEqualTo(after);
        } catch (OperationCancelledException e) {
          cancelled++;
          assertThat(Workbench.picture(scenario.prefix)).describedAs(when).isEqualTo(before);
        }
        assertThat(disk.hasFailed()).describedAs(when).isTrue();
        assertThat(Journal.isThere(scenario.prefix)).describedAs(when).isFalse();
        try (var beside = Files.list(folder.resolve(name(step, n)))) {
          assertThat(beside.filter(path -> !path.equals(scenario.prefix)))
              .describedAs(when)
              .isEmpty();
        }
      }
      // a removal counts from its first operation on
      assertThat(cancelled).isGreaterThan(step == Step.REMOVE ? -1 : 10);
    }
  }

  /** Prefixes have paths of one length, or the padding in their binaries would differ. */
  private Scenario begin(Workbench bench, Step step, int n) throws Exception {
    Path parent = Files.createDirectories(folder.resolve(name(step, n)));
    Scenario scenario = new Scenario(bench, parent.resolve("prefix"));
    scenario.prepare(step);
    return scenario;
  }

  private static String name(Step step, int n) {
    return "envs-%s-%04d".formatted(step, n);
  }
}

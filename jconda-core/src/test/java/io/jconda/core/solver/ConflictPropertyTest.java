package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Kind;
import io.jconda.spec.MatchSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Explains, seed by seed, why small universes have no solution. */
class ConflictPropertyTest {
  private static final int SEEDS = 3_000;

  private static Optional<Conflict> conflict(SmallUniverse universe, List<MatchSpec> specs) {
    SolveRequest request =
        SolveRequest.builder().specs(specs).virtualPackages(universe.machine).build();
    try {
      new Solver()
          .solve(
              request,
              FixedSource.of(List.of("test"), universe.records),
              OperationContext.silent());
      return Optional.empty();
    } catch (PackageNotFoundException e) {
      return Optional.empty();
    } catch (UnsatisfiableException e) {
      return Optional.of(e.conflict());
    }
  }

  @Test
  void beginsWithTheSpecsAndEndsWithReasonsInFewLines() {
    int explained = 0;
    int tried = 0;
    int omitted = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      Optional<Conflict> conflict = conflict(universe, universe.specs());
      if (conflict.isPresent()) {
        Conflicts.assertReadsWell(conflict.get(), "seed " + seed);
        explained++;
        tried += has(conflict.get(), Kind.ASSUMED) ? 1 : 0;
        omitted += has(conflict.get(), Kind.OMITTED) ? 1 : 0;
      }
    }
    assertThat(explained).isGreaterThan(SEEDS / 4);
    // else the seeds show nothing of what takes trying
    assertThat(tried).isPositive();
    assertThat(omitted).isLessThanOrEqualTo(SEEDS / 1_000);
  }

  private static boolean has(Conflict conflict, Kind kind) {
    return Conflicts.all(conflict).stream().anyMatch(cause -> cause.kind() == kind);
  }

  @Test
  void saysTheSameWhateverTheOrderOfSpecsAndRecords() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = new ArrayList<>(universe.specs());
      Optional<Conflict> first = conflict(universe, specs);
      Collections.shuffle(specs, new Random(seed));
      Collections.shuffle(universe.records, new Random(seed));
      assertThat(conflict(universe, specs)).as("seed %d", seed).isEqualTo(first);
    }
  }
}

package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.Optimality;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the solver, seed by seed, with another one that is told the rules and nothing else. */
class SolverDifferentialTest {
  private static final int SEEDS = 2_000;
  private static final Comparator<PackageRecord> BETTER =
      CandidateOrder.byClass(ChannelPriority.STRICT, Map.of(), SolveStrategy.HIGHEST);

  private static SolveRequest request(SmallUniverse universe, List<MatchSpec> specs) {
    return SolveRequest.builder().specs(specs).virtualPackages(universe.machine).build();
  }

  private static Solution solved(SmallUniverse universe, SolveRequest request) {
    return new Solver()
        .solve(
            request, FixedSource.of(List.of("test"), universe.records), OperationContext.silent());
  }

  private static List<PackageRecord> solve(SmallUniverse universe, SolveRequest request) {
    return solved(universe, request).records();
  }

  @Test
  void findsASolutionExactlyIfThereIsOneAndItHolds() {
    int solved = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = universe.specs();
      boolean solvable = universe.isSolvable(specs, List.of());
      solved += solvable ? 1 : 0;
      try {
        SolveRequest request = request(universe, specs);
        Rules.assertIsSolution(request, solve(universe, request));
        assertThat(solvable).as("seed %d", seed).isTrue();
      } catch (UnsatisfiableException | PackageNotFoundException e) {
        assertThat(solvable).as("seed %d: %s", seed, e.getMessage()).isFalse();
      }
    }
    assertThat(solved).isBetween(SEEDS / 4, 3 * SEEDS / 4);
  }

  @Test
  void blamesSpecsThatCannotHoldTogetherAndNoneTooMany() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = universe.specs();
      try {
        solve(universe, request(universe, specs));
      } catch (UnsatisfiableException e) {
        List<MatchSpec> blamed = new ArrayList<>();
        for (MatchSpec spec : new HashSet<>(specs)) {
          if (e.conflict().specs().contains(Requirement.of(spec).text())) {
            blamed.add(spec);
          }
        }
        assertThat(blamed).as("seed %d", seed).hasSameSizeAs(e.conflict().specs());
        assertThat(universe.isSolvable(blamed, List.of())).as("seed %d", seed).isFalse();
        for (MatchSpec spec : blamed) {
          List<MatchSpec> others = new ArrayList<>(blamed);
          others.remove(spec);
          assertThat(universe.isSolvable(others, List.of())).as("seed %d", seed).isTrue();
        }
        assertThat(e.conflict().causes()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  @Test
  void leavesNoSolutionThatIsBetterForOneRequestedNameAndWorseForNone() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = universe.specs();
      if (!universe.isSolvable(specs, List.of())) {
        continue;
      }
      Solution answer = solved(universe, request(universe, specs));
      assertThat(answer.optimality()).as("seed %d", seed).isEqualTo(Optimality.PROVED);
      List<PackageRecord> solution = answer.records();
      Set<String> names =
          specs.stream()
              .filter(spec -> spec.condition().isEmpty())
              .map(MatchSpec::name)
              .collect(Collectors.toSet());
      List<PackageRecord> requested =
          solution.stream().filter(record -> names.contains(record.name())).toList();
      List<Predicate<PackageRecord>> clauses = new ArrayList<>();
      for (PackageRecord chosen : requested) {
        clauses.add(r -> r.name().equals(chosen.name()) && BETTER.compare(r, chosen) <= 0);
      }
      clauses.add(
          r ->
              requested.stream()
                  .anyMatch(
                      chosen -> r.name().equals(chosen.name()) && BETTER.compare(r, chosen) < 0));
      assertThat(universe.isSolvable(specs, clauses)).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void givesTheSameAnswerWhateverTheOrderOfSpecsAndRecords() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = new ArrayList<>(universe.specs());
      String first = answer(universe, specs);
      Collections.shuffle(specs, new Random(seed));
      Collections.shuffle(universe.records, new Random(seed));
      assertThat(answer(universe, specs)).as("seed %d", seed).isEqualTo(first);
    }
  }

  private static String answer(SmallUniverse universe, List<MatchSpec> specs) {
    try {
      return solve(universe, request(universe, specs)).toString();
    } catch (UnsatisfiableException | PackageNotFoundException e) {
      return e.problem();
    }
  }

  @Test
  void changesNothingWhenItsOwnAnswerIsInstalledOrLocked() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = universe.specs();
      if (!universe.isSolvable(specs, List.of())) {
        continue;
      }
      List<PackageRecord> first = solve(universe, request(universe, specs));
      SolveRequest.Builder again =
          SolveRequest.builder().specs(specs).virtualPackages(universe.machine);
      assertThat(solve(universe, again.installed(first).build())).isEqualTo(first);
      assertThat(solve(universe, again.installed(List.of()).locked(first).build()))
          .isEqualTo(first);
    }
  }

  @Test
  void changesNothingWhenSomethingIsAddedThatNobodyAsksFor() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      List<MatchSpec> specs = universe.specs();
      String first = answer(universe, specs);
      universe.records.add(
          PackageRecord.builder("unrelated", "1.0", "0")
              .channel("test")
              .depends(List.of("p0"))
              .build());
      assertThat(answer(universe, specs)).as("seed %d", seed).isEqualTo(first);
    }
  }
}

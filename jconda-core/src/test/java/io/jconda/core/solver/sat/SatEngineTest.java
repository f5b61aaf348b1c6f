package io.jconda.core.solver.sat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

class SatEngineTest {
  /** Clauses over variables from 0, and the group of each variable, -1 for none. */
  private static final class Problem {
    private final int variables;
    private final List<int[]> clauses;
    private final int[] groups;
    private final int[] assumptions;

    Problem(int variables, List<int[]> clauses, int[] groups, int[] assumptions) {
      this.variables = variables;
      this.clauses = clauses;
      this.groups = groups;
      this.assumptions = assumptions;
    }

    static Problem random(Random random) {
      int variables = 3 + random.nextInt(22);
      int count = (int) (variables * (1 + random.nextDouble() * 4));
      List<int[]> clauses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        clauses.add(literals(random, variables, 1 + random.nextInt(5)));
      }
      int[] groups = new int[variables];
      int groupCount = random.nextInt(5);
      for (int variable = 0; variable < variables; variable++) {
        groups[variable] = random.nextInt(groupCount + 2) - 1;
        if (groups[variable] == groupCount) {
          groups[variable] = -1;
        }
      }
      return new Problem(
          variables, clauses, groups, literals(random, variables, random.nextInt(4)));
    }

    private static int[] literals(Random random, int variables, int count) {
      int[] literals = new int[count];
      for (int i = 0; i < count; i++) {
        literals[i] = random.nextInt(2 * variables);
      }
      return literals;
    }

    void addVariables(SatEngine engine) {
      int groupCount = Arrays.stream(groups).max().orElse(-1) + 1;
      for (int group = 0; group < groupCount; group++) {
        engine.newGroup();
      }
      for (int variable = 0; variable < variables; variable++) {
        engine.newVariable();
        if (groups[variable] >= 0) {
          engine.join(groups[variable], variable);
        }
      }
    }

    boolean isSatisfiable(int[] given) {
      ISolver oracle = SolverFactory.newDefault();
      oracle.newVar(variables);
      try {
        for (int[] clause : clauses) {
          oracle.addClause(dimacs(clause));
        }
        for (int a = 0; a < variables; a++) {
          for (int b = a + 1; b < variables; b++) {
            if (groups[a] >= 0 && groups[a] == groups[b]) {
              oracle.addClause(new VecInt(new int[] {-a - 1, -b - 1}));
            }
          }
        }
        return oracle.isSatisfiable(dimacs(given));
      } catch (ContradictionException e) {
        return false;
      } catch (TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }

    private static VecInt dimacs(int[] literals) {
      VecInt result = new VecInt();
      for (int literal : literals) {
        int variable = Literal.variable(literal) + 1;
        result.push(Literal.isPositive(literal) ? variable : -variable);
      }
      return result;
    }

    void assertIsModel(SatEngine engine, int[] given) {
      for (int[] clause : clauses) {
        assertThat(Arrays.stream(clause).anyMatch(literal -> holds(engine, literal)))
            .as("clause %s", Arrays.toString(clause))
            .isTrue();
      }
      assertThat(Arrays.stream(given).allMatch(literal -> holds(engine, literal))).isTrue();
      int[] chosen = new int[variables + 1];
      for (int variable = 0; variable < variables; variable++) {
        if (groups[variable] >= 0 && engine.isTrueInModel(variable)) {
          assertThat(++chosen[groups[variable]]).isEqualTo(1);
        }
      }
    }

    private static boolean holds(SatEngine engine, int literal) {
      return engine.isTrueInModel(Literal.variable(literal)) == Literal.isPositive(literal);
    }
  }

  private static int byActivity(SatEngine engine) {
    return Decisions.BY_ACTIVITY;
  }

  private static void expandNothing(int variable, SatEngine engine) {
    // All clauses are there from the start.
  }

  @Test
  void answersAsAnotherSolverDoesAndEveryModelHolds() {
    for (int seed = 0; seed < 5_000; seed++) {
      Problem problem = Problem.random(new Random(seed));
      SatEngine engine =
          new SatEngine(SatEngineTest::byActivity, SatEngineTest::expandNothing, () -> {});
      problem.addVariables(engine);
      problem.clauses.forEach(engine::addClause);
      assertSameVerdict(seed, problem, engine);
    }
  }

  @Test
  void answersTheSameWhenClausesComeOnlyOnceOneOfTheirVariablesIsTrue() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      Problem problem = Problem.random(random);
      List<List<int[]>> due = new ArrayList<>();
      for (int variable = 0; variable < problem.variables; variable++) {
        due.add(new ArrayList<>());
      }
      List<int[]> atOnce = new ArrayList<>();
      for (int[] clause : problem.clauses) {
        Arrays.stream(clause)
            .filter(literal -> !Literal.isPositive(literal))
            .findFirst()
            .ifPresentOrElse(
                literal -> due.get(Literal.variable(literal)).add(clause),
                () -> atOnce.add(clause));
      }
      Expansion expansion =
          (variable, engine) -> {
            due.get(variable).forEach(engine::addClause);
            due.get(variable).clear();
          };
      SatEngine engine = new SatEngine(firstOpenOf(problem.variables, random), expansion, () -> {});
      problem.addVariables(engine);
      atOnce.forEach(engine::addClause);
      assertSameVerdict(seed, problem, engine);
    }
  }

  @Test
  void copesWithClausesAndMembersThatComeAtAnyMoment() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      Problem problem = Problem.random(random);
      List<int[]> later = new ArrayList<>(problem.clauses);
      boolean[] joined = new boolean[problem.variables];
      int groupCount = Arrays.stream(problem.groups).max().orElse(-1) + 1;
      Expansion expansion =
          (variable, engine) -> {
            for (int i = random.nextInt(4); i > 0 && !later.isEmpty(); i--) {
              engine.addClause(later.remove(later.size() - 1));
            }
            int member = random.nextInt(problem.variables);
            if (problem.groups[member] >= 0 && !joined[member]) {
              joined[member] = true;
              engine.join(problem.groups[member], member);
            }
          };
      SatEngine engine = new SatEngine(firstOpenOf(problem.variables, random), expansion, () -> {});
      for (int group = 0; group < groupCount; group++) {
        engine.newGroup();
      }
      for (int variable = 0; variable < problem.variables; variable++) {
        engine.newVariable();
      }
      engine.solve();
      later.forEach(engine::addClause);
      for (int variable = 0; variable < problem.variables; variable++) {
        if (problem.groups[variable] >= 0 && !joined[variable]) {
          joined[variable] = true;
          engine.join(problem.groups[variable], variable);
        }
      }
      assertSameVerdict(seed, problem, engine);
    }
  }

  private static Decisions firstOpenOf(int variables, Random random) {
    return engine -> {
      int start = random.nextInt(variables);
      for (int i = 0; i < variables; i++) {
        int variable = (start + i) % variables;
        if (!engine.isTrue(variable) && !engine.isFalse(variable)) {
          return random.nextBoolean() ? Literal.positive(variable) : Literal.negative(variable);
        }
      }
      return Decisions.DONE;
    };
  }

  private static void assertSameVerdict(int seed, Problem problem, SatEngine engine) {
    for (int[] assumptions : new int[][] {problem.assumptions, {}}) {
      boolean satisfiable = problem.isSatisfiable(assumptions);
      assertThat(engine.solve(assumptions)).as("seed %d", seed).isEqualTo(satisfiable);
      if (satisfiable) {
        problem.assertIsModel(engine, assumptions);
      } else {
        assertThat(Arrays.stream(engine.core()).boxed())
            .isSubsetOf(Arrays.stream(assumptions).boxed().toList());
        assertThat(problem.isSatisfiable(engine.core())).as("core of seed %d", seed).isFalse();
      }
    }
  }

  @Test
  void triesWhatItIsToldToTryFirst() {
    SatEngine engine =
        new SatEngine(
            asked -> {
              for (int variable = 3; variable >= 0; variable--) {
                if (!asked.isTrue(variable) && !asked.isFalse(variable)) {
                  return Literal.positive(variable);
                }
              }
              return Decisions.DONE;
            },
            SatEngineTest::expandNothing,
            () -> {});
    int group = engine.newGroup();
    for (int i = 0; i < 4; i++) {
      engine.join(group, engine.newVariable());
    }
    engine.addClause(Literal.negative(3));
    assertThat(engine.solve()).isTrue();
    assertThat(engine.isTrueInModel(2)).isTrue();
    assertThat(engine.isTrueInModel(1)).isFalse();
  }

  @Test
  void provesThatEightPigeonsDoNotFitIntoSevenHoles() {
    assertThat(pigeons(8, 7).solve()).isFalse();
    assertThat(pigeons(7, 7).solve()).isTrue();
  }

  /** Each pigeon has a hole, each hole is a group that at most one pigeon is in. */
  private static SatEngine pigeons(int pigeons, int holes) {
    SatEngine engine =
        new SatEngine(SatEngineTest::byActivity, SatEngineTest::expandNothing, () -> {});
    for (int hole = 0; hole < holes; hole++) {
      engine.newGroup();
    }
    for (int pigeon = 0; pigeon < pigeons; pigeon++) {
      int[] clause = new int[holes];
      for (int hole = 0; hole < holes; hole++) {
        int variable = engine.newVariable();
        engine.join(hole, variable);
        clause[hole] = Literal.positive(variable);
      }
      engine.addClause(clause);
    }
    return engine;
  }

  @Test
  void forgetsAndRestartsWithoutLosingTheAnswerOfHardProblems() {
    int satisfiable = 0;
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      int variables = 180;
      List<int[]> clauses = new ArrayList<>();
      for (int i = 0; i < variables * 4.26; i++) {
        clauses.add(Problem.literals(random, variables, 3));
      }
      int[] groups = new int[variables];
      Arrays.fill(groups, -1);
      Problem problem = new Problem(variables, clauses, groups, new int[0]);
      SatEngine engine =
          new SatEngine(SatEngineTest::byActivity, SatEngineTest::expandNothing, () -> {});
      problem.addVariables(engine);
      clauses.forEach(engine::addClause);
      boolean expected = problem.isSatisfiable(new int[0]);
      satisfiable += expected ? 1 : 0;
      assertThat(engine.solve()).as("seed %d", seed).isEqualTo(expected);
      if (expected) {
        problem.assertIsModel(engine, new int[0]);
      }
    }
    assertThat(satisfiable).isBetween(1, 5);
  }

  @Test
  void givesTheSameModelEveryTime() {
    Problem problem = Problem.random(new Random(7));
    List<Boolean> first = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      SatEngine engine =
          new SatEngine(SatEngineTest::byActivity, SatEngineTest::expandNothing, () -> {});
      problem.addVariables(engine);
      problem.clauses.forEach(engine::addClause);
      engine.solve();
      for (int variable = 0; variable < problem.variables; variable++) {
        if (round == 0) {
          first.add(engine.isTrueInModel(variable));
        } else {
          assertThat(engine.isTrueInModel(variable)).isEqualTo(first.get(variable));
        }
      }
    }
  }

  @Test
  void stopsWhenTheCheckpointThrows() {
    AtomicInteger calls = new AtomicInteger();
    SatEngine engine = pigeonsWith(calls);
    assertThatThrownBy(engine::solve).isInstanceOf(IllegalStateException.class);
    assertThat(calls.get()).isEqualTo(50);
  }

  private static SatEngine pigeonsWith(AtomicInteger calls) {
    SatEngine engine =
        new SatEngine(
            SatEngineTest::byActivity,
            SatEngineTest::expandNothing,
            () -> {
              if (calls.incrementAndGet() == 50) {
                throw new IllegalStateException("stop");
              }
            });
    for (int pigeon = 0; pigeon < 10; pigeon++) {
      int[] clause = new int[9];
      for (int hole = 0; hole < 9; hole++) {
        if (pigeon == 0) {
          engine.newGroup();
        }
        clause[hole] = Literal.positive(engine.newVariable());
        engine.join(hole, Literal.variable(clause[hole]));
      }
      engine.addClause(clause);
    }
    return engine;
  }

  @Test
  void refusesToPutAVariableIntoTwoGroups() {
    SatEngine engine =
        new SatEngine(SatEngineTest::byActivity, SatEngineTest::expandNothing, () -> {});
    int variable = engine.newVariable();
    engine.join(engine.newGroup(), variable);
    int other = engine.newGroup();
    assertThatThrownBy(() -> engine.join(other, variable))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void spacesRestartsAsLubyDoes() {
    assertThat(java.util.stream.IntStream.range(0, 15).map(SatEngine::luby))
        .containsExactly(1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8);
  }
}

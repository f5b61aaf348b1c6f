package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Optimality;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Solves what is hard by construction. The bounds are in dead ends met, which no machine changes;
 * the time limit is for a search that never ends.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HardCasesTest {
  private static PackageRecord record(String name, String version, String... depends) {
    return PackageRecord.builder(name, version, "0")
        .channel("main")
        .depends(List.of(depends))
        .build();
  }

  private static Solution solve(List<PackageRecord> records, String... specs) {
    SolveRequest request =
        SolveRequest.builder().specs(Arrays.stream(specs).map(MatchSpec::parse).toList()).build();
    Solution solution =
        new Solver()
            .solve(request, FixedSource.of(List.of("main"), records), OperationContext.silent());
    Rules.assertIsSolution(request, solution.records());
    return solution;
  }

  private static List<String> names(Solution solution) {
    return solution.records().stream().map(PackageRecord::distName).toList();
  }

  @Test
  void solvesASudoku() {
    assertSudoku(
        "53..7...."
            + "6..195..."
            + ".98....6."
            + "8...6...3"
            + "4..8.3..1"
            + "7...2...6"
            + ".6....28."
            + "...419..5"
            + "....8..79",
        "534678912"
            + "672195348"
            + "198342567"
            + "859761423"
            + "426853791"
            + "713924856"
            + "961537284"
            + "287419635"
            + "345286179",
        50);
  }

  @Test
  void solvesASudokuOfSeventeenDigits() {
    assertSudoku(
        "......."
            + "1."
            + "4........"
            + ".2......."
            + "....5.4.7"
            + "..8...3.."
            + "..1.9...."
            + "3..4..2.."
            + ".5.1....."
            + "...8.6...",
        "693784512"
            + "487512936"
            + "125963874"
            + "932651487"
            + "568247391"
            + "741398625"
            + "319475268"
            + "856129743"
            + "274836159",
        5_000);
  }

  private static void assertSudoku(String puzzle, String solution, int bound) {
    List<PackageRecord> records = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int cell = 0; cell < 81; cell++) {
      char given = puzzle.charAt(cell);
      wanted.add("cell" + cell + (given == '.' ? "" : " " + given + ".*"));
      for (int digit = 1; digit <= 9; digit++) {
        List<String> constrains = new ArrayList<>();
        for (int other = 0; other < 81; other++) {
          if (other != cell && seeEachOther(cell, other)) {
            constrains.add("cell" + other + " !=" + digit);
          }
        }
        records.add(
            record("cell" + cell, String.valueOf(digit)).toBuilder()
                .constrains(constrains)
                .build());
      }
    }
    Solution solved = solve(records, wanted.toArray(String[]::new));
    for (int cell = 0; cell < 81; cell++) {
      assertThat(names(solved)).contains("cell" + cell + "-" + solution.charAt(cell) + "-0");
    }
    assertThat(solved.conflicts()).isLessThan(bound);
  }

  private static boolean seeEachOther(int a, int b) {
    boolean sameBox = a / 27 == b / 27 && a % 9 / 3 == b % 9 / 3;
    return a / 9 == b / 9 || a % 9 == b % 9 || sameBox;
  }

  /** Each pigeon must take one of the holes for itself; a name in front keeps sets apart. */
  private static List<PackageRecord> pigeons(int pigeons, int holes) {
    List<PackageRecord> records = new ArrayList<>();
    for (int pigeon = 0; pigeon < pigeons; pigeon++) {
      for (int hole = 1; hole <= holes; hole++) {
        String mine = "hole" + hole + " " + (pigeon + 1) + ".*";
        records.add(record("pigeon" + pigeon, String.valueOf(hole), mine));
        records.add(record("hole" + hole, String.valueOf(pigeon + 1)));
      }
    }
    return records;
  }

  private static String[] allPigeons(int pigeons) {
    return IntStream.range(0, pigeons).mapToObj(i -> "pigeon" + i).toArray(String[]::new);
  }

  @Test
  void provesThatPigeonsDoNotFit() {
    assertThatThrownBy(() -> solve(pigeons(7, 6), allPigeons(7)))
        .isInstanceOf(UnsatisfiableException.class);
  }

  @Test
  void findsPlacesForAsManyPigeonsAsThereAreHoles() {
    Solution solution = solve(pigeons(12, 12), allPigeons(12));
    assertThat(solution.records()).hasSize(24);
    assertThat(solution.conflicts()).isLessThan(1_000);
  }

  @Test
  void turnsAwayFromABestVersionThatHidesPigeonsAndSaysThatItIsNotProved() {
    List<PackageRecord> records = new ArrayList<>(pigeons(12, 11));
    records.add(record("a", "2", allPigeons(12)));
    records.add(record("a", "1"));

    Solution solution = solve(records, "a");

    assertThat(names(solution)).containsExactly("a-1-0");
    assertThat(solution.optimality()).isEqualTo(Optimality.BEST_FOUND);
    assertThat(solution.conflicts()).isLessThan(100_000);
  }

  @Test
  void followsALongChain() {
    List<PackageRecord> records = new ArrayList<>();
    int length = 5_000;
    for (int i = 0; i < length; i++) {
      records.add(
          record("n" + i, "1", i + 1 < length ? new String[] {"n" + (i + 1)} : new String[0]));
      records.add(
          record("n" + i, "2", i + 1 < length ? new String[] {"n" + (i + 1)} : new String[0]));
    }

    Solution solution = solve(records, "n0");

    assertThat(names(solution)).hasSize(length).startsWith("n4999-2-0").endsWith("n0-2-0");
    assertThat(solution.conflicts()).isZero();
  }

  @Test
  void goesBackThroughALongChainWhoseEndRulesTheBestOut() {
    List<PackageRecord> records = new ArrayList<>();
    int length = 1_000;
    for (int i = 0; i < length; i++) {
      String next = i + 1 < length ? "n" + (i + 1) : "end";
      records.add(record("n" + i, "2", next + " 2.*"));
      records.add(record("n" + i, "1", next + " 1.*"));
    }
    records.add(record("end", "1"));

    Solution solution = solve(records, "n0");

    assertThat(solution.records())
        .hasSize(length + 1)
        .allMatch(r -> r.version().toString().equals("1"));
    assertThat(solution.conflicts()).isLessThan(2L * length);
  }

  @Test
  void findsTheOneFitAmongManyVersionsOfFewNames() {
    List<PackageRecord> records = new ArrayList<>();
    int versions = 2_000;
    for (int i = 1; i <= versions; i++) {
      // each fits one version of the next only, and the circle closes at one place
      records.add(record("a", i + ".0", "b ==" + i + ".0"));
      records.add(record("b", i + ".0", "c >=" + i + ",<" + (i + 1)));
      records.add(record("c", i + ".0", "a ==" + (i == 700 ? i : versions + 1) + ".0"));
    }

    Solution solution = solve(records, "a", "b", "c");

    assertThat(names(solution)).containsExactlyInAnyOrder("a-700.0-0", "b-700.0-0", "c-700.0-0");
    assertThat(solution.conflicts()).isLessThan(2L * versions);
  }

  @Test
  void provesThatNoneFitsAmongManyVersionsOfFewNames() {
    List<PackageRecord> records = new ArrayList<>();
    int versions = 600;
    for (int i = 1; i <= versions; i++) {
      records.add(record("a", i + ".0", "b >=" + (i + 1) + ",<" + (i + 3)));
      records.add(record("b", i + ".0", "c >=" + (i + 1) + ",<" + (i + 3)));
      records.add(record("c", i + ".0", "a >=" + (i + 1) + ",<" + (i + 3)));
    }

    List<MatchSpec> specs =
        List.of(MatchSpec.parse("a"), MatchSpec.parse("b"), MatchSpec.parse("c"));
    SolveRequest request = SolveRequest.builder().specs(specs).build();
    FixedSource source = FixedSource.of(List.of("main"), records);
    Universe universe = new Universe(request, source, Demands.wishes(request));
    List<Demand> demands = Demands.of(request);
    Search search = new Search(request, universe, demands, OperationContext.silent());
    assertThat(search.run(demands)).isFalse();
    assertThatThrownBy(() -> new Solver().solve(request, source, OperationContext.silent()))
        .isInstanceOf(UnsatisfiableException.class);
    assertThat(search.conflicts()).isLessThan(5L * versions);
  }

  @Test
  void meetsAtTheFootOfAWideDiamond() {
    List<PackageRecord> records = new ArrayList<>();
    int width = 300;
    int foot = 60;
    for (int i = 0; i < width; i++) {
      for (int version = 1; version <= 5; version++) {
        // the newer a shoulder, the higher a foot it needs; one shoulder holds the foot low
        int lowest = i == 150 ? 1 : version * 10;
        String limit = i == 150 ? ",<=25" : "";
        records.add(record("shoulder" + i, String.valueOf(version), "foot >=" + lowest + limit));
      }
    }
    for (int version = 1; version <= foot; version++) {
      records.add(record("foot", String.valueOf(version)));
    }
    String[] shoulders =
        IntStream.range(0, width).mapToObj(i -> "shoulder" + i).toArray(String[]::new);
    records.add(record("top", "1", shoulders));

    Solution solution = solve(records, "top");

    assertThat(names(solution)).contains("foot-25-0", "shoulder150-5-0", "shoulder0-2-0");
    assertThat(solution.conflicts()).isLessThan(3L * width);
  }

  @Test
  void goesRoundAGraphFullOfCircles() {
    Random random = new Random(1);
    List<PackageRecord> records = new ArrayList<>();
    int names = 400;
    for (int i = 0; i < names; i++) {
      for (int version = 1; version <= 4; version++) {
        List<String> depends = new ArrayList<>();
        for (int j = 0; j < 4; j++) {
          depends.add("n" + random.nextInt(names) + " >=" + (1 + random.nextInt(2)));
        }
        depends.add("n" + (i + 1) % names);
        records.add(record("n" + i, String.valueOf(version), depends.toArray(String[]::new)));
      }
    }

    Solution solution = solve(records, "n0", "n200 <4");

    assertThat(solution.records()).hasSize(names);
    assertThat(solution.conflicts()).isLessThan(100);
  }

  @Test
  void survivesPatternsThatBacktrackersHangOn() {
    List<PackageRecord> records = new ArrayList<>();
    String build = "a".repeat(5_000) + "b";
    for (int i = 1; i <= 50; i++) {
      records.add(PackageRecord.builder("x", i + ".0", build).channel("main").build());
    }
    records.add(PackageRecord.builder("x", "0.5", "c").channel("main").build());

    assertThat(solve(records, "x[build='^(a+)+b?c?$']").conflicts()).isZero();
    assertThat(solve(records, "x[build='^((a|aa)+|c)$']").records()).hasSize(1);
    assertThat(solve(records, "x[build='" + "*a".repeat(500) + "*b']").records()).hasSize(1);
    assertThatThrownBy(() -> solve(records, "x[build='" + "*a".repeat(2_000) + "*d']"))
        .isInstanceOf(UnsatisfiableException.class);
  }
}

package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.Fixtures;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Solves requests that people make, on real indexes. */
class RealIndexTest {
  static final List<PackageRecord> MACHINE =
      List.of(
          PackageRecord.builder("__glibc", "2.36", "0").build(),
          PackageRecord.builder("__cuda", "12.4", "0").build(),
          PackageRecord.builder("__linux", "6.1.0", "0").build(),
          PackageRecord.builder("__unix", "0", "0").build(),
          PackageRecord.builder("__archspec", "1", "x86_64_v3").build());

  private static SolveRequest request(String... specs) {
    return SolveRequest.builder()
        .specs(Arrays.stream(specs).map(MatchSpec::parse).toList())
        .virtualPackages(MACHINE)
        .build();
  }

  private static List<PackageRecord> solve(String index, SolveRequest request) {
    List<PackageRecord> records =
        new Solver()
            .solve(request, FixedSource.fixture(index), OperationContext.silent())
            .records();
    Rules.assertIsSolution(request, records);
    return records;
  }

  @Test
  void solvesADataScienceEnvironmentOnCondaForge() {
    SolveRequest request = request("python", "numpy", "pandas", "scikit-learn", "jupyterlab");
    List<PackageRecord> records = solve("conda-forge-2026", request);
    assertThat(records.size()).isGreaterThan(50);
  }

  @Test
  void solvesTransformersOnTheDefaultsOf2022() {
    List<PackageRecord> records =
        solve("defaults-2022", request("python=3.8", "pytorch", "transformers"));
    assertThat(records).hasSize(55);
  }

  @Test
  void solvesTheAnacondaDistribution() {
    List<PackageRecord> records = solve("defaults-2022", request("python=3.8", "anaconda"));
    assertThat(records.size()).isBetween(440, 470);
  }

  @Test
  void givesTheSameAnswerWhateverTheOrderOfTheIndexAndTheSpecs() {
    SolveRequest request = request("jupyterlab", "scikit-learn", "python");
    SolveRequest turned = request("python", "scikit-learn", "jupyterlab");
    assertThat(
            new Solver()
                .solve(
                    turned,
                    FixedSource.fixture("conda-forge-2026").reversed(),
                    OperationContext.silent())
                .records())
        .isEqualTo(solve("conda-forge-2026", request));
  }

  @Test
  void manySolvesAtOnceInOneJvmGiveTheAnswersOfOneAfterTheOther() {
    List<SolveRequest> requests =
        List.of(
            request("python", "numpy"),
            request("jupyterlab"),
            request("python=3.11", "pandas"),
            request("scikit-learn", "python<3.12"));
    List<List<PackageRecord>> single =
        requests.stream().map(request -> solve("conda-forge-2026", request)).toList();
    List<List<PackageRecord>> atOnce =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(i -> solve("conda-forge-2026", requests.get(i % requests.size())))
            .toList();
    for (int i = 0; i < atOnce.size(); i++) {
      assertThat(atOnce.get(i)).isEqualTo(single.get(i % requests.size()));
    }
  }

  @Test
  void addsToAnEnvironmentWithoutMovingAnything() {
    List<PackageRecord> installed = solve("conda-forge-2026", request("python=3.12", "numpy<2.2"));
    List<PackageRecord> more =
        solve(
            "conda-forge-2026",
            SolveRequest.builder()
                .specs(List.of(MatchSpec.parse("requests")))
                .remembered(List.of(MatchSpec.parse("python=3.12"), MatchSpec.parse("numpy")))
                .installed(installed)
                .virtualPackages(MACHINE)
                .build());
    assertThat(more).containsAll(installed).hasSizeGreaterThan(installed.size());
  }

  @Test
  void isNeverWorseThanLibmambaOnARequestedPackageAndBetterOnNone() throws IOException {
    int better = 0;
    int mixed = 0;
    JsonNode rows = new ObjectMapper().readTree(Fixtures.of("truth/solves.json").toFile());
    for (JsonNode row : rows) {
      List<String> specs = new ArrayList<>();
      row.path("specs").forEach(spec -> specs.add(spec.asText()));
      String index = row.path("channel").asText();
      List<PackageRecord> ours;
      try {
        ours = solve(index, request(specs.toArray(String[]::new)));
      } catch (UnsatisfiableException | PackageNotFoundException e) {
        assertThat(row.path("sat").asBoolean()).as("%s: %s", specs, e.problem()).isFalse();
        continue;
      }
      assertThat(row.path("sat").asBoolean()).as("%s", specs).isTrue();
      List<Integer> comparisons = compare(index, specs, ours, row.path("solution"));
      boolean gains = comparisons.stream().anyMatch(comparison -> comparison < 0);
      boolean losses = comparisons.stream().anyMatch(comparison -> comparison > 0);
      assertThat(losses && !gains).as("%s", specs).isFalse();
      better += gains && !losses ? 1 : 0;
      mixed += gains && losses ? 1 : 0;
    }
    System.out.printf(
        "Of %d requests %d got better answers than libmamba's, %d cannot be compared.%n",
        rows.size(), better, mixed);
  }

  /** Compares what was chosen for each requested name; below 0 where ours is the better one. */
  private static List<Integer> compare(
      String index, List<String> specs, List<PackageRecord> ours, JsonNode theirs) {
    Comparator<PackageRecord> order =
        CandidateOrder.byClass(ChannelPriority.STRICT, Map.of(), SolveStrategy.HIGHEST);
    List<Integer> comparisons = new ArrayList<>();
    for (JsonNode chosen : theirs) {
      String name = chosen.path(0).asText();
      String distName = name + "-" + chosen.path(1).asText() + "-" + chosen.path(2).asText();
      if (specs.stream().anyMatch(spec -> MatchSpec.parse(spec).name().equals(name))) {
        PackageRecord our = named(ours, record -> record.name().equals(name));
        PackageRecord their =
            named(
                FixedSource.fixture(index).records(name),
                record -> record.distName().equals(distName));
        comparisons.add(order.compare(our, their));
      }
    }
    return comparisons;
  }

  private static PackageRecord named(
      List<PackageRecord> records, Predicate<PackageRecord> condition) {
    return records.stream().filter(condition).findFirst().orElseThrow();
  }
}

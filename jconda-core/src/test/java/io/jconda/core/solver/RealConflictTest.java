package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Kind;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Explains why requests cannot be fulfilled that people make, on real indexes. */
class RealConflictTest {
  private static final int REQUESTS = 250;

  /** A conflict, and how long the explanation took. */
  private record Explained(Conflict conflict, Duration time) {}

  private static Optional<Explained> explain(String index, List<String> specs) {
    SolveRequest request =
        SolveRequest.builder()
            .specs(specs.stream().map(MatchSpec::parse).toList())
            .virtualPackages(RealIndexTest.MACHINE)
            .build();
    Universe universe = new Universe(request, FixedSource.fixture(index), Demands.wishes(request));
    List<Demand> demands = Demands.of(request);
    Search search = new Search(request, universe, demands, OperationContext.silent());
    if (search.run(demands)) {
      return Optional.empty();
    }
    List<Demand> blamed = search.blamed();
    long start = System.nanoTime();
    Conflict conflict = new Explanation(universe, blamed, OperationContext.silent()).conflict();
    return Optional.of(new Explained(conflict, Duration.ofNanos(System.nanoTime() - start)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conf-python-numpy: conda-forge-2026 python=3.8 numpy>=2",
        "conf-pandas-numpy: conda-forge-2026 pandas<2 numpy>=2",
        "conf-pytorch-gap: conda-forge-2026 pytorch=2.7",
        "conf-cuda: conda-forge-2026 cuda-version>=13 pytorch",
        "conf-windows: conda-forge-2026 vswhere",
        "conf-two-worlds: conda-forge-2026 libgdal-adbc debugpy r-rcolorbrewer",
        "conf-jupyterlab: conda-forge-2026 jupyterlab=3 python=3.14",
        "conf-gdal: conda-forge-2026 geopandas gdal<3.8 python=3.13",
        "conf-qgis: conda-forge-2026 qgis=3.38.2",
        "conf-pypy: conda-forge-2024 pypy3.7 wheel zstd",
        "conf-graalpy: conda-forge-2024 python graalpy",
        "defaults-anaconda: defaults-2022 python=3.11 anaconda",
        "defaults-anaconda-2022: defaults-2022 python=3.7 anaconda=2022.10",
        "defaults-tensorflow: defaults-2022 tensorflow=1.15 python=3.12",
        "defaults-tensorflow-gpu: defaults-2022 tensorflow-gpu python=3.10"
      })
  void explainsWhatPeopleAskFor(String line) throws IOException {
    String[] parts = line.split(":? ");
    Conflict conflict =
        explain(parts[1], Arrays.asList(parts).subList(2, parts.length)).orElseThrow().conflict();
    ApprovedText.assertApproved(
        "conflicts/index/%s.txt".formatted(parts[0]), conflict + "> " + conflict.remedy() + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conda-forge-2026", "conda-forge-2024", "defaults-2022"})
  void explainsWhateverIsAskedForInFewLinesAndToTheEnd(String index) {
    FixedSource source = FixedSource.fixture(index);
    List<String> names = new ArrayList<>(source.names());
    Random random = new Random(42);
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      Set<String> specs = new LinkedHashSet<>();
      for (int count = 2 + random.nextInt(3); count > 0; count--) {
        String name = count == 2 ? "python" : names.get(random.nextInt(names.size()));
        List<PackageRecord> records = source.records(name);
        PackageRecord some = records.get(random.nextInt(records.size()));
        String operator = List.of("<=", ">=", "=").get(random.nextInt(3));
        specs.add(random.nextInt(4) == 0 ? name : name + operator + some.version());
      }
      Optional<Explained> explained = explain(index, List.copyOf(specs));
      if (explained.isPresent()) {
        Conflict conflict = explained.get().conflict();
        Conflicts.assertReadsWell(conflict, "request %d: %s".formatted(i, specs));
        assertThat(Conflicts.all(conflict))
            .as("%s: %s", specs, conflict)
            .noneMatch(cause -> cause.kind() == Kind.OMITTED);
        times.add(explained.get().time());
      }
    }
    assertThat(times).hasSizeGreaterThan(10);
    times.sort(null);
    System.out.printf(
        "%s: %d conflicts explained, half of them in %d ms, 95 %% in %d ms, all in %d ms.%n",
        index,
        times.size(),
        times.get(times.size() / 2).toMillis(),
        times.get(times.size() * 95 / 100).toMillis(),
        times.get(times.size() - 1).toMillis());
  }

  @Test
  void givesTheSameExplanationWhateverTheOrderOfTheIndex() {
    List<String> specs = List.of("qgis=3.38.2", "python");
    SolveRequest request =
        SolveRequest.builder()
            .specs(specs.stream().map(MatchSpec::parse).toList())
            .virtualPackages(RealIndexTest.MACHINE)
            .build();
    List<Demand> demands = Demands.of(request);
    List<Conflict> conflicts = new ArrayList<>();
    FixedSource source = FixedSource.fixture("conda-forge-2026");
    for (FixedSource one : List.of(source, source.reversed())) {
      Universe universe = new Universe(request, one, Demands.wishes(request));
      List<Demand> blamed = demands.subList(1, 2);
      conflicts.add(new Explanation(universe, blamed, OperationContext.silent()).conflict());
    }
    assertThat(conflicts.get(1)).isEqualTo(conflicts.get(0));
  }
}

package io.jconda.core.bench;

import io.jconda.CondaException;
import io.jconda.InvalidSpecException;
import io.jconda.core.Fixtures;
import io.jconda.core.host.Disk;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Measures solves, versions and match specs on the real data of the fixtures. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SolverBenchmark {
  private static final int MIX = 50;

  private Path folder = Path.of("");
  private @Nullable RecordSource loaded;
  private SolveRequest jupyterlab = Workload.request(List.of());
  private final List<SolveRequest> mix = new ArrayList<>();
  private List<String> versionTexts = List.of();
  private List<String> specTexts = List.of();
  private List<Version> versions = List.of();
  private List<PackageRecord> numpy = List.of();
  private final List<MatchSpec> numpySpecs = new ArrayList<>();

  /** Loads everything that is not measured. */
  @Setup(Level.Trial)
  public void load() throws IOException {
    folder = Files.createTempDirectory("jconda-jmh");
    RecordSource source = Workload.load(Fixtures.of("repodata/conda-forge-2026"), folder);
    loaded = source;
    source.names().forEach(source::records);
    jupyterlab = Workload.request(Workload.JUPYTERLAB);
    Workload.random(source, MIX).forEach(specs -> mix.add(Workload.request(specs)));
    versionTexts = Files.readAllLines(Fixtures.of("lists/versions.txt"));
    specTexts = Files.readAllLines(Fixtures.of("lists/specs.txt"));
    versions = versionTexts.stream().map(Version::parse).toList();
    numpy = source.records("numpy");
    for (String text : specTexts) {
      if (text.startsWith("numpy ")) {
        numpySpecs.add(MatchSpec.parseLenient(text));
      }
    }
  }

  private RecordSource source() {
    return Objects.requireNonNull(loaded);
  }

  /** Deletes what was written. */
  @TearDown(Level.Trial)
  public void clean() throws IOException {
    Disk.real().deleteTree(folder);
  }

  /** Solves python numpy pandas scikit-learn jupyterlab. */
  @Benchmark
  public Object solveJupyterlab() {
    return new Solver().solve(jupyterlab, source(), OperationContext.silent());
  }

  /** Solves fifty seeded random requests, failures and their explanations included. */
  @Benchmark
  public void solveMixOfFifty(Blackhole sink) {
    for (SolveRequest request : mix) {
      try {
        sink.consume(new Solver().solve(request, source(), OperationContext.silent()));
      } catch (CondaException e) {
        sink.consume(e);
      }
    }
  }

  /** Parses all versions of the fixtures. */
  @Benchmark
  public void parseAllVersions(Blackhole sink) {
    versionTexts.forEach(text -> sink.consume(Version.parse(text)));
  }

  /** Sorts all versions of the fixtures. */
  @Benchmark
  public Object sortAllVersions() {
    return versions.stream().sorted().toList();
  }

  /** Parses all match specs of the fixtures. */
  @Benchmark
  public void parseAllSpecs(Blackhole sink) {
    for (String text : specTexts) {
      try {
        sink.consume(MatchSpec.parseLenient(text));
      } catch (InvalidSpecException e) {
        sink.consume(e);
      }
    }
  }

  /** Matches each spec on numpy with each record of it. */
  @Benchmark
  public int matchNumpy() {
    int matches = 0;
    for (MatchSpec spec : numpySpecs) {
      for (PackageRecord record : numpy) {
        matches += spec.matches(record) ? 1 : 0;
      }
    }
    return matches;
  }
}

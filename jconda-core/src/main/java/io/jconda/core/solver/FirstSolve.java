package io.jconda.core.solver;

import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Solves something small once per JVM, on a thread of its own, while the first index is awaited: a
 * solver that has its classes takes a good part less for what it is really asked.
 */
public final class FirstSolve {
  private static final Logger LOG = LoggerFactory.getLogger(FirstSolve.class);
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private FirstSolve() {}

  /** Begins, the first time in this JVM. Does not block. */
  public static void lookAhead() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(FirstSolve::solve, "jconda-first-solve");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void solve() {
    PackageRecord library = record("library", "1.0", "1").build();
    PackageRecord newer =
        record("library", "2.0", "0").constrains(List.of("other >=1,<2.0a0")).build();
    PackageRecord program =
        record("program", "3.1.2", "h1").depends(List.of("library >=1.0,<2.0a0", "__unix")).build();
    PackageRecord other = record("other", "1.5", "py_0").depends(List.of("library 1.*")).build();
    KnownRecords source =
        new KnownRecords(
            Map.of(
                "library", List.of(library, newer),
                "program", List.of(program),
                "other", List.of(other)),
            Map.of(),
            Optional.empty());
    SolveRequest request =
        SolveRequest.builder()
            .specs(List.of(MatchSpec.parse("program>=3"), MatchSpec.parse("other")))
            .virtualPackages(List.of(PackageRecord.builder("__unix", "0", "0").build()))
            .build();
    int packages = new Solver().solve(request, source, OperationContext.silent()).records().size();
    LOG.debug("The solver is ready: {} packages.", packages);
  }

  private static PackageRecord.Builder record(String name, String version, String build) {
    return PackageRecord.builder(name, version, build).subdir("linux-64").size(1);
  }
}

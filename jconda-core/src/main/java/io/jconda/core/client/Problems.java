package io.jconda.core.client;

import io.jconda.PackageNotFoundException;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.host.Disk;
import io.jconda.core.solver.Problem;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.RecordingSource;
import io.jconda.core.solver.Solution;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.solve.SolveResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what is to be solved to a file, and solves what lies in one. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  /** Solves, and writes what was asked meanwhile, also if the solve fails or its time runs out. */
  static Path save(
      SolveRequest request, RecordSource source, Path file, Disk disk, OperationContext context) {
    RecordingSource recording = new RecordingSource(source);
    Path target = file.toAbsolutePath().normalize();
    try {
      Solving.phase(Phase.SOLVE, context, () -> new Solver().solve(request, recording, context));
    } catch (UnsatisfiableException | PackageNotFoundException e) {
      LOG.debug(
          "The problem that is saved to {} has no solution; its replay tells why.", target, e);
    } finally {
      write(recording.problem(request), target, disk);
    }
    return target;
  }

  private static void write(Problem problem, Path file, Disk disk) {
    try {
      problem.write(file, disk);
    } catch (IOException e) {
      throw new StorageException(
          "The problem file %s cannot be written (%s).".formatted(file, e),
          "Name a file in a folder that is there and may be written to.",
          e);
    }
  }

  /** Solves what lies in a file. */
  static SolveResult replay(Path file, OperationContext context) {
    Problem problem = Problem.read(file);
    long start = System.nanoTime();
    Solution solution =
        Solving.phase(
            Phase.SOLVE,
            context,
            () -> new Solver().solve(problem.request(), problem.source(), context));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new SolveResult(solution.records(), solution.optimality(), elapsed);
  }
}

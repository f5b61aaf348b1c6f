package io.jconda.core.solver;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Optimality;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the packages that fulfil a request. Stateless and safe to share between threads. */
public final class Solver {
  private static final Logger LOG = LoggerFactory.getLogger(Solver.class);

  /**
   * Solves a request. Computes on the calling thread, and blocks where the source reads an index.
   *
   * <p>The answer is always the same for the same content, whatever the order of the request's
   * lists and of the source's records. No solution has a better candidate (track_features, channel,
   * version, build number) of one requested name and no worse one of another; where the search was
   * so hard that it settled for less, {@link Solution#optimality()} says so.
   *
   * @param request what is asked for
   * @param source the records of the channels
   * @param context says when to stop; asked at each step of the search
   * @throws io.jconda.PackageNotFoundException if the name of a spec exists nowhere
   * @throws UnsatisfiableException if nothing fulfils the request
   * @throws io.jconda.OperationCancelledException if the context says so; nothing is left behind
   */
  public Solution solve(SolveRequest request, RecordSource source, OperationContext context) {
    context.checkpoint();
    if (request.mode() == SolveMode.REMOVE) {
      return new Solution(Removal.survivors(request), request.specs(), Optimality.PROVED, 0);
    }
    Universe universe = new Universe(request, source, Demands.wishes(request));
    List<Demand> demands = Demands.of(request);
    Demands.checkNames(demands, universe);
    Search search = new Search(request, universe, demands, context);
    if (search.run(demands)) {
      Optimality optimality = search.improve();
      Selection selection = Selection.of(request, universe, search.chosen());
      Solution solution =
          new Solution(
              TopologicalOrder.of(selection.records()),
              selection.requested(),
              optimality,
              search.conflicts());
      LOG.debug(
          "Solved {} with {} packages, {} conflicts, optimality {}",
          request.specs(),
          solution.records().size(),
          search.conflicts(),
          optimality);
      return solution;
    }
    Conflict conflict = new Explanation(universe, search.blamed(), context).conflict();
    throw new UnsatisfiableException(conflict, conflict.remedy());
  }
}

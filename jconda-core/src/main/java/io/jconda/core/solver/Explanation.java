package io.jconda.core.solver;

import io.jconda.core.solver.Domains.Domain;
import io.jconda.core.solver.Domains.Limit;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in words why demands cannot be fulfilled together, given that they cannot. */
final class Explanation {
  private static final int MOST_BRANCHES = 4;
  private static final int DEEPEST_SPLIT = 2;
  private static final int DEEPEST_TEXT = 12;

  private final Universe universe;
  private final Wording wording;
  private final List<Demand> demands;
  private final OperationContext context;

  Explanation(Universe universe, List<Demand> demands, OperationContext context) {
    this.universe = universe;
    this.wording = new Wording(universe);
    this.demands = demands;
    this.context = context;
  }

  /** Explains it: the demands, and under each what it leads to and what stands against that. */
  Conflict conflict() {
    List<String> specs =
        demands.stream()
            .filter(Demand::isOwnSpec)
            .map(demand -> demand.requirement().text())
            .distinct()
            .toList();
    Domains domains = new Domains(universe, wording, context::checkpoint);
    for (Demand demand : demands) {
      if (demand.requirement().isExactName()) {
        addDemand(demand, domains);
      }
    }
    List<Cause> causes = explain(domains, 0);
    return new Conflict(specs, causes);
  }

  private void addDemand(Demand demand, Domains domains) {
    Subset subset = universe.subsets(demand.requirement()).get(0);
    String message = demand.describe();
    if (subset.isEmpty() && demand.isWanted()) {
      message += ", " + wording.nothingFor(demand.requirement(), subset.candidates);
    }
    Limit limit = new Limit(message, subset.members, List.of(), List.of());
    domains.narrow(subset.candidates, limit, demand.isWanted());
  }

  private List<Cause> explain(Domains domains, int depth) {
    Domain empty = domains.findEmpty();
    if (empty != null) {
      List<Cause> causes = new ArrayList<>();
      for (Limit limit : empty.relevantLimits()) {
        causes.add(chain(limit, 0));
      }
      return merged(causes);
    }
    Domain split = depth < DEEPEST_SPLIT ? smallest(domains) : null;
    List<Cause> causes = new ArrayList<>();
    if (depth == 0) {
      demands.forEach(demand -> causes.add(new Cause(demand.describe(), List.of())));
    }
    if (split == null) {
      causes.add(new Cause("the packages that remain exclude each other", List.of()));
      return causes;
    }
    causes.addAll(branches(domains, split, depth));
    return causes;
  }

  /** Tries the candidates of one name in turn and says of each why it fails. */
  private List<Cause> branches(Domains domains, Domain split, int depth) {
    List<Cause> branches = new ArrayList<>();
    BitSet possible = split.possible;
    for (int i = possible.nextSetBit(0); i >= 0; i = possible.nextSetBit(i + 1)) {
      if (branches.size() == MOST_BRANCHES) {
        branches.add(new Cause("and so on for the rest of " + split.candidates.name(), List.of()));
        break;
      }
      BitSet one = new BitSet();
      one.set(i);
      String assumed = "with " + Wording.describe(split.candidates, one);
      Domains branch = domains.copy();
      branch.narrow(split.candidates, new Limit(assumed, one, List.of(), List.of()), true);
      branches.add(new Cause(assumed, explain(branch, depth + 1)));
    }
    return branches;
  }

  private static @Nullable Domain smallest(Domains domains) {
    Domain smallest = null;
    for (Domain domain : domains.all()) {
      int size = domain.possible.cardinality();
      if (domain.wanted
          && size > 1
          && (smallest == null || size < smallest.possible.cardinality())) {
        smallest = domain;
      }
    }
    return smallest;
  }

  /** Tells a reason from its beginning: the demand first, under it what follows from it. */
  private static Cause chain(Limit last, int depth) {
    Cause cause = own(last, depth);
    Limit limit = last;
    int length = depth;
    while (!limit.origins.isEmpty() && length < DEEPEST_TEXT) {
      Limit origin = limit.origins.get(0);
      List<Cause> below = new ArrayList<>();
      for (Limit beside : limit.origins.subList(1, limit.origins.size())) {
        // What starts from the same place need not tell again how it came there.
        boolean sameStart = !beside.origins.isEmpty() && beside.origins.get(0).equals(origin);
        below.add(sameStart ? own(beside, length) : chain(beside, length + 1));
      }
      below.add(cause);
      cause = new Cause(origin.message, merged(below));
      limit = origin;
      length++;
    }
    return cause;
  }

  /** Tells a reason without how it came about, but with what stands against it. */
  private static Cause own(Limit limit, int depth) {
    List<Cause> against = new ArrayList<>();
    if (depth < DEEPEST_TEXT) {
      limit.obstacles.forEach(obstacle -> against.add(chain(obstacle, depth + 1)));
    }
    return new Cause(limit.message, merged(against));
  }

  /** Puts what follows from the same beginning under one beginning. */
  private static List<Cause> merged(List<Cause> causes) {
    Map<String, List<Cause>> byMessage = new LinkedHashMap<>();
    for (Cause cause : causes) {
      byMessage
          .computeIfAbsent(cause.message(), message -> new ArrayList<>())
          .addAll(cause.causes());
    }
    List<Cause> merged = new ArrayList<>();
    byMessage.forEach((message, below) -> merged.add(new Cause(message, merged(below))));
    return merged;
  }
}

package io.jconda.core.solver;

import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Optimality;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the engine on one request: each demand is an assumption, so that it can be blamed. */
final class Search {
  private static final Logger LOG = LoggerFactory.getLogger(Search.class);

  /** For so many conflicts a better solution is sought than the one that was settled for. */
  private static final long IMPROVEMENT_BUDGET = 20_000;

  private final SolveRequest request;
  private final Universe universe;
  private final Encoding encoding;
  private final BestFirst decisions;
  private final SatEngine engine;
  private final Map<Demand, Integer> selectors = new LinkedHashMap<>();
  private List<Integer> assumed = List.of();
  private List<PackageRecord> chosen = List.of();

  Search(SolveRequest request, Universe universe, List<Demand> demands, OperationContext context) {
    this.request = request;
    this.universe = universe;
    this.encoding = new Encoding(universe);
    this.decisions = new BestFirst(encoding, new CandidateOrder(universe));
    this.engine = new SatEngine(decisions, encoding, context::checkpoint);
    for (String name : universe.virtualNames()) {
      encoding.encode(universe.candidates(name), engine);
    }
    for (Demand demand : demands) {
      int selector = encoding.newVariable(engine);
      selectors.put(demand, selector);
      encoding.imply(Literal.positive(selector), demand.requirement(), demand.isWanted(), engine);
    }
    addInstalled();
    addGoals(demands);
  }

  private void addInstalled() {
    Set<String> moving = new HashSet<>();
    if (request.mode() == SolveMode.UPDATE) {
      for (MatchSpec spec : request.specs()) {
        moving.add(spec.name());
      }
    }
    for (PackageRecord record : Demands.inOrder(request.installed())) {
      if (record.isVirtual()) {
        continue;
      }
      Candidates candidates = universe.candidates(record.name());
      encoding.encode(candidates, engine);
      decisions.wish(candidates);
      if (request.mode() != SolveMode.UPDATE_ALL && !moving.contains(record.name())) {
        candidates.favoured = candidates.records().indexOf(record);
        decisions.keep(candidates.variable(candidates.favoured));
      }
    }
  }

  /** A requested name, what all specs on it accept, and whether it is named now. */
  private record Target(Subset accepted, boolean named) {}

  /** What is named now comes before what was; of these, what has the fewest candidates first. */
  private void addGoals(List<Demand> demands) {
    Map<String, Target> targets = new TreeMap<>();
    for (Demand demand : demands) {
      Requirement requirement = demand.requirement();
      if (demand.isGoal()) {
        Subset subset = universe.subsets(requirement).get(0);
        boolean named = demand.kind() == Demand.Kind.NAMED;
        Target target = new Target(subset, named);
        Target other = targets.putIfAbsent(requirement.name(), target);
        if (other != null) {
          targets.put(requirement.name(), both(other, target));
        }
      }
    }
    List<Target> sorted = new ArrayList<>(targets.values());
    // by name already
    sorted.sort(Search::compare);
    for (Target target : sorted) {
      addGoal(target.accepted);
    }
  }

  private static int compare(Target a, Target b) {
    return a.named == b.named
        ? Integer.compare(a.accepted.size, b.accepted.size)
        : Boolean.compare(b.named, a.named);
  }

  private static Target both(Target a, Target b) {
    BitSet members = (BitSet) a.accepted.members.clone();
    members.and(b.accepted.members);
    return new Target(a.accepted.candidates.subset(members), a.named || b.named);
  }

  private void addGoal(Subset accepted) {
    Candidates candidates = accepted.candidates;
    encoding.encode(candidates, engine);
    List<Integer> literals = new ArrayList<>();
    if (candidates.favoured >= 0 && accepted.members.get(candidates.favoured)) {
      literals.add(Literal.positive(candidates.variable(candidates.favoured)));
    }
    int next = accepted.members.nextSetBit(0);
    while (next >= 0) {
      int end = candidates.classEnd(next);
      List<Integer> members = new ArrayList<>();
      while (next >= 0 && next < end) {
        members.add(candidates.variable(next));
        next = accepted.members.nextSetBit(next + 1);
      }
      literals.add(Literal.positive(oneOf(members)));
    }
    decisions.addGoal(candidates, literals);
  }

  /** Returns a variable that says that one of the variables is true. */
  private int oneOf(List<Integer> members) {
    if (members.size() == 1) {
      return members.get(0);
    }
    int variable = encoding.newVariable(engine);
    int[] clause = new int[members.size() + 1];
    clause[0] = Literal.negative(variable);
    for (int i = 0; i < members.size(); i++) {
      clause[i + 1] = Literal.positive(members.get(i));
      engine.addClause(Literal.negative(members.get(i)), Literal.positive(variable));
    }
    engine.addClause(clause);
    return variable;
  }

  /**
   * Looks for a better solution, where the search was so hard that it stopped to look for the best
   * one: with a class no worse for every requested name, and a better one for some.
   *
   * @return whether there is provably none
   */
  Optimality improve() {
    if (!decisions.hasGivenUp()) {
      return Optimality.PROVED;
    }
    long end = engine.conflicts() + IMPROVEMENT_BUDGET;
    while (true) {
      chosen = modelRecords();
      List<Integer> assumptions = new ArrayList<>(assumed);
      List<Integer> better = new ArrayList<>();
      for (BestFirst.Goal goal : decisions.goals()) {
        List<Integer> noWorse = noWorse(goal);
        assumptions.add(oneOfIf(noWorse));
        better.addAll(noWorse.subList(0, noWorse.size() - 1));
      }
      if (better.isEmpty()) {
        return Optimality.PROVED;
      }
      assumptions.add(oneOfIf(better));
      switch (engine.solveWithin(end - engine.conflicts(), toArray(assumptions))) {
        case SATISFIABLE -> LOG.debug("Found a better solution after {} conflicts", conflicts());
        case UNSATISFIABLE -> {
          return Optimality.PROVED;
        }
        case UNDECIDED -> {
          return Optimality.BEST_FOUND;
        }
      }
    }
  }

  /** Returns the literals of a goal's classes up to the one that the last solution has. */
  private List<Integer> noWorse(BestFirst.Goal goal) {
    int place = 0;
    while (place < goal.literals().size() - 1
        && !engine.isTrueInModel(Literal.variable(goal.literals().get(place)))) {
      place++;
    }
    return goal.literals().subList(0, place + 1);
  }

  /** Returns a literal that, where it is true, makes one of some true. */
  private int oneOfIf(List<Integer> literals) {
    int condition = encoding.newVariable(engine);
    int[] clause = toArray(literals);
    clause = Arrays.copyOf(clause, clause.length + 1);
    clause[clause.length - 1] = Literal.negative(condition);
    engine.addClause(clause);
    return Literal.positive(condition);
  }

  private static int[] toArray(List<Integer> items) {
    int[] array = new int[items.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = items.get(i);
    }
    return array;
  }

  /** Tells whether the demands can be fulfilled together; {@link #chosen} then says how. */
  boolean run(Collection<Demand> demands) {
    List<Integer> assumptions = new ArrayList<>();
    for (Map.Entry<Demand, Integer> selector : selectors.entrySet()) {
      if (demands.contains(selector.getKey())) {
        assumptions.add(Literal.positive(selector.getValue()));
      }
    }
    assumed = assumptions;
    boolean found = engine.solve(toArray(assumptions));
    chosen = found ? modelRecords() : List.of();
    return found;
  }

  /** Returns the records of the solution that was found last, without virtual ones. */
  List<PackageRecord> chosen() {
    return chosen;
  }

  private List<PackageRecord> modelRecords() {
    List<PackageRecord> records = new ArrayList<>();
    for (Candidates candidates : encoding.encoded()) {
      for (int i = 0; i < candidates.size(); i++) {
        if (engine.isTrueInModel(candidates.variable(i)) && !candidates.record(i).isVirtual()) {
          records.add(candidates.record(i));
        }
      }
    }
    return records;
  }

  long conflicts() {
    return engine.conflicts();
  }

  /**
   * Finds, after a search that failed, demands that cannot be fulfilled together, of which none can
   * be left out.
   */
  List<Demand> blamed() {
    List<Demand> suspects = core();
    int needed = 0;
    while (needed < suspects.size()) {
      // What the user did not write stands first, so it is the first to be let off.
      List<Demand> others = new ArrayList<>(suspects);
      others.remove(needed);
      if (run(others)) {
        needed++;
      } else {
        suspects = core();
      }
    }
    return suspects;
  }

  private List<Demand> core() {
    Set<Integer> failed = new HashSet<>();
    for (int literal : engine.core()) {
      failed.add(Literal.variable(literal));
    }
    return selectors.entrySet().stream()
        .filter(entry -> failed.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}

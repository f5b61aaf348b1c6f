package io.jconda.core.solver;

import io.jconda.core.solver.sat.Expansion;
import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the universe into variables and clauses, as far as the search reaches it.
 *
 * <p>A candidate is a variable; those of one name form a group. For each part of a name's
 * candidates that something asks for there are two more: <i>needed</i> says that one of the part is
 * chosen, <i>limited</i> that nothing else is. A candidate implies what its dependencies need and
 * what its constraints limit; that way all candidates with a like dependency share its clauses, and
 * what is learnt about one holds for all.
 */
final class Encoding implements Expansion {
  private static final int UNLIMITED = -1;

  /** What a variable of the kind "needed" stands for. */
  record Need(List<Subset> subsets) {}

  private record Limit(Subset subset) {}

  /** A constraint on a name that nothing needs so far. */
  private record Deferred(Requirement requirement) {}

  private final Universe universe;
  private final List<@Nullable Object> meanings = new ArrayList<>();
  private final List<Candidates> encoded = new ArrayList<>();
  private final Map<Requirement, Integer> patternNeeds = new HashMap<>();
  private final Map<Requirement, Integer> deferred = new HashMap<>();
  private final Map<String, List<Requirement>> waiting = new HashMap<>();

  Encoding(Universe universe) {
    this.universe = universe;
  }

  /** Returns the names whose candidates have variables. */
  List<Candidates> encoded() {
    return encoded;
  }

  /** Returns what the variable needs, if it is of that kind. */
  @Nullable Need need(int variable) {
    return meanings.get(variable) instanceof Need need ? need : null;
  }

  private int newVariable(SatEngine engine, @Nullable Object meaning) {
    meanings.add(meaning);
    return engine.newVariable();
  }

  /** Makes a variable without a meaning of its own, for the caller's clauses. */
  int newVariable(SatEngine engine) {
    return newVariable(engine, null);
  }

  /** Gives the candidates of a name their variables. */
  void encode(Candidates candidates, SatEngine engine) {
    if (candidates.group >= 0) {
      return;
    }
    candidates.group = engine.newGroup();
    for (int i = 0; i < candidates.size(); i++) {
      int variable = newVariable(engine, candidates);
      if (i == 0) {
        candidates.firstVariable = variable;
      }
      engine.join(candidates.group, variable);
    }
    encoded.add(candidates);
    if (candidates.name().startsWith("__")) {
      for (int i = 0; i < candidates.size(); i++) {
        engine.addClause(Literal.positive(candidates.variable(i)));
      }
    }
    List<Requirement> constraints = waiting.remove(candidates.name());
    if (constraints != null) {
      constraints.forEach(constraint -> bindDeferred(constraint, engine));
    }
  }

  private void bindDeferred(Requirement constraint, SatEngine engine) {
    Integer variable = deferred.get(constraint);
    int limit = limited(universe.subsets(constraint).get(0), engine);
    if (variable != null && limit != UNLIMITED) {
      engine.addClause(Literal.negative(variable), Literal.positive(limit));
    }
  }

  /** Returns the variable that says that the requirement is fulfilled. */
  int needed(Requirement requirement, SatEngine engine) {
    List<Subset> subsets = universe.subsets(requirement);
    if (!requirement.isExactName()) {
      Integer known = patternNeeds.get(requirement);
      if (known == null) {
        known = newVariable(engine, new Need(subsets));
        patternNeeds.put(requirement, known);
      }
      return known;
    }
    Subset subset = subsets.get(0);
    if (subset.needed < 0) {
      subset.needed = newVariable(engine, new Need(subsets));
    }
    return subset.needed;
  }

  /** Returns the variables that say that nothing is there that the requirement does not accept. */
  private List<Integer> limits(Requirement requirement, SatEngine engine) {
    List<Integer> variables = new ArrayList<>();
    if (requirement.isExactName() && !isEncoded(requirement.name())) {
      Integer known = deferred.get(requirement);
      if (known == null) {
        known = newVariable(engine, new Deferred(requirement));
        deferred.put(requirement, known);
        waiting.computeIfAbsent(requirement.name(), name -> new ArrayList<>()).add(requirement);
      }
      variables.add(known);
      return variables;
    }
    for (Subset subset : universe.subsets(requirement)) {
      int variable = limited(subset, engine);
      if (variable != UNLIMITED) {
        variables.add(variable);
      }
    }
    return variables;
  }

  private boolean isEncoded(String name) {
    return universe.isLoaded(name) && universe.candidates(name).group >= 0;
  }

  private int limited(Subset subset, SatEngine engine) {
    if (subset.limited < 0 && !subset.isAll()) {
      subset.limited = newVariable(engine, new Limit(subset));
    }
    return subset.limited;
  }

  /** Makes a literal imply a requirement, or only that nothing else is there. */
  void imply(int literal, Requirement requirement, boolean wanted, SatEngine engine) {
    if (wanted) {
      engine.addClause(Literal.not(literal), Literal.positive(needed(requirement, engine)));
      return;
    }
    for (int limit : limits(requirement, engine)) {
      engine.addClause(Literal.not(literal), Literal.positive(limit));
    }
  }

  @Override
  public void expand(int variable, SatEngine engine) {
    Object meaning = meanings.get(variable);
    if (meaning instanceof Candidates candidates) {
      expandRecord(variable, candidates.record(variable - candidates.firstVariable), engine);
    } else if (meaning instanceof Need need) {
      expandNeed(variable, need, engine);
    } else if (meaning instanceof Limit limit) {
      expandLimit(variable, limit.subset, engine);
    }
  }

  private void expandRecord(int variable, PackageRecord record, SatEngine engine) {
    List<Requirement> depends = new ArrayList<>();
    List<Requirement> constrains = new ArrayList<>();
    for (String text : record.depends()) {
      Requirement requirement = universe.requirement(text);
      if (!universe.isBrokenAnyway(record, requirement)) {
        depends.add(requirement);
      }
    }
    for (String text : record.constrains()) {
      Requirement requirement = universe.requirement(text);
      if (requirement.problem().isEmpty() || !universe.isBrokenAnyway(record, requirement)) {
        constrains.add(requirement);
      }
    }
    if (isUnreadable(depends) || isUnreadable(constrains)) {
      engine.addClause(Literal.negative(variable));
      return;
    }
    depends.forEach(need -> imply(Literal.positive(variable), need, true, engine));
    constrains.forEach(limit -> imply(Literal.positive(variable), limit, false, engine));
  }

  private static boolean isUnreadable(List<Requirement> requirements) {
    return requirements.stream().anyMatch(requirement -> requirement.problem().isPresent());
  }

  private void expandNeed(int variable, Need need, SatEngine engine) {
    int size = 1;
    for (Subset subset : need.subsets) {
      encode(subset.candidates, engine);
      size += subset.size;
    }
    int[] clause = new int[size];
    clause[0] = Literal.negative(variable);
    int next = 1;
    for (Subset subset : need.subsets) {
      BitSet members = subset.members;
      for (int i = members.nextSetBit(0); i >= 0; i = members.nextSetBit(i + 1)) {
        clause[next++] = Literal.positive(subset.candidates.variable(i));
      }
    }
    engine.addClause(clause);
    if (need.subsets.size() == 1) {
      int limit = limited(need.subsets.get(0), engine);
      if (limit != UNLIMITED) {
        engine.addClause(Literal.negative(variable), Literal.positive(limit));
      }
    }
  }

  private void expandLimit(int variable, Subset subset, SatEngine engine) {
    Candidates candidates = subset.candidates;
    encode(candidates, engine);
    BitSet members = subset.members;
    for (int i = members.nextClearBit(0); i < candidates.size(); i = members.nextClearBit(i + 1)) {
      engine.addClause(Literal.negative(variable), Literal.negative(candidates.variable(i)));
    }
  }
}

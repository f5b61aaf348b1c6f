package io.jconda.core.solver;

import io.jconda.core.solver.sat.Expansion;
import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** A group of extras that something asks a name for. */
  private record Extra(String name, String group) {}

  /** Dependencies that count while the variable is true. */
  private record Also(List<String> depends) {}

  private final Universe universe;
  private final List<@Nullable Object> meanings = new ArrayList<>();
  private final List<Candidates> encoded = new ArrayList<>();
  private final Map<Requirement, Integer> patternNeeds = new HashMap<>();
  private final Map<Requirement, Integer> deferred = new HashMap<>();
  private final Map<String, List<Requirement>> waiting = new HashMap<>();
  private final Map<Extra, Integer> extras = new HashMap<>();
  private final Map<List<String>, Integer> alsos = new HashMap<>();
  private final Conditions conditions;

  Encoding(Universe universe) {
    this.universe = universe;
    this.conditions = new Conditions(universe, this);
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
      for (Requirement constraint : constraints) {
        bindDeferred(constraint, engine);
      }
    }
    conditions.bind(candidates, engine);
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
      return known(patternNeeds, requirement, new Need(subsets), engine);
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
      if (!deferred.containsKey(requirement)) {
        waiting.computeIfAbsent(requirement.name(), name -> new ArrayList<>()).add(requirement);
      }
      variables.add(known(deferred, requirement, new Deferred(requirement), engine));
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

  /** Tells whether the candidates of a name have variables. */
  boolean isEncoded(String name) {
    return universe.isLoaded(name) && universe.candidates(name).group >= 0;
  }

  private int limited(Subset subset, SatEngine engine) {
    if (subset.limited < 0 && !subset.isAll()) {
      subset.limited = newVariable(engine, new Limit(subset));
    }
    return subset.limited;
  }

  /**
   * Makes a literal imply a requirement, or only that nothing else is there; where the requirement
   * has a condition, only while that is true.
   */
  void imply(int literal, Requirement requirement, boolean wanted, SatEngine engine) {
    int[] negated = {Literal.not(literal)};
    if (requirement.condition().isPresent()) {
      int condition = conditions.variable(requirement.condition().get(), engine);
      negated = new int[] {Literal.not(literal), Literal.negative(condition)};
    }
    if (!wanted) {
      for (int limit : limits(requirement, engine)) {
        addImplication(negated, limit, engine);
      }
      return;
    }
    addImplication(negated, needed(requirement, engine), engine);
    for (String group : requirement.extras()) {
      for (Subset subset : universe.subsets(requirement)) {
        Extra extra = new Extra(subset.candidates.name(), group);
        addImplication(negated, known(extras, extra, extra, engine), engine);
      }
    }
  }

  private static void addImplication(int[] negatedPremises, int variable, SatEngine engine) {
    int[] clause = Arrays.copyOf(negatedPremises, negatedPremises.length + 1);
    clause[negatedPremises.length] = Literal.positive(variable);
    engine.addClause(clause);
  }

  private <K> int known(Map<K, Integer> variables, K key, Object meaning, SatEngine engine) {
    Integer known = variables.get(key);
    if (known == null) {
      known = newVariable(engine, meaning);
      variables.put(key, known);
    }
    return known;
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
    } else if (meaning instanceof Extra extra) {
      expandExtra(variable, extra, engine);
    } else if (meaning instanceof Also also) {
      List<Requirement> depends = also.depends.stream().map(universe::requirement).toList();
      implyAll(variable, depends, List.of(), engine);
    }
  }

  private void expandRecord(int variable, PackageRecord record, SatEngine engine) {
    List<Requirement> depends = new ArrayList<>();
    List<Requirement> constrains = new ArrayList<>();
    for (String text : universe.depends(record)) {
      Requirement requirement = universe.requirement(text);
      if (!universe.isBrokenAnyway(record, requirement)) {
        depends.add(requirement);
      }
    }
    for (String text : universe.constrains(record)) {
      Requirement requirement = universe.requirement(text);
      if (requirement.problem().isEmpty() || !universe.isBrokenAnyway(record, requirement)) {
        constrains.add(requirement);
      }
    }
    implyAll(variable, depends, constrains, engine);
  }

  private void implyAll(
      int variable, List<Requirement> depends, List<Requirement> constrains, SatEngine engine) {
    if (isUnreadable(depends) || isUnreadable(constrains)) {
      engine.addClause(Literal.negative(variable));
      return;
    }
    for (Requirement need : depends) {
      imply(Literal.positive(variable), need, true, engine);
    }
    for (Requirement limit : constrains) {
      imply(Literal.positive(variable), limit, false, engine);
    }
  }

  private static boolean isUnreadable(List<Requirement> requirements) {
    for (Requirement requirement : requirements) {
      if (requirement.problem().isPresent()) {
        return true;
      }
    }
    return false;
  }

  private void expandExtra(int variable, Extra extra, SatEngine engine) {
    Candidates candidates = universe.candidates(extra.name);
    encode(candidates, engine);
    for (int i = 0; i < candidates.size(); i++) {
      List<String> depends = universe.extraDepends(candidates.record(i), extra.group);
      if (!depends.isEmpty()) {
        int also = known(alsos, depends, new Also(depends), engine);
        int chosen = Literal.negative(candidates.variable(i));
        addImplication(new int[] {Literal.negative(variable), chosen}, also, engine);
      }
    }
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

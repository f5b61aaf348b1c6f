package io.jconda.core.solver;

import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import io.jconda.spec.Condition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives conditions their variables (CEP-43): one is true at least where its condition is.
 *
 * <p>Conditions know no negation, so that much is enough: nothing makes one true without cause. A
 * condition causes no index to be read and nothing to be chosen; what it names is looked at once
 * something else brings it.
 */
final class Conditions {
  private final Universe universe;
  private final Encoding encoding;
  private final Map<Condition, Integer> variables = new HashMap<>();

  /** Of each name that has no candidates yet: what conditions ask of it. */
  private final Map<String, List<Requirement>> waiting = new HashMap<>();

  private final Map<Requirement, Integer> ofRequirement = new HashMap<>();

  Conditions(Universe universe, Encoding encoding) {
    this.universe = universe;
    this.encoding = encoding;
  }

  /** Returns the variable of a condition. */
  int variable(Condition condition, SatEngine engine) {
    Integer known = variables.get(condition);
    if (known != null) {
      return known;
    }
    int variable = encoding.newVariable(engine);
    variables.put(condition, variable);
    if (condition instanceof Condition.Matches matches) {
      addMatches(variable, universe.requirement(matches.spec().toString()), engine);
    } else if (condition instanceof Condition.Any any) {
      for (Condition part : any.conditions()) {
        engine.addClause(Literal.negative(variable(part, engine)), Literal.positive(variable));
      }
    } else if (condition instanceof Condition.All all) {
      int[] clause = new int[all.conditions().size() + 1];
      clause[0] = Literal.positive(variable);
      for (int i = 1; i < clause.length; i++) {
        clause[i] = Literal.negative(variable(all.conditions().get(i - 1), engine));
      }
      engine.addClause(clause);
    }
    return variable;
  }

  private void addMatches(int variable, Requirement requirement, SatEngine engine) {
    ofRequirement.put(requirement, variable);
    if (requirement.isExactName() && !encoding.isEncoded(requirement.name())) {
      waitFor(requirement.name(), requirement);
      return;
    }
    for (Subset subset : universe.subsets(requirement)) {
      if (encoding.isEncoded(subset.candidates.name())) {
        addMembers(subset, variable, engine);
      } else {
        waitFor(subset.candidates.name(), requirement);
      }
    }
  }

  private void waitFor(String name, Requirement requirement) {
    waiting.computeIfAbsent(name, key -> new ArrayList<>()).add(requirement);
  }

  private static void addMembers(Subset subset, int variable, SatEngine engine) {
    BitSet members = subset.members;
    for (int i = members.nextSetBit(0); i >= 0; i = members.nextSetBit(i + 1)) {
      engine.addClause(Literal.negative(subset.candidates.variable(i)), Literal.positive(variable));
    }
  }

  /** Adds what waited for candidates to have variables. */
  void bind(Candidates candidates, SatEngine engine) {
    List<Requirement> requirements = waiting.remove(candidates.name());
    if (requirements == null) {
      return;
    }
    for (Requirement requirement : requirements) {
      int variable = ofRequirement.getOrDefault(requirement, -1);
      for (Subset subset : universe.subsets(requirement)) {
        if (subset.candidates == candidates) {
          addMembers(subset, variable, engine);
        }
      }
    }
  }
}

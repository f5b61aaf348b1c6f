package io.jconda.core.solver;

import io.jconda.core.solver.sat.Decisions;
import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds, with the engine, links that suffice for a contradiction that conclusions alone do not
 * show: each link is an assumption, so that it can be blamed.
 */
final class ConflictCore {
  /** Is thrown out of the engine when the search took too many steps. */
  private static final class TooHard extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooHard() {
      super("too many steps", null, false, false);
    }
  }

  private record Part(String name, BitSet options, boolean isLimit) {}

  private final Network network;
  private final @Nullable Set<Link> allowed;
  private final SatEngine engine;
  private final Map<String, Integer> firstVariables = new LinkedHashMap<>();
  private final Map<String, Choice> choices = new LinkedHashMap<>();
  private final Map<Part, Integer> parts = new HashMap<>();
  private final Map<Link, Integer> selectors = new TreeMap<>();
  private long steps;

  private ConflictCore(
      Network network, @Nullable Set<Link> allowed, long budget, Runnable checkpoint) {
    this.network = network;
    this.allowed = allowed;
    this.engine =
        new SatEngine(
            engine -> Decisions.BY_ACTIVITY,
            (variable, engine) -> {},
            () -> {
              checkpoint.run();
              if (++steps > budget) {
                throw new TooHard();
              }
            });
  }

  /**
   * Returns links of which none can be left out.
   *
   * @param budget after how many steps of the engine to give up
   * @return null if it gave up, or if there is no contradiction
   */
  static @Nullable Set<Link> of(
      Network network, List<Demand> demands, long budget, Runnable checkpoint) {
    try {
      Collection<Link> found = new ConflictCore(network, null, budget, checkpoint).find(demands);
      if (found == null) {
        return null;
      }
      // What is left is far smaller, so that trying to do without each takes little.
      Set<Link> few = new LinkedHashSet<>(found);
      ConflictCore small = new ConflictCore(network, few, budget, checkpoint);
      return small.reduced(demands);
    } catch (TooHard e) {
      return null;
    }
  }

  private @Nullable Collection<Link> find(List<Demand> demands) {
    encode(demands);
    return search(selectors.keySet());
  }

  private @Nullable Set<Link> reduced(List<Demand> demands) {
    encode(demands);
    List<Link> suspects = search(selectors.keySet());
    int needed = 0;
    while (suspects != null && needed < suspects.size()) {
      // Names come up from the demands on, so the last ones are the farthest off.
      List<Link> others = new ArrayList<>(suspects);
      others.remove(suspects.size() - 1 - needed);
      List<Link> fewer = search(others);
      if (fewer == null) {
        needed++;
      } else {
        suspects = fewer;
      }
    }
    return suspects == null ? null : new LinkedHashSet<>(suspects);
  }

  private @Nullable List<Link> search(Collection<Link> links) {
    int[] assumptions = links.stream().mapToInt(link -> Literal.positive(selector(link))).toArray();
    if (engine.solve(assumptions)) {
      return null;
    }
    Set<Integer> failed = new LinkedHashSet<>();
    for (int literal : engine.core()) {
      failed.add(Literal.variable(literal));
    }
    List<String> order = new ArrayList<>(choices.keySet());
    return selectors.entrySet().stream()
        .filter(entry -> failed.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted(
            java.util.Comparator.comparing((Link link) -> order.indexOf(link.from()))
                .thenComparing(Link::to))
        .toList();
  }

  private int selector(Link link) {
    return selectors.computeIfAbsent(link, key -> engine.newVariable());
  }

  private void encode(List<Demand> demands) {
    Deque<Choice> waiting = new ArrayDeque<>();
    network.given().forEach(choice -> reach(choice, waiting));
    List<Need> needs =
        demands.stream().flatMap(demand -> network.ofDemand(demand).stream()).toList();
    needs.forEach(need -> reach(need.target(), waiting));
    while (!waiting.isEmpty()) {
      Choice choice = waiting.remove();
      for (int i = 0; i < choice.size; i++) {
        for (Need need : choice.needs(i)) {
          if (need.isWanted() && isAllowed(choice, need)) {
            reach(need.target(), waiting);
          }
        }
      }
    }
    for (Need need : needs) {
      engine.addClause(Literal.positive(part(need)));
    }
    choices.values().forEach(this::addOptions);
  }

  private boolean isAllowed(Choice choice, Need need) {
    return allowed == null || allowed.contains(new Link(choice.name, need.target().name));
  }

  private void reach(Choice choice, Deque<Choice> waiting) {
    if (choices.putIfAbsent(choice.name, choice) != null) {
      return;
    }
    waiting.add(choice);
    int group = engine.newGroup();
    for (int i = 0; i < choice.size; i++) {
      int variable = engine.newVariable();
      firstVariables.putIfAbsent(choice.name, variable);
      engine.join(group, variable);
      if (choice.isGiven()) {
        engine.addClause(Literal.positive(variable));
      }
    }
  }

  private int variable(Choice choice, int option) {
    return firstVariables.getOrDefault(choice.name, 0) + option;
  }

  private void addOptions(Choice choice) {
    for (int i = 0; i < choice.size; i++) {
      for (Need need : choice.needs(i)) {
        // What nothing wants cannot stand in the way.
        if (isAllowed(choice, need) && choices.containsKey(need.target().name)) {
          engine.addClause(
              Literal.negative(variable(choice, i)),
              Literal.negative(selector(new Link(choice.name, need.target().name))),
              Literal.positive(part(need)));
        }
      }
    }
  }

  /** Returns the variable that says that a need is met. */
  private int part(Need need) {
    Choice target = need.target();
    Part part = new Part(target.name, need.accepted(), !need.isWanted());
    Integer known = parts.get(part);
    if (known != null) {
      return known;
    }
    int variable = engine.newVariable();
    parts.put(part, variable);
    if (need.isWanted()) {
      int[] clause = new int[need.accepted().cardinality() + 1];
      clause[0] = Literal.negative(variable);
      int next = 1;
      for (int i : (Iterable<Integer>) need.accepted().stream()::iterator) {
        clause[next++] = Literal.positive(variable(target, i));
      }
      engine.addClause(clause);
      return variable;
    }
    for (int i = 0; i < target.size; i++) {
      if (!need.accepted().get(i)) {
        engine.addClause(Literal.negative(variable), Literal.negative(variable(target, i)));
      }
    }
    return variable;
  }
}

package io.jconda.core.solver;

import io.jconda.core.solver.Domains.Domain;
import io.jconda.core.solver.Refutation.Branch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shows that demands cannot be fulfilled: by conclusions where they are enough, else by trying the
 * options of the choice of which most fail at once; options that fail alike fail together.
 */
final class Refuter {
  private final Network network;
  private final List<Demand> demands;
  private final Runnable checkpoint;
  private final int budget;
  private int steps;

  /**
   * Makes a refuter.
   *
   * @param budget how many times it may draw conclusions
   */
  Refuter(Network network, List<Demand> demands, int budget, Runnable checkpoint) {
    this.network = network;
    this.demands = demands;
    this.budget = budget;
    this.checkpoint = checkpoint;
  }

  /** Returns what follows from the demands alone: what has nothing left, or null. */
  Refutation.@Nullable Emptied conclude(@Nullable Set<Link> allowed) {
    return emptied(start(allowed));
  }

  /** Says no more than which names exclude each other, after all conclusions are drawn. */
  Refutation giveUp() {
    Domains domains = start(null);
    Refutation emptied = emptied(domains);
    return emptied == null ? unfinished(domains) : emptied;
  }

  /** Refutes the demands, looking only at what is allowed. */
  Refutation refute(Set<Link> allowed) {
    steps = 0;
    return refute(start(allowed));
  }

  private Domains start(@Nullable Set<Link> allowed) {
    Domains domains = new Domains(allowed, checkpoint);
    network.given().forEach(domains::give);
    for (Demand demand : demands) {
      for (Need need : network.ofDemand(demand)) {
        domains.narrow(Limit.demanded(demand, need));
      }
    }
    return domains;
  }

  private Refutation.@Nullable Emptied emptied(Domains domains) {
    steps++;
    Domain empty = domains.findEmpty();
    return empty == null ? null : new Refutation.Emptied(empty.choice, empty.reasonsForNothing());
  }

  private Refutation refute(Domains domains) {
    Refutation emptied = emptied(domains);
    if (emptied != null) {
      return emptied;
    }
    Plan plan = domains.isExhausted() ? null : bestPlan(domains);
    if (plan == null) {
      return unfinished(domains);
    }
    List<Branch> branches = new ArrayList<>(plan.closed);
    for (BitSet options : plan.open) {
      if (steps >= budget) {
        return unfinished(domains);
      }
      Limit assumption = Limit.assumed(plan.domain.choice, options);
      Domains branch = domains.copy();
      branch.narrow(assumption);
      branches.add(new Branch(options, assumption, refute(branch)));
    }
    branches.sort(Comparator.comparing(branch -> branch.options().nextSetBit(0)));
    Choice choice = plan.domain.choice;
    BitSet possible = plan.domain.possible;
    List<Limit> reasons = Limit.needed(choice, plan.domain.limits, possible::equals, true);
    return new Refutation.Split(choice, reasons, branches);
  }

  private Refutation unfinished(Domains domains) {
    Map<String, Domain> entangled = new TreeMap<>();
    for (Domain domain : domains.all()) {
      if (domain.wanted && domain.possible.cardinality() > 1) {
        entangled.put(domain.choice.name, domain);
      }
    }
    Set<Link> links = new TreeSet<>();
    for (Domain domain : entangled.values()) {
      for (int i : (Iterable<Integer>) domain.possible.stream()::iterator) {
        for (Need need : domains.needs(domain.choice, i)) {
          if (entangled.containsKey(need.target().name)) {
            links.add(new Link(domain.choice.name, need.target().name));
          }
        }
      }
    }
    return new Refutation.Unfinished(budget, List.copyOf(entangled.keySet()), List.copyOf(links));
  }

  /** What came of trying a choice: parts that fail at once, and parts that do not. */
  private record Plan(Domain domain, List<Branch> closed, List<BitSet> open) {
    int effort() {
      return closed.size() + open.size();
    }
  }

  private @Nullable Plan bestPlan(Domains domains) {
    Plan best = null;
    Map<Domain, Collection<BitSet>> parts = new LinkedHashMap<>();
    for (Domain domain : domains.all()) {
      if (domain.wanted && domain.possible.cardinality() > 1) {
        Collection<BitSet> alike = alike(domains, domain);
        // Where all options ask for the same there is nothing to try.
        if (alike.size() > 1) {
          parts.put(domain, alike);
        }
      }
    }
    List<Domain> wanted = new ArrayList<>(parts.keySet());
    wanted.sort(
        Comparator.comparing((Domain domain) -> parts.getOrDefault(domain, List.of()).size())
            .thenComparing(domain -> domain.choice.name));
    for (Domain domain : wanted) {
      if (steps < budget) {
        Plan plan = plan(domains, domain, parts.getOrDefault(domain, List.of()));
        if (best == null
            || plan.open.size() < best.open.size()
            || (plan.open.size() == best.open.size() && plan.effort() < best.effort())) {
          best = plan;
        }
      }
    }
    return best;
  }

  private Plan plan(Domains domains, Domain domain, Collection<BitSet> parts) {
    List<Branch> closed = new ArrayList<>();
    List<BitSet> open = new ArrayList<>();
    for (BitSet part : parts) {
      Branch grown = null;
      for (int i = 0; i < closed.size() && grown == null; i++) {
        BitSet both = (BitSet) part.clone();
        both.or(closed.get(i).options());
        grown = tried(domains, domain.choice, both);
        if (grown != null) {
          closed.set(i, grown);
        }
      }
      Branch alone = grown == null ? tried(domains, domain.choice, part) : null;
      if (alone != null) {
        closed.add(alone);
      } else if (grown == null) {
        open.add(part);
      }
    }
    return new Plan(domain, closed, open);
  }

  private @Nullable Branch tried(Domains domains, Choice choice, BitSet options) {
    Limit assumption = Limit.assumed(choice, options);
    Domains branch = domains.copy();
    branch.narrow(assumption);
    Refutation refutation = emptied(branch);
    return refutation == null ? null : new Branch(options, assumption, refutation);
  }

  /** Puts together the options that ask for the same, as far as may be looked at. */
  private static Collection<BitSet> alike(Domains domains, Domain domain) {
    Map<List<List<Object>>, BitSet> parts = new LinkedHashMap<>();
    for (int i : (Iterable<Integer>) domain.possible.stream()::iterator) {
      List<List<Object>> asked = new ArrayList<>();
      for (Need need : domains.needs(domain.choice, i)) {
        asked.add(List.of(need.target().name, need.isWanted(), need.accepted()));
      }
      parts.computeIfAbsent(asked, key -> new BitSet()).set(i);
    }
    return parts.values();
  }
}

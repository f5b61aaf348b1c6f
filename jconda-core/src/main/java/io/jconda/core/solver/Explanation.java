package io.jconda.core.solver;

import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says in words why demands cannot be fulfilled together, given that they cannot.
 *
 * <p>First it looks for a contradiction that mere conclusions show; where there is none, the engine
 * finds the names that exclude each other. Then it leaves out every link between names without
 * which there still is a contradiction, those farthest from the demands first, and tells the rest.
 */
final class Explanation {
  /** How many lines an explanation may have. */
  private static final int MOST_LINES = 40;

  /** So many steps the engine may take to find what excludes each other. */
  private static final int ENGINE_BUDGET = 20_000;

  /** So many times conclusions may be drawn to tell a contradiction that takes trying. */
  private static final int BUDGET = 600;

  private final Network network;
  private final Shortage shortage;
  private final List<Demand> demands;
  private final Refuter refuter;
  private final Runnable checkpoint;

  Explanation(Universe universe, List<Demand> demands, OperationContext context) {
    this.network = new Network(universe);
    this.shortage = new Shortage(universe);
    this.demands = demands;
    this.checkpoint = context::checkpoint;
    this.refuter = new Refuter(network, demands, BUDGET, checkpoint);
  }

  /** Explains it: the demands, and under each what it leads to and what stands against that. */
  Conflict conflict() {
    List<String> specs =
        demands.stream()
            .filter(Demand::isOwnSpec)
            .map(demand -> demand.requirement().text())
            .distinct()
            .toList();
    List<Cause> causes = new ArrayList<>(new CauseTree(shortage).of(refutation()));
    return new Conflict(specs, shortened(causes, new int[] {MOST_LINES}));
  }

  private Refutation refutation() {
    Refutation direct = refuter.conclude(null);
    if (direct != null) {
      return refuter.refute(reduced(direct));
    }
    Set<Link> links = ConflictCore.of(network, demands, ENGINE_BUDGET, checkpoint);
    return links == null ? refuter.giveUp() : refuter.refute(links);
  }

  /** Returns the links of a contradiction that conclusions show, as few as possible. */
  private Set<Link> reduced(Refutation direct) {
    Set<Link> links = links(direct);
    List<Link> farthest = new ArrayList<>(links);
    Map<String, Integer> depths = depths(links);
    farthest.sort(
        Comparator.comparing((Link link) -> -depths.getOrDefault(link.from(), 0))
            .thenComparing(Comparator.naturalOrder()));
    for (Link link : farthest) {
      if (links.contains(link)) {
        Set<Link> fewer = new HashSet<>(links);
        fewer.remove(link);
        Refutation shorter = refuter.conclude(fewer);
        if (shorter != null) {
          links = links(shorter);
        }
      }
    }
    return links;
  }

  private static Set<Link> links(Refutation refutation) {
    Set<Link> links = new TreeSet<>();
    refutation.addLinks(links, new HashSet<>());
    return links;
  }

  /** Returns how many links each name is away from a demand, at least. */
  private Map<String, Integer> depths(Set<Link> links) {
    Map<String, Integer> depths = new HashMap<>();
    for (Demand demand : demands) {
      network.ofDemand(demand).forEach(need -> depths.put(need.target().name, 0));
    }
    boolean news = true;
    while (news) {
      news = false;
      for (Link link : links) {
        Integer depth = depths.get(link.from());
        if (depth != null && depths.getOrDefault(link.to(), Integer.MAX_VALUE) > depth + 1) {
          depths.put(link.to(), depth + 1);
          news = true;
        }
      }
    }
    return depths;
  }

  /** Leaves out what would make too long a text. */
  private static List<Cause> shortened(List<Cause> causes, int[] lines) {
    List<Cause> kept = new ArrayList<>();
    for (int i = 0; i < causes.size(); i++) {
      Cause cause = causes.get(i);
      if (lines[0] <= 1) {
        String message = "and so on (%d more)".formatted(causes.size() - i);
        kept.add(Cause.builder(Kind.OMITTED, message).build());
        break;
      }
      lines[0]--;
      // What shares the line of what it stands against takes none.
      List<Cause> below = cause.hasOneLine() ? cause.causes() : shortened(cause.causes(), lines);
      kept.add(
          cause.isObstructed()
              ? cause.toBuilder().obstructedBy(below).build()
              : cause.toBuilder().followedBy(below).build());
    }
    return kept;
  }
}

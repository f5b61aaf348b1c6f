package io.jconda.core.solver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Is one reason why options of a choice are no longer possible, with the reasons behind it; equal
 * to itself alone.
 */
final class Limit {
  /** Says how it came about. */
  enum Kind {
    /** A demand says so. */
    DEMANDED,
    /** It is tried out. */
    ASSUMED,
    /** All that is left of another choice asks for it. */
    PASSED,
    /** Options ask for what cannot be had. */
    PRUNED
  }

  private static final int MOST_COST = 1_000_000;
  private static final Comparator<Limit> BY_COST = Comparator.comparingInt(limit -> limit.cost);

  final Kind kind;
  final @Nullable Demand demand;

  /** The choice that asks; the limited one itself for what is assumed or pruned. */
  final Choice from;

  /** The options that ask. */
  final BitSet members;

  /** What they ask for. */
  final List<Need> needs;

  /** The choice that is limited. */
  final Choice target;

  /** The options that it leaves. */
  final BitSet accepted;

  /** Whether it wants the choice to be made, and does not only limit it. */
  final boolean wanted;

  /** The reasons that led to the choice that asks, the one that wants it first. */
  final List<Limit> origins;

  /** The reasons that stand against what the options ask for. */
  final List<Limit> obstacles;

  /** How much there is to tell, roughly. */
  final int cost;

  private Limit(
      Kind kind,
      @Nullable Demand demand,
      Choice from,
      BitSet members,
      List<Need> needs,
      Choice target,
      BitSet accepted,
      boolean wanted,
      List<Limit> origins,
      List<Limit> obstacles) {
    this.kind = kind;
    this.demand = demand;
    this.from = from;
    this.members = members;
    this.needs = needs;
    this.target = target;
    this.accepted = accepted;
    this.wanted = wanted;
    this.origins = origins;
    this.obstacles = obstacles;
    int sum = 1;
    for (List<Limit> behind : List.of(origins, obstacles)) {
      for (Limit limit : behind) {
        sum = Math.min(MOST_COST, sum + limit.cost);
      }
    }
    this.cost = sum;
  }

  static Limit demanded(Demand demand, Need need) {
    return new Limit(
        Kind.DEMANDED,
        demand,
        need.target(),
        need.accepted(),
        List.of(need),
        need.target(),
        need.accepted(),
        need.isWanted(),
        List.of(),
        List.of());
  }

  static Limit assumed(Choice choice, BitSet options) {
    return new Limit(
        Kind.ASSUMED,
        null,
        choice,
        options,
        List.of(),
        choice,
        options,
        true,
        List.of(),
        List.of());
  }

  static Limit passed(
      Choice from,
      BitSet members,
      List<Need> needs,
      BitSet accepted,
      boolean wanted,
      List<Limit> origins) {
    Choice target = needs.get(0).target();
    return new Limit(
        Kind.PASSED, null, from, members, needs, target, accepted, wanted, origins, List.of());
  }

  static Limit pruned(
      Choice from, BitSet members, List<Need> needs, List<Limit> origins, List<Limit> obstacles) {
    BitSet accepted = from.all();
    accepted.andNot(members);
    return new Limit(
        Kind.PRUNED, null, from, members, needs, from, accepted, false, origins, obstacles);
  }

  /** Adds the links that it and all behind it rest on. */
  void addLinks(Set<Link> links, Set<Limit> seen) {
    if (!seen.add(this)) {
      return;
    }
    if (kind == Kind.PASSED || kind == Kind.PRUNED) {
      links.add(new Link(from.name, needs.get(0).target().name));
    }
    origins.forEach(origin -> origin.addLinks(links, seen));
    obstacles.forEach(obstacle -> obstacle.addLinks(links, seen));
  }

  /** Returns what is left of a choice. */
  static BitSet remaining(Choice choice, List<Limit> limits) {
    BitSet remaining = choice.all();
    limits.forEach(limit -> remaining.and(limit.accepted));
    return remaining;
  }

  /**
   * Returns as few of some limits of a choice as are enough, the longest to tell let off first.
   *
   * @param isEnough says of what is left of the choice whether that is little enough
   * @param wanted whether one of them must want the choice
   * @return the one that wants it, if one does, stands first
   */
  static List<Limit> needed(
      Choice choice, List<Limit> limits, Predicate<BitSet> isEnough, boolean wanted) {
    List<Limit> kept = new ArrayList<>(limits);
    List<Limit> dearest = new ArrayList<>(limits);
    dearest.sort(BY_COST.reversed());
    for (Limit limit : dearest) {
      int place = kept.indexOf(limit);
      kept.remove(place);
      boolean wants = !wanted || choice.isGiven() || kept.stream().anyMatch(other -> other.wanted);
      if (!wants || !isEnough.test(remaining(choice, kept))) {
        kept.add(place, limit);
      }
    }
    kept.sort(Comparator.comparing((Limit limit) -> !limit.wanted).thenComparing(BY_COST));
    return List.copyOf(kept);
  }
}

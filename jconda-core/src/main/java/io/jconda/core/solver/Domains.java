package io.jconda.core.solver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Narrows down, choice by choice, which options are still possible, and remembers why.
 *
 * <p>It draws the conclusions that a person would: an option goes if something that it asks for has
 * nothing left; what all remaining options of a choice ask for is asked for. Choices are looked at
 * in the order in which they came up, so the reasons found are short.
 */
final class Domains {
  private static final int MOST_NARROWED = 1_000;

  /** Is what is known of one choice. */
  static final class Domain {
    final Choice choice;
    final BitSet possible;
    final List<Limit> limits = new ArrayList<>();
    boolean wanted;

    Domain(Choice choice) {
      this.choice = choice;
      this.possible = choice.all();
      this.wanted = choice.isGiven();
    }

    Domain(Domain other) {
      this.choice = other.choice;
      this.possible = (BitSet) other.possible.clone();
      this.limits.addAll(other.limits);
      this.wanted = other.wanted;
    }

    /** Returns why nothing is left of it. */
    List<Limit> reasonsForNothing() {
      return Limit.needed(choice, limits, BitSet::isEmpty, true);
    }
  }

  private final @Nullable Map<String, Set<String>> allowed;
  private final Runnable checkpoint;
  private int narrowed;
  private final Map<String, Domain> domains = new LinkedHashMap<>();
  private final Map<String, Set<String>> watchers = new HashMap<>();
  private Set<String> changed = new LinkedHashSet<>();

  /**
   * Makes domains of which nothing is known.
   *
   * @param allowed what may be looked at; null if all may
   */
  Domains(@Nullable Set<Link> allowed, Runnable checkpoint) {
    this(checkpoint, allowed == null ? null : byName(allowed));
  }

  private Domains(Runnable checkpoint, @Nullable Map<String, Set<String>> allowed) {
    this.allowed = allowed;
    this.checkpoint = checkpoint;
  }

  private static Map<String, Set<String>> byName(Set<Link> links) {
    Map<String, Set<String>> byName = new TreeMap<>();
    for (Link link : links) {
      byName.computeIfAbsent(link.from(), from -> new TreeSet<>()).add(link.to());
    }
    return byName;
  }

  /** Makes a copy that can be narrowed by itself. */
  Domains copy() {
    Domains copy = new Domains(checkpoint, allowed);
    domains.forEach((name, domain) -> copy.domains.put(name, new Domain(domain)));
    watchers.forEach((name, some) -> copy.watchers.put(name, new LinkedHashSet<>(some)));
    copy.changed.addAll(changed);
    copy.narrowed = narrowed;
    return copy;
  }

  Collection<Domain> all() {
    return domains.values();
  }

  /** Returns what may be looked at of what an option asks for. */
  List<Need> needs(Choice choice, int option) {
    if (allowed == null) {
      return choice.needs(option);
    }
    Set<String> targets = allowed.get(choice.name);
    if (targets == null) {
      return List.of();
    }
    List<Need> some = new ArrayList<>();
    for (Need need : choice.needs(option)) {
      if (targets.contains(need.target().name)) {
        some.add(need);
      }
    }
    return some;
  }

  /** Takes in a choice that is made whether something wants it or not. */
  void give(Choice choice) {
    domain(choice);
    changed.add(choice.name);
  }

  private Domain domain(Choice choice) {
    return domains.computeIfAbsent(choice.name, name -> new Domain(choice));
  }

  /** Narrows a choice; tells whether that told anything new. */
  boolean narrow(Limit limit) {
    Domain domain = domain(limit.target);
    BitSet before = (BitSet) domain.possible.clone();
    domain.possible.and(limit.accepted);
    boolean news = (limit.wanted && !domain.wanted) || !domain.possible.equals(before);
    if (news) {
      narrowed++;
      domain.limits.add(limit);
      domain.wanted |= limit.wanted;
      changed.add(domain.choice.name);
      changed.addAll(watchers.getOrDefault(domain.choice.name, Set.of()));
    }
    return news;
  }

  /**
   * Tells whether it gave up to draw conclusions, as there are more than anybody would read: where
   * thousands of versions go one by one, each because of the one before.
   */
  boolean isExhausted() {
    return narrowed >= MOST_NARROWED;
  }

  /** Draws conclusions until a choice has nothing left, which it returns, or null at the end. */
  @Nullable Domain findEmpty() {
    while (!changed.isEmpty() && !isExhausted()) {
      Set<String> round = changed;
      changed = new LinkedHashSet<>();
      for (String name : round) {
        checkpoint.run();
        Domain domain = domain(name);
        if (domain.wanted) {
          prune(domain);
          if (domain.possible.isEmpty()) {
            return domain;
          }
          pass(domain);
        }
      }
    }
    return null;
  }

  private Domain domain(String name) {
    Domain domain = domains.get(name);
    if (domain == null) {
      throw new IllegalStateException(name + " changed before it was known.");
    }
    return domain;
  }

  /** Options that fail for one reason. */
  private static final class Clash {
    final BitSet members = new BitSet();
    final Map<Integer, Need> needs = new TreeMap<>();
    final boolean isNothing;
    final String name;

    Clash(Need need) {
      this.isNothing = need.accepted().isEmpty();
      this.name = need.target().name;
    }

    boolean isConstraint() {
      return needs.values().stream().noneMatch(Need::isWanted);
    }
  }

  /** Rules out options that ask for what has nothing left; as few reasons as possible for all. */
  private void prune(Domain domain) {
    Map<List<Object>, Clash> clashes = new LinkedHashMap<>();
    for (int i : (Iterable<Integer>) domain.possible.stream()::iterator) {
      for (Need need : needs(domain.choice, i)) {
        watch(domain, need);
        if (isClash(need)) {
          List<Object> key =
              List.of(need.target().name, need.isWanted(), need.accepted().isEmpty());
          Clash clash = clashes.computeIfAbsent(key, unused -> new Clash(need));
          clash.members.set(i);
          clash.needs.put(i, need);
        }
      }
    }
    while (!clashes.isEmpty()) {
      Clash widest =
          Collections.max(
              clashes.values(),
              Comparator.comparing((Clash clash) -> clash.members.cardinality())
                  .thenComparing(clash -> clash.isNothing)
                  .thenComparing(clash -> !clash.isConstraint())
                  .thenComparing(clash -> clash.name, Comparator.reverseOrder()));
      narrow(
          Limit.pruned(
              domain.choice,
              (BitSet) widest.members.clone(),
              widest.members.stream().mapToObj(widest.needs::get).toList(),
              wantedBy(domain),
              obstacles(widest)));
      for (Clash clash : clashes.values()) {
        if (clash != widest) {
          clash.members.andNot(widest.members);
        }
      }
      clashes.values().removeIf(clash -> clash == widest || clash.members.isEmpty());
    }
  }

  private void watch(Domain domain, Need need) {
    watchers
        .computeIfAbsent(need.target().name, name -> new LinkedHashSet<>())
        .add(domain.choice.name);
  }

  private boolean isClash(Need need) {
    Domain other = domains.get(need.target().name);
    if (!need.isWanted()) {
      boolean there = need.target().isGiven() || (other != null && other.wanted);
      return there
          && !(other == null
              ? !need.accepted().isEmpty()
              : need.accepted().intersects(other.possible));
    }
    return other == null ? need.accepted().isEmpty() : !need.accepted().intersects(other.possible);
  }

  private List<Limit> obstacles(Clash clash) {
    Domain other = domains.get(clash.name);
    if (other == null || (clash.isNothing && !clash.isConstraint())) {
      return List.of();
    }
    BitSet accepted = union(clash.members.stream().mapToObj(clash.needs::get).toList());
    return Limit.needed(
        other.choice,
        other.limits,
        remaining -> !remaining.intersects(accepted),
        clash.isConstraint());
  }

  private static BitSet union(List<Need> needs) {
    BitSet union = new BitSet();
    needs.forEach(need -> union.or(need.accepted()));
    return union;
  }

  private static List<Limit> wantedBy(Domain domain) {
    return Limit.needed(domain.choice, domain.limits, remaining -> true, true);
  }

  /** Passes on what all remaining options ask for. */
  private void pass(Domain domain) {
    Map<String, List<Need>> shared = new TreeMap<>();
    Map<String, Integer> counts = new HashMap<>();
    int options = 0;
    for (int i : (Iterable<Integer>) domain.possible.stream()::iterator) {
      options++;
      for (Need need : onePerTarget(domain.choice, i).values()) {
        String name = need.target().name;
        if (options == 1 || shared.containsKey(name)) {
          shared.computeIfAbsent(name, key -> new ArrayList<>()).add(need);
          counts.merge(name, 1, Integer::sum);
        }
      }
      int count = options;
      shared.keySet().removeIf(name -> counts.getOrDefault(name, 0) < count);
    }
    for (List<Need> needs : shared.values()) {
      // A name may require something of itself, and have nothing left because of it.
      if (!domain.possible.isEmpty()) {
        passOne(domain, needs);
      }
    }
  }

  /** Returns, for each target, what an option wants of it, or else how it limits it. */
  private Map<String, Need> onePerTarget(Choice choice, int option) {
    Map<String, Need> own = new LinkedHashMap<>();
    needs(choice, option).forEach(need -> own.putIfAbsent(need.target().name, need));
    return own;
  }

  private void passOne(Domain domain, List<Need> needs) {
    Choice target = needs.get(0).target();
    BitSet accepted = union(needs);
    boolean wanted = needs.stream().allMatch(Need::isWanted);
    Domain known = domains.get(target.name);
    boolean isSubset =
        known == null ? accepted.cardinality() == target.size : isSubset(known.possible, accepted);
    if (isSubset && (!wanted || target.isGiven() || (known != null && known.wanted))) {
      return;
    }
    List<Limit> origins =
        Limit.needed(
            domain.choice,
            domain.limits,
            remaining -> asks(domain, remaining, target, accepted, wanted),
            true);
    BitSet members = Limit.remaining(domain.choice, origins);
    List<Need> all =
        members.stream()
            .mapToObj(i -> firstNeed(domain.choice, i, target))
            .filter(Objects::nonNull)
            .toList();
    narrow(Limit.passed(domain.choice, members, all, accepted, wanted, origins));
  }

  private boolean asks(
      Domain domain, BitSet options, Choice target, BitSet accepted, boolean wanted) {
    return options.stream()
        .allMatch(
            i -> {
              Need need = firstNeed(domain.choice, i, target);
              return need != null
                  && (need.isWanted() || !wanted)
                  && isSubset(need.accepted(), accepted);
            });
  }

  private static @Nullable Need firstNeed(Choice choice, int option, Choice target) {
    for (Need need : choice.needs(option)) {
      if (need.target() == target) {
        return need;
      }
    }
    return null;
  }

  private static boolean isSubset(BitSet part, BitSet whole) {
    BitSet outside = (BitSet) part.clone();
    outside.andNot(whole);
    return outside.isEmpty();
  }
}

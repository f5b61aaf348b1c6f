package io.jconda.core.solver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Narrows down, name by name, which candidates are still possible, and remembers why.
 *
 * <p>It draws the conclusions that a person would: a candidate goes if something that it requires
 * has nothing left; what all remaining candidates of a name require is required. Names are looked
 * at in the order in which they came up, so the reasons found are the shortest.
 */
final class Domains {
  /** Is one reason why candidates of a name are no longer possible; equal to itself alone. */
  static final class Limit {
    /** What it is, in words. */
    final String message;

    /** The candidates that it leaves. */
    final BitSet accepted;

    /** The reasons that led to the name that it starts from, the main one first. */
    final List<Limit> origins;

    /** The reasons that stand against it elsewhere. */
    final List<Limit> obstacles;

    Limit(String message, BitSet accepted, List<Limit> origins, List<Limit> obstacles) {
      this.message = message;
      this.accepted = accepted;
      this.origins = origins;
      this.obstacles = obstacles;
    }
  }

  /** Is what is known of one name. */
  static final class Domain {
    final Candidates candidates;
    final BitSet possible;
    final List<Limit> limits = new ArrayList<>();
    boolean wanted;

    Domain(Candidates candidates) {
      this.candidates = candidates;
      this.possible = (BitSet) candidates.all().members.clone();
    }

    Domain(Domain other) {
      this.candidates = other.candidates;
      this.possible = (BitSet) other.possible.clone();
      this.limits.addAll(other.limits);
      this.wanted = other.wanted;
    }

    /** Returns the reasons without which more would be possible, the first of all included. */
    List<Limit> relevantLimits() {
      List<Limit> relevant = new ArrayList<>(limits);
      for (int i = relevant.size() - 1; i > 0; i--) {
        Limit dropped = relevant.remove(i);
        if (!remaining(relevant).equals(possible)) {
          relevant.add(i, dropped);
        }
      }
      return relevant;
    }

    private BitSet remaining(List<Limit> some) {
      BitSet remaining = (BitSet) candidates.all().members.clone();
      some.forEach(limit -> remaining.and(limit.accepted));
      return remaining;
    }
  }

  private final Universe universe;
  private final Wording wording;
  private final Runnable checkpoint;
  private final Map<String, Domain> domains = new LinkedHashMap<>();

  Domains(Universe universe, Wording wording, Runnable checkpoint) {
    this.universe = universe;
    this.wording = wording;
    this.checkpoint = checkpoint;
  }

  /** Makes a copy that can be narrowed by itself. */
  Domains copy() {
    Domains copy = new Domains(universe, wording, checkpoint);
    domains.forEach((name, domain) -> copy.domains.put(name, new Domain(domain)));
    return copy;
  }

  List<Domain> all() {
    return List.copyOf(domains.values());
  }

  private Domain domain(Candidates candidates) {
    return domains.computeIfAbsent(candidates.name(), name -> new Domain(candidates));
  }

  /** Narrows a name; tells whether that told anything new. */
  boolean narrow(Candidates candidates, Limit limit, boolean wanted) {
    Domain domain = domain(candidates);
    BitSet before = (BitSet) domain.possible.clone();
    domain.possible.and(limit.accepted);
    boolean news = (wanted && !domain.wanted) || !domain.possible.equals(before);
    if (news) {
      // The reason why a name is wanted at all leads the chain.
      domain.limits.add(wanted && !domain.wanted ? 0 : domain.limits.size(), limit);
      domain.wanted |= wanted;
    }
    return news;
  }

  /** Draws conclusions until a name has nothing left, which it returns, or null at the end. */
  @Nullable Domain findEmpty() {
    boolean news = true;
    while (news) {
      news = false;
      for (Domain domain : all()) {
        checkpoint.run();
        if (domain.wanted && domain.possible.isEmpty()) {
          return domain;
        }
        if (domain.wanted) {
          news |= prune(domain);
          news |= !domain.possible.isEmpty() && pass(domain);
        }
      }
    }
    return null;
  }

  /** Rules out candidates that require what has nothing left. */
  private boolean prune(Domain domain) {
    Map<String, Clash> clashes = new LinkedHashMap<>();
    BitSet possible = domain.possible;
    for (int i = possible.nextSetBit(0); i >= 0; i = possible.nextSetBit(i + 1)) {
      addClash(domain.candidates, i, clashes);
    }
    for (Clash clash : clashes.values()) {
      BitSet accepted = (BitSet) domain.candidates.all().members.clone();
      accepted.andNot(clash.members);
      String message =
          "%s %s %s"
              .formatted(
                  Wording.describe(domain.candidates, clash.members),
                  clash.verb(),
                  clash.complaint());
      narrow(
          domain.candidates,
          new Limit(message, accepted, main(domain), clash.obstacles),
          domain.wanted);
    }
    return !clashes.isEmpty();
  }

  private static List<Limit> main(Domain domain) {
    return domain.limits.isEmpty() ? List.of() : List.of(domain.limits.get(0));
  }

  /** Candidates that fail for one reason. */
  private final class Clash {
    private final BitSet members = new BitSet();
    private final List<Requirement> requirements = new ArrayList<>();
    private final boolean constraint;
    private final List<Limit> obstacles;

    Clash(boolean constraint, List<Limit> obstacles) {
      this.constraint = constraint;
      this.obstacles = obstacles;
    }

    String verb() {
      return constraint
          ? Wording.verb(members, "goes only with", "go only with")
          : Wording.verb(members, "requires", "require");
    }

    String complaint() {
      Requirement first = requirements.get(0);
      if (first.problem().isPresent()) {
        return "'%s', which cannot be read: %s".formatted(first.text(), first.problem().get());
      }
      String what = wording.requirements(requirements);
      return obstacles.isEmpty()
          ? what + ", " + wording.nothingFor(first, universe.candidates(first.name()))
          : what + ", but";
    }
  }

  private void addClash(Candidates candidates, int index, Map<String, Clash> clashes) {
    for (String text : universe.depends(candidates.record(index))) {
      Requirement requirement = universe.requirement(text);
      if (!universe.isBrokenAnyway(candidates.record(index), requirement)
          && addClash(index, requirement, false, clashes)) {
        return;
      }
    }
    for (String text : universe.constrains(candidates.record(index))) {
      if (addClash(index, universe.requirement(text), true, clashes)) {
        return;
      }
    }
  }

  private boolean addClash(
      int index, Requirement requirement, boolean constraint, Map<String, Clash> clashes) {
    boolean unreadable = requirement.problem().isPresent();
    if (!unreadable && !requirement.isExactName()) {
      return false;
    }
    List<Limit> obstacles = List.of();
    String kind = "unreadable " + requirement.text();
    if (!unreadable) {
      Domain other = domains.get(requirement.name());
      if (constraint && (other == null || !other.wanted)) {
        return false;
      }
      Subset subset = universe.subsets(requirement).get(0);
      boolean fits = other == null ? !subset.isEmpty() : subset.members.intersects(other.possible);
      if (fits) {
        return false;
      }
      kind = requirement.name() + " " + subset.isEmpty();
      obstacles = subset.isEmpty() || other == null ? List.of() : other.relevantLimits();
    }
    List<Limit> found = obstacles;
    Clash clash =
        clashes.computeIfAbsent(constraint + " " + kind, key -> new Clash(constraint, found));
    clash.members.set(index);
    clash.requirements.add(requirement);
    return true;
  }

  /** Passes on what all remaining candidates require, and what all of them constrain. */
  private boolean pass(Domain domain) {
    boolean news = false;
    for (boolean wanted : new boolean[] {true, false}) {
      Map<String, List<Requirement>> shared = new TreeMap<>();
      BitSet possible = domain.possible;
      for (int i = possible.nextSetBit(0); i >= 0; i = possible.nextSetBit(i + 1)) {
        Map<String, List<Requirement>> own = ownRequirements(domain.candidates, i, wanted);
        if (i == possible.nextSetBit(0)) {
          shared.putAll(own);
        } else {
          shared.keySet().retainAll(own.keySet());
          shared.forEach((name, list) -> list.addAll(own.getOrDefault(name, List.of())));
        }
      }
      for (List<Requirement> requirements : shared.values()) {
        // A name may require something of itself, and have nothing left because of it.
        news |= !possible.isEmpty() && passOne(domain, requirements, wanted);
      }
    }
    return news;
  }

  private Map<String, List<Requirement>> ownRequirements(
      Candidates candidates, int index, boolean wanted) {
    Map<String, List<Requirement>> own = new TreeMap<>();
    var record = candidates.record(index);
    for (String text : wanted ? universe.depends(record) : universe.constrains(record)) {
      Requirement requirement = universe.requirement(text);
      // Of several specs on one name only the first is passed on: the others still prune.
      if (requirement.problem().isEmpty()
          && requirement.isExactName()
          && !universe.isBrokenAnyway(record, requirement)) {
        own.computeIfAbsent(requirement.name(), name -> new ArrayList<>(List.of(requirement)));
      }
    }
    return own;
  }

  private boolean passOne(Domain domain, List<Requirement> requirements, boolean wanted) {
    Candidates target = universe.candidates(requirements.get(0).name());
    BitSet accepted = new BitSet();
    for (Requirement requirement : requirements) {
      accepted.or(universe.subsets(requirement).get(0).members);
    }
    Domain known = domains.get(target.name());
    boolean news =
        known == null || (wanted && !known.wanted) || !isSubset(known.possible, accepted);
    if (!news || (!wanted && accepted.cardinality() == target.size())) {
      return false;
    }
    String verb =
        wanted
            ? Wording.verb(domain.possible, "requires", "require")
            : Wording.verb(domain.possible, "goes only with", "go only with");
    String message =
        "%s %s %s"
            .formatted(
                Wording.describe(domain.candidates, domain.possible),
                verb,
                wording.requirements(requirements));
    return narrow(target, new Limit(message, accepted, domain.relevantLimits(), List.of()), wanted);
  }

  private static boolean isSubset(BitSet part, BitSet whole) {
    BitSet outside = (BitSet) part.clone();
    outside.andNot(whole);
    return outside.isEmpty();
  }
}

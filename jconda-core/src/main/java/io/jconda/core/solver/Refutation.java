package io.jconda.core.solver;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** Shows that something cannot be. */
sealed interface Refutation {
  /** Adds the links that it rests on. */
  void addLinks(Set<Link> links, Set<Limit> seen);

  /**
   * Ends with a choice that has nothing left.
   *
   * @param choice what has nothing left
   * @param reasons why; the one that wants the choice stands first
   */
  record Emptied(Choice choice, List<Limit> reasons) implements Refutation {
    @Override
    public void addLinks(Set<Link> links, Set<Limit> seen) {
      reasons.forEach(reason -> reason.addLinks(links, seen));
    }
  }

  /**
   * Tries what is left of a choice, and refutes it part by part.
   *
   * @param choice what is tried
   * @param reasons why nothing else is left of it; the one that wants the choice stands first
   * @param branches the parts
   */
  record Split(Choice choice, List<Limit> reasons, List<Branch> branches) implements Refutation {
    @Override
    public void addLinks(Set<Link> links, Set<Limit> seen) {
      reasons.forEach(reason -> reason.addLinks(links, seen));
      branches.forEach(branch -> branch.refutation.addLinks(links, seen));
    }
  }

  /**
   * Is one part of what is tried.
   *
   * @param options the options that fail alike
   * @param assumption says that it is one of these
   * @param refutation why it is none of these
   */
  record Branch(BitSet options, Limit assumption, Refutation refutation) {}

  /**
   * Gives up: it would take too long.
   *
   * @param steps the number of steps after which it did
   * @param names what excludes each other
   * @param links what is known to lead there; none if that was not found out either
   */
  record Unfinished(int steps, List<String> names, List<Link> links) implements Refutation {
    @Override
    public void addLinks(Set<Link> links, Set<Limit> seen) {
      // It rests on nothing that is known.
    }
  }
}

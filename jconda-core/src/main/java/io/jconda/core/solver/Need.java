package io.jconda.core.solver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Is what one option of a choice, or a demand, asks of another choice.
 *
 * @param target the choice that is limited
 * @param accepted the options of it that are good enough
 * @param isWanted whether it must be made at all, or only if something else wants it
 * @param requirements the specs that say so, on one name; none where no spec does
 */
record Need(Choice target, BitSet accepted, boolean isWanted, List<Requirement> requirements) {
  /** Returns what fulfils both of two needs that have the same target. */
  Need and(Need other) {
    BitSet both = (BitSet) accepted.clone();
    both.and(other.accepted);
    List<Requirement> all = new ArrayList<>(requirements);
    all.addAll(other.requirements);
    return new Need(target, both, isWanted || other.isWanted, List.copyOf(all));
  }

  /** Tells whether specs that something fulfils one by one have nothing in common. */
  boolean isContradiction(Universe universe) {
    return requirements.size() > 1
        && accepted.isEmpty()
        && requirements.stream().noneMatch(one -> universe.subsets(one).get(0).isEmpty());
  }
}

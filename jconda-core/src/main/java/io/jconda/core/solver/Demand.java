package io.jconda.core.solver;

import org.jspecify.annotations.Nullable;

/**
 * Is one thing that a solution must fulfil.
 *
 * @param kind where it comes from
 * @param requirement what it asks for
 */
record Demand(Kind kind, Requirement requirement) {
  /** Says where a demand comes from; in the order in which they are assumed. */
  enum Kind {
    /** A record that must not move. */
    LOCKED("'%s' is locked"),
    /** An installed record that must not move because the request freezes what is installed. */
    FROZEN("'%s' is installed, and what is installed is frozen"),
    /** What the user pinned: it asks for nothing, but holds for what is there. */
    PIN("'%s' is pinned"),
    /** The installed Python's minor version, which stays unless the user names Python. */
    KEPT_PYTHON("'%s' stays, as it is installed and not named"),
    /** A spec from the environment's history. */
    REMEMBERED("'%s' was asked for earlier"),
    /** A spec that the user names now. */
    NAMED("'%s' is asked for");

    final String phrase;

    Kind(String phrase) {
      this.phrase = phrase;
    }
  }

  /**
   * Tells whether another demand is for the same. Written out, with the hash, as a JVM that has
   * just started takes 5 ms to make up those of a record.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Demand demand
        && demand.kind == kind
        && demand.requirement.equals(requirement);
  }

  @Override
  public int hashCode() {
    return requirement.hashCode();
  }

  /** Tells whether it wants a package there, and not only limits what is there. */
  boolean isWanted() {
    return kind != Kind.PIN && kind != Kind.KEPT_PYTHON;
  }

  /** Tells whether it asks for one name, whatever else is there. */
  boolean isGoal() {
    return isWanted() && requirement.isExactName() && requirement.condition().isEmpty();
  }

  /** Tells whether it is the user's own wording. */
  boolean isOwnSpec() {
    return kind == Kind.NAMED || kind == Kind.REMEMBERED || kind == Kind.PIN;
  }

  /** Says what it is, in words. */
  String describe() {
    return kind.phrase.formatted(requirement.text());
  }
}

package io.jconda.core.solver.sat;

/**
 * Drives the search: it is asked what to try next whenever everything that follows from what was
 * tried so far is known.
 *
 * <p>The engine may take back what was tried and ask again; an implementation reads where the
 * search stands from the engine, not from its own memory of what it said.
 */
@FunctionalInterface
public interface Decisions {
  /** Says that the variables without a value may all be false: what there is, is a solution. */
  int DONE = -1;

  /** Leaves the choice to the engine, which takes the variable that conflicts met most lately. */
  int BY_ACTIVITY = -2;

  /**
   * Says what to try next.
   *
   * <p>It must not add variables or clauses.
   *
   * @param engine where to read the values that hold now
   * @return a literal without a value, {@link #DONE} or {@link #BY_ACTIVITY}
   */
  int next(SatEngine engine);
}

package io.jconda.core.solver.sat;

/**
 * Makes clauses on demand: hears of each variable once, the first time that it becomes true.
 *
 * <p>It may add variables, groups and clauses to the engine. They hold for ever, also when the
 * variable's value is taken back, so a clause that is due to the variable must contain its
 * negation.
 */
@FunctionalInterface
public interface Expansion {
  /**
   * Adds what follows from the variable.
   *
   * @param variable what became true for the first time
   * @param engine where to add variables and clauses
   */
  void expand(int variable, SatEngine engine);
}

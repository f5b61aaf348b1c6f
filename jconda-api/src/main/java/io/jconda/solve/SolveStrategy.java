package io.jconda.solve;

/** Tells which versions are preferred among those that fit. */
public enum SolveStrategy {
  /** The newest version of everything. */
  HIGHEST,
  /**
   * The oldest version of everything: finds out whether the lower bounds of dependencies hold. Of
   * one version the highest build number is still the better one.
   */
  LOWEST,
  /** The oldest version of what is asked for by name, the newest of what that depends on. */
  LOWEST_DIRECT
}

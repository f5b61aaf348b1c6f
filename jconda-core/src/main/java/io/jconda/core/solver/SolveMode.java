package io.jconda.core.solver;

/** Says which of the installed records a solve may move. */
public enum SolveMode {
  /** Installed records stay where they can, also those of the requested names. */
  INSTALL,
  /** The requested names move to their best; other installed records stay where they can. */
  UPDATE,
  /** Every installed name moves to its best. */
  UPDATE_ALL,
  /**
   * What {@link SolveRequest#removals()} names leaves, with whatever depends on it and what only it
   * had needed; the rest stays as it is and nothing new comes.
   */
  REMOVE
}

package io.jconda;

import io.jconda.solve.Conflict;

/** Signals that no set of packages fulfils all that was asked for; {@link #conflict()} says why. */
public final class UnsatisfiableException extends CondaException {
  private final transient Conflict conflict;

  /**
   * Creates an exception.
   *
   * @param conflict why there is no solution
   * @param remedy what the caller can do about it
   */
  public UnsatisfiableException(Conflict conflict, String remedy) {
    super(conflict.toString(), remedy);
    this.conflict = conflict;
  }

  /** Returns the explanation, as data and (by its {@code toString()}) as text. */
  public Conflict conflict() {
    return conflict;
  }
}

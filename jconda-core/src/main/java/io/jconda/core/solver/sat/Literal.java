package io.jconda.core.solver.sat;

/**
 * Encodes literals as ints: {@code 2 * variable} says that the variable is true, {@code 2 *
 * variable + 1} that it is false.
 */
public final class Literal {
  private Literal() {}

  /** Returns the literal that says that the variable is true. */
  public static int positive(int variable) {
    return variable << 1;
  }

  /** Returns the literal that says that the variable is false. */
  public static int negative(int variable) {
    return variable << 1 | 1;
  }

  /** Returns the opposite literal. */
  public static int not(int literal) {
    return literal ^ 1;
  }

  /** Returns the variable that the literal speaks of. */
  public static int variable(int literal) {
    return literal >> 1;
  }

  /** Tells whether the literal says that its variable is true. */
  public static boolean isPositive(int literal) {
    return (literal & 1) == 0;
  }
}

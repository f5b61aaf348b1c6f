package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that JConda could not do what was asked; the root of its one family of unchecked
 * exceptions.
 *
 * <p>The message says what happened, to what (a spec, a URL, a path), and ends with what to do
 * about it; {@link #remedy()} gives that last part alone. No message of the family ever holds a
 * password or a token. Unless a subclass says otherwise nothing half-made is left on disk when one
 * of these is thrown.
 */
public class CondaException extends RuntimeException {
  private final String problem;
  private final String remedy;

  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what; a full sentence
   * @param remedy what the caller can do about it; a full sentence
   */
  public CondaException(String problem, String remedy) {
    this(problem, remedy, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what; a full sentence
   * @param remedy what the caller can do about it; a full sentence
   * @param cause what brought it about, or null where nothing else did
   */
  public CondaException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem + " " + remedy, cause);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** Returns what happened, and to what, without the remedy. */
  public final String problem() {
    return problem;
  }

  /** Returns what the caller can do about it. */
  public final String remedy() {
    return remedy;
  }
}

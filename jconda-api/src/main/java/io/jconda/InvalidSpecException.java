package io.jconda;

/**
 * Signals that a version, a version spec or a match spec cannot be read.
 *
 * <p>The message shows the text with a caret under the character where reading stopped.
 */
public final class InvalidSpecException extends CondaException {
  private final String text;
  private final int position;

  /**
   * Creates an exception.
   *
   * @param text the whole text that was to be read
   * @param position the index in {@code text} of the offending character, {@code text.length()} if
   *     more was expected
   * @param problem what is wrong there, a phrase without a full stop
   * @param remedy what to write instead; a full sentence
   */
  public InvalidSpecException(String text, int position, String problem, String remedy) {
    super(describe(text, position, problem), remedy);
    this.text = text;
    this.position = position;
  }

  private static String describe(String text, int position, String problem) {
    return "Cannot read '%s': %s (at character %d).%n  %s%n  %s^%n"
        .formatted(text, problem, position + 1, text, " ".repeat(position));
  }

  /** Returns the whole text that was to be read. */
  public String text() {
    return text;
  }

  /**
   * Returns the index in {@link #text()} of the offending character; its length if more was
   * expected.
   */
  public int position() {
    return position;
  }
}

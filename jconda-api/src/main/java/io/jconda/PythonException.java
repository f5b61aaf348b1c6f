package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that code in a {@link io.jconda.process.PythonWorker} raised an exception that nothing
 * caught there. The worker goes on.
 *
 * <p>Where a {@link io.jconda.process.JavaFunction} failed first, what it threw is the cause.
 */
public final class PythonException extends CondaException {
  private final String pythonType;
  private final String pythonMessage;
  private final String traceback;

  /**
   * Creates an exception.
   *
   * @param pythonType the name of its class in Python, with its module unless it is built in
   * @param pythonMessage its text
   * @param traceback what Python would have printed
   * @param cause what a Java function threw, or null
   */
  public PythonException(
      String pythonType, String pythonMessage, String traceback, @Nullable Throwable cause) {
    super(
        "Python raised %s%s%s"
            .formatted(
                pythonType,
                pythonMessage.isEmpty() ? "." : ": " + pythonMessage,
                traceback.isBlank() ? "" : "\n" + traceback.stripTrailing() + "\n"),
        "Read the traceback from its end: the last line says what, those above say where.",
        cause);
    this.pythonType = pythonType;
    this.pythonMessage = pythonMessage;
    this.traceback = traceback;
  }

  /** Returns the name of its class, such as {@code ValueError} or {@code json.JSONDecodeError}. */
  public String pythonType() {
    return pythonType;
  }

  /** Returns its text; may be empty. */
  public String pythonMessage() {
    return pythonMessage;
  }

  /** Returns the whole traceback, as Python prints it. */
  public String traceback() {
    return traceback;
  }
}

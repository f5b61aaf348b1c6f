package io.jconda;

import io.jconda.spec.UrlSecrets;
import java.util.List;

/** Signals that a command ran and ended with an exit code other than 0, or could not be started. */
public final class CommandFailedException extends CondaException {
  private final List<String> command;
  private final int exitCode;
  private final String stderrTail;

  /**
   * Creates an exception.
   *
   * @param command the program and its arguments
   * @param exitCode what it ended with; -1 if it never started
   * @param stderrTail the last lines that it wrote to its standard error
   * @param remedy what the caller can do about it
   */
  public CommandFailedException(
      List<String> command, int exitCode, String stderrTail, String remedy) {
    super(
        "The command %s %s.%s"
            .formatted(
                command.stream().map(UrlSecrets::masked).toList(),
                exitCode < 0 ? "could not be started" : "ended with exit code " + exitCode,
                stderrTail.isBlank()
                    ? ""
                    : " It said last: " + UrlSecrets.masked(stderrTail).strip()),
        remedy);
    this.command = command.stream().map(UrlSecrets::masked).toList();
    this.exitCode = exitCode;
    this.stderrTail = UrlSecrets.masked(stderrTail);
  }

  /** Returns the program and its arguments; passwords and tokens in URLs are covered. */
  public List<String> command() {
    return command;
  }

  /** Returns what the command ended with; -1 if it never started. */
  public int exitCode() {
    return exitCode;
  }

  /**
   * Returns the last lines that the command wrote to its standard error; may be empty. Passwords
   * and tokens in URLs are covered.
   */
  public String stderrTail() {
    return stderrTail;
  }
}

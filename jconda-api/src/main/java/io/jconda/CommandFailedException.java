package io.jconda;

import java.util.List;
import java.util.regex.Pattern;

/** Signals that a command ran and ended with an exit code other than 0, or could not be started. */
public final class CommandFailedException extends CondaException {
  /** User and password in a URL, which no message may show. */
  private static final Pattern CREDENTIALS = Pattern.compile("://[^/@\\s]+@");

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
                command.stream()
                    .map(part -> CREDENTIALS.matcher(part).replaceAll("://***@"))
                    .toList(),
                exitCode < 0 ? "could not be started" : "ended with exit code " + exitCode,
                stderrTail.isBlank() ? "" : " It said last: " + stderrTail.strip()),
        remedy);
    this.command = List.copyOf(command);
    this.exitCode = exitCode;
    this.stderrTail = stderrTail;
  }

  /** Returns the program and its arguments. */
  public List<String> command() {
    return command;
  }

  /** Returns what the command ended with; -1 if it never started. */
  public int exitCode() {
    return exitCode;
  }

  /** Returns the last lines that the command wrote to its standard error; may be empty. */
  public String stderrTail() {
    return stderrTail;
  }
}

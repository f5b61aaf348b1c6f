package io.jconda.process;

import io.jconda.CheckReturnValue;
import io.jconda.CommandFailedException;
import io.jconda.spec.UrlSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Holds what a command said and how it ended. Immutable.
 *
 * <p>An exit code other than 0 is a result, not a failure: {@link #orThrow()} makes it one.
 */
public final class CommandResult {
  private static final int TAIL_LINES = 20;

  private final List<String> command;
  private final int exitCode;
  private final String stdout;
  private final String stderr;
  private final boolean truncated;
  private final Duration duration;

  private CommandResult(Builder builder) {
    this.command = builder.command;
    this.exitCode = builder.exitCode;
    this.stdout = builder.stdout;
    this.stderr = builder.stderr;
    this.truncated = builder.truncated;
    this.duration = builder.duration;
  }

  /**
   * Starts a result that ended with 0, said nothing and took no time.
   *
   * @param command the program and its arguments
   */
  public static Builder builder(List<String> command) {
    return new Builder(command);
  }

  /** Returns the program and its arguments, as they were asked for. */
  public List<String> command() {
    return command;
  }

  /**
   * Returns what the program ended with. On Linux and macOS a program that a signal ended has 128
   * plus the signal's number, such as 137 for {@code SIGKILL}.
   */
  public int exitCode() {
    return exitCode;
  }

  /** Tells whether the exit code is 0. */
  public boolean isSuccess() {
    return exitCode == 0;
  }

  /** Returns what it wrote to its standard output, line ends and all; empty if not captured. */
  public String stdout() {
    return stdout;
  }

  /**
   * Returns what it wrote to its standard error; empty if not captured or merged into {@link
   * #stdout()}.
   */
  public String stderr() {
    return stderr;
  }

  /**
   * Tells whether it wrote more than {@link Command#maxOutput} allows, so that a line in {@link
   * #stdout()} or {@link #stderr()} stands for what was left out of the middle.
   */
  public boolean truncated() {
    return truncated;
  }

  /** Returns how long it ran, from its start to its end. */
  public Duration duration() {
    return duration;
  }

  /**
   * Returns this result if the exit code is 0.
   *
   * @throws CommandFailedException otherwise, with the last lines of the standard error, or of the
   *     standard output where nothing was written to the standard error
   */
  public CommandResult orThrow() {
    if (exitCode == 0) {
      return this;
    }
    throw new CommandFailedException(
        command,
        exitCode,
        tail(stderr.isBlank() ? stdout : stderr),
        "Read what the program says; its whole output is in the CommandResult.");
  }

  private static String tail(String text) {
    List<String> lines = text.strip().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommandResult that
        && command.equals(that.command)
        && exitCode == that.exitCode
        && stdout.equals(that.stdout)
        && stderr.equals(that.stderr)
        && truncated == that.truncated
        && duration.equals(that.duration);
  }

  @Override
  public int hashCode() {
    return Objects.hash(command, exitCode, stdout, stderr, truncated, duration);
  }

  /**
   * Returns one line without secrets: the command, how it ended, how long it took and how much it
   * said.
   */
  @Override
  public String toString() {
    return "%s ended with %d after %d ms (%d characters out, %d characters err)"
        .formatted(
            command.stream().map(UrlSecrets::masked).toList(),
            exitCode,
            duration.toMillis(),
            stdout.length(),
            stderr.length());
  }

  /** Collects a result. Not thread-safe. */
  public static final class Builder {
    private final List<String> command;
    private int exitCode;
    private String stdout = "";
    private String stderr = "";
    private boolean truncated;
    private Duration duration = Duration.ZERO;

    private Builder(List<String> command) {
      this.command = List.copyOf(command);
    }

    /** Sets what the program ended with. */
    public Builder exitCode(int exitCode) {
      this.exitCode = exitCode;
      return this;
    }

    /** Sets what it wrote to its standard output. */
    public Builder stdout(String stdout) {
      this.stdout = Objects.requireNonNull(stdout);
      return this;
    }

    /** Sets what it wrote to its standard error. */
    public Builder stderr(String stderr) {
      this.stderr = Objects.requireNonNull(stderr);
      return this;
    }

    /** Sets whether a part of its output was left out. */
    public Builder truncated(boolean truncated) {
      this.truncated = truncated;
      return this;
    }

    /** Sets how long it ran. */
    public Builder duration(Duration duration) {
      this.duration = Objects.requireNonNull(duration);
      return this;
    }

    /** Makes the result. */
    @CheckReturnValue
    public CommandResult build() {
      return new CommandResult(this);
    }
  }
}

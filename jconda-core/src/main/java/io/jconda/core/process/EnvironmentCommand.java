package io.jconda.core.process;

import io.jconda.Operation;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.RunningCommand;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Is a command that a {@link CommandRunner} runs. */
final class EnvironmentCommand implements Command {
  private final CommandRunner runner;
  private final Surroundings surroundings;
  private final CommandSettings settings;

  EnvironmentCommand(CommandRunner runner, Surroundings surroundings, CommandSettings settings) {
    this.runner = runner;
    this.surroundings = surroundings;
    this.settings = settings;
  }

  private Command with(CommandSettings changed) {
    return new EnvironmentCommand(runner, surroundings, changed);
  }

  @Override
  public List<String> line() {
    return settings.line();
  }

  @Override
  public Command directory(Path directory) {
    return with(settings.withDirectory(Objects.requireNonNull(directory)));
  }

  @Override
  public Command variable(String name, String value) {
    requireName(name);
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("The value of '%s' holds a NUL.".formatted(name));
    }
    return with(settings.withOverride(name, Optional.of(value)));
  }

  @Override
  public Command withoutVariable(String name) {
    requireName(name);
    return with(settings.withOverride(name, Optional.empty()));
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "'%s' is no name of a variable: it is empty, or holds '=' or NUL.".formatted(name));
    }
  }

  @Override
  public Command stdin(String text) {
    return with(settings.withStdin(Objects.requireNonNull(text), null));
  }

  @Override
  public Command stdin(Path file) {
    return with(settings.withStdin(null, Objects.requireNonNull(file)));
  }

  @Override
  public Command charset(Charset charset) {
    return with(settings.withCharset(Objects.requireNonNull(charset)));
  }

  @Override
  public Command mergeErrors() {
    require(settings.onErrorLine() == null, "Errors are listened to: they cannot be merged.");
    return with(settings.withMergedErrors());
  }

  @Override
  public Command onLine(Consumer<String> listener) {
    require(!settings.inheritsIO(), "The output is inherited: there is nothing to hear.");
    return with(settings.withListeners(Objects.requireNonNull(listener), settings.onErrorLine()));
  }

  @Override
  public Command onErrorLine(Consumer<String> listener) {
    require(!settings.inheritsIO(), "The output is inherited: there is nothing to hear.");
    require(!settings.mergesErrors(), "Errors are merged: listen with onLine.");
    return with(settings.withListeners(settings.onLine(), Objects.requireNonNull(listener)));
  }

  @Override
  public Command inheritIO() {
    require(!settings.isListenedTo(), "The output is listened to: it cannot be inherited.");
    return with(settings.withInheritedIO());
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  @Override
  public Command maxOutput(long bytes) {
    if (bytes < 2) {
      throw new IllegalArgumentException("At least 2 bytes must be kept, not " + bytes + ".");
    }
    return with(settings.withMaxOutput(bytes));
  }

  @Override
  public Command timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A time limit must be positive, not " + limit + ".");
    }
    return with(settings.withTimeout(limit));
  }

  @Override
  public CommandResult run() {
    return run(surroundings.context().token());
  }

  private CommandResult run(CancellationToken token) {
    return CommandRun.toItsEnd(
        settings, runner.start(settings, surroundings, token, settings.isListenedTo()));
  }

  @Override
  public RunningCommand start() {
    require(
        !settings.isListenedTo(), "Lines are listened to: who starts a command reads its streams.");
    RunningProcess process =
        runner.start(settings, surroundings, surroundings.context().token(), true);
    process.feed();
    process.watch();
    return process;
  }

  @Override
  public Operation<CommandResult> runAsync() {
    return runner.async(surroundings.context().token(), this::run);
  }

  /** Returns the program and its arguments. */
  @Override
  public String toString() {
    return String.join(" ", settings.line());
  }
}

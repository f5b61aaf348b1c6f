package io.jconda.core.process;

import io.jconda.Operation;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.RunningCommand;
import io.jconda.spec.UrlSecrets;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Objects.requireNonNull(directory);
    return with(settings.with(draft -> draft.directory = directory));
  }

  @Override
  public Command variable(String name, String value) {
    requireName(name);
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("The value of '%s' holds a NUL.".formatted(name));
    }
    return withOverride(name, Optional.of(value));
  }

  @Override
  public Command withoutVariable(String name) {
    requireName(name);
    return withOverride(name, Optional.empty());
  }

  private Command withOverride(String name, Optional<String> value) {
    Map<String, Optional<String>> overrides = new LinkedHashMap<>(settings.overrides());
    overrides.put(name, value);
    return with(settings.with(draft -> draft.overrides = Collections.unmodifiableMap(overrides)));
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "'%s' is no name of a variable: it is empty, or holds '=' or NUL.".formatted(name));
    }
  }

  @Override
  public Command stdin(String text) {
    return withInput(new CommandSettings.TextInput(Objects.requireNonNull(text)));
  }

  @Override
  public Command stdin(Path file) {
    return withInput(new CommandSettings.FileInput(Objects.requireNonNull(file)));
  }

  @Override
  public Command stdin(InputStream stream) {
    return withInput(new CommandSettings.StreamInput(Objects.requireNonNull(stream)));
  }

  private Command withInput(CommandSettings.Input input) {
    return with(settings.with(draft -> draft.input = input));
  }

  @Override
  public Command charset(Charset charset) {
    Objects.requireNonNull(charset);
    return with(settings.with(draft -> draft.charset = charset));
  }

  @Override
  public Command mergeErrors() {
    require(settings.onErrorLine() == null, "Errors are listened to: they cannot be merged.");
    return with(settings.with(draft -> draft.mergesErrors = true));
  }

  @Override
  public Command onLine(Consumer<String> listener) {
    requireCaptured();
    Objects.requireNonNull(listener);
    return with(settings.with(draft -> draft.onLine = listener));
  }

  @Override
  public Command onErrorLine(Consumer<String> listener) {
    requireCaptured();
    require(!settings.mergesErrors(), "Errors are merged: listen with onLine.");
    Objects.requireNonNull(listener);
    return with(settings.with(draft -> draft.onErrorLine = listener));
  }

  @Override
  public Command teeTo(Path file) {
    requireCaptured();
    Objects.requireNonNull(file);
    return with(settings.with(draft -> draft.teeFile = file));
  }

  @Override
  public Command logTo(String logger) {
    requireCaptured();
    Objects.requireNonNull(logger);
    return with(settings.with(draft -> draft.logName = logger));
  }

  private void requireCaptured() {
    require(!settings.inheritsIO(), "The output is inherited: there is nothing to hear.");
  }

  @Override
  public Command inheritIO() {
    require(!settings.isFollowed(), "The output is listened to: it cannot be inherited.");
    return with(settings.with(draft -> draft.inheritsIO = true));
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
    return with(settings.with(draft -> draft.maxOutput = bytes));
  }

  @Override
  public Command timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A time limit must be positive, not " + limit + ".");
    }
    return with(settings.with(draft -> draft.timeout = limit));
  }

  @Override
  public CommandResult run() {
    return run(surroundings.context().token());
  }

  private CommandResult run(CancellationToken token) {
    return CommandRun.toItsEnd(
        settings, runner, runner.start(settings, surroundings, token, settings.isListenedTo()));
  }

  @Override
  public RunningCommand start() {
    require(
        !settings.isFollowed(),
        "The output is listened to: who starts a command reads its streams.");
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

  /** Returns the program and its arguments; passwords and tokens in URLs are covered. */
  @Override
  public String toString() {
    return UrlSecrets.masked(String.join(" ", settings.line()));
  }
}

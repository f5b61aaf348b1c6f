package io.jconda.core.process;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.SharedFolder;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.core.util.WorkOperation;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Starts the programs of a client and knows those that run. Thread-safe.
 *
 * <p>{@link #close} ends them all; so does the guard when the JVM is gone.
 */
public final class CommandRunner implements AutoCloseable {
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Map<String, String> parentEnvironment;
  private final Executor executor;
  private final Disk disk;
  private final Set<RunningProcess> running = ConcurrentHashMap.newKeySet();
  private final String cookie = Guard.ofThisJvm().newRunnerCookie();
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong folders = new AtomicLong();
  private volatile boolean closed;

  /**
   * Makes a runner; no process and no thread comes of it.
   *
   * @param parentEnvironment what commands inherit before activation, such as {@link
   *     System#getenv()}
   * @param executor what {@code runAsync} runs on
   */
  public CommandRunner(Map<String, String> parentEnvironment, Executor executor) {
    this(parentEnvironment, executor, Disk.real());
  }

  /**
   * Makes a runner that writes copies of output to a disk.
   *
   * @param parentEnvironment what commands inherit before activation
   * @param executor what {@code runAsync} runs on
   * @param disk what {@link Command#teeTo} writes to
   */
  public CommandRunner(Map<String, String> parentEnvironment, Executor executor, Disk disk) {
    this.disk = disk;
    this.parentEnvironment = Map.copyOf(parentEnvironment);
    this.executor = executor;
  }

  /**
   * Names folders in shared memory for one process that this runner starts; nothing is written yet.
   * They are deleted by whoever asked for them, else with the JVM.
   */
  public SharedFolder newSharedFolder() {
    String name = cookie.substring(cookie.lastIndexOf('.') + 1) + "." + folders.incrementAndGet();
    return Guard.ofThisJvm().sharedFolder(disk, name);
  }

  Disk disk() {
    return disk;
  }

  /** Returns what commands inherit before activation. */
  public Map<String, String> parentEnvironment() {
    return parentEnvironment;
  }

  /**
   * Describes a command; nothing is looked for or started yet.
   *
   * @param prefix the environment
   * @param activation what makes it active, made for {@link #parentEnvironment()}
   * @param line the program and its arguments
   * @param context the operation that the command belongs to; its cancellation ends the command
   * @throws IllegalArgumentException if the line is empty or holds a NUL
   */
  public Command command(
      Path prefix, Activation activation, List<String> line, OperationContext context) {
    return command(prefix, activation, parentEnvironment, line, context);
  }

  /** Describes a command that inherits other variables than those of {@link #parentEnvironment}. */
  Command command(
      Path prefix,
      Activation activation,
      Map<String, String> parent,
      List<String> line,
      OperationContext context) {
    if (line.isEmpty() || line.get(0).isEmpty()) {
      throw new IllegalArgumentException("A command needs a program.");
    }
    for (String part : line) {
      if (part.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "A part of the command holds a NUL: '%s'".formatted(part));
      }
    }
    return new EnvironmentCommand(
        this,
        new Surroundings(prefix, activation, parent, context),
        CommandSettings.of(List.copyOf(line)));
  }

  /**
   * Starts a program.
   *
   * @param live whether somebody wants its output as it comes
   */
  RunningProcess start(
      CommandSettings settings, Surroundings surroundings, CancellationToken token, boolean live) {
    token.throwIfCancelled();
    throwIfClosed();
    Path directory = directory(settings, surroundings);
    Map<String, String> environment = environment(settings, surroundings, live);
    Path program =
        new ProgramFinder(
                surroundings.activation().platform(),
                surroundings.activation().pathEntries(),
                environment)
            .find(settings.line(), directory);
    Guard.ofThisJvm().ensureStarted();
    String commandCookie = cookie + "." + commands.incrementAndGet();
    environment.put(Guard.VARIABLE, Guard.value(commandCookie));

    List<String> line = new ArrayList<>(settings.line());
    line.set(0, program.toString());
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    redirect(builder, settings);
    RunningProcess process;
    try {
      process =
          new RunningProcess(settings, builder.start(), commandCookie, token, running::remove);
    } catch (IOException e) {
      throw new CommandFailedException(
          settings.line(),
          -1,
          String.valueOf(e.getMessage()),
          "Check that %s is a program for this machine.".formatted(program));
    }
    running.add(process);
    if (closed) {
      process.endWithRunner();
      throwIfClosed();
    }
    return process;
  }

  private void throwIfClosed() {
    if (closed) {
      throw new CondaException(
          "The client is closed: it starts no more commands.",
          "Keep the client open while its environments are used.");
    }
  }

  private static Path directory(CommandSettings settings, Surroundings surroundings) {
    Path directory = settings.directory();
    if (directory == null) {
      return Path.of("").toAbsolutePath();
    }
    if (!Files.isDirectory(directory)) {
      throw new CondaException(
          "A command for %s cannot start in %s, which is no folder."
              .formatted(surroundings.prefix(), directory),
          "Create the folder first, or name another one.");
    }
    return directory.toAbsolutePath();
  }

  private Map<String, String> environment(
      CommandSettings settings, Surroundings surroundings, boolean live) {
    Activation activation = surroundings.activation();
    Map<String, String> environment = activation.applyTo(surroundings.parent());
    if (!settings.inheritsIO()) {
      set(environment, activation, "PYTHONIOENCODING", settings.charset().name());
      if (live) {
        // Python writes to a pipe in blocks of 8 KiB: lines would come long after they are printed
        set(environment, activation, "PYTHONUNBUFFERED", "1");
      }
    }
    settings
        .overrides()
        .forEach(
            (name, value) ->
                value.ifPresentOrElse(
                    text -> environment.put(name, text), () -> environment.remove(name)));
    return environment;
  }

  private static void set(
      Map<String, String> environment, Activation activation, String name, String value) {
    if (!activation.variables().containsKey(name)) {
      environment.put(name, value);
    }
  }

  private static void redirect(ProcessBuilder builder, CommandSettings settings) {
    if (settings.inheritsIO()) {
      builder.inheritIO();
    }
    builder.redirectErrorStream(settings.mergesErrors());
    if (settings.input() instanceof CommandSettings.FileInput input) {
      Path file = input.file();
      if (!Files.isReadable(file)) {
        throw DiskFailure.explain(
            "give the command its standard input",
            file,
            Files.exists(file)
                ? new AccessDeniedException(file.toString())
                : new NoSuchFileException(file.toString()));
      }
      builder.redirectInput(Redirect.from(file.toFile()));
    } else if (!(settings.input() instanceof CommandSettings.NoInput)) {
      builder.redirectInput(Redirect.PIPE);
    }
  }

  Operation<CommandResult> async(
      CancellationToken parent, Function<CancellationToken, CommandResult> work) {
    // a token of its own: to cancel one command must not cancel what it belongs to
    Duration remaining = parent.remaining();
    CancellationToken token =
        remaining.compareTo(FOR_EVER) < 0
            ? CancellationToken.withTimeout(remaining)
            : CancellationToken.create();
    WorkOperation<CommandResult> operation =
        WorkOperation.start(executor, token, () -> work.apply(token));
    CancellationToken.Registration registration =
        parent.onCancel(() -> token.cancel("the operation that it belongs to was cancelled"));
    return operation.onEnd(registration::close);
  }

  /**
   * Ends every command that runs, with all that it started, and what commands that have ended left
   * in the background (on Windows and macOS that goes on; there the guard ends it with the JVM, if
   * it can). Blocks until they are gone.
   */
  @Override
  public void close() {
    closed = true;
    running.forEach(RunningProcess::endWithRunner);
    if (commands.get() > 0) {
      ProcessTree.ofCarriers(cookie).end();
    }
  }
}

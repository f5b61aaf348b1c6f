package io.jconda.core.pip;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the pip of environments, as a part of an operation. Thread-safe. */
public final class PipRunner {
  /**
   * What pip shall never do here: install outside the environment, ask for a virtual environment,
   * draw bars into a pipe, or teach the root user. As variables, because a pip that does not know
   * one of them ignores it.
   */
  private static final Map<String, String> MANNERS =
      Map.of(
          "PIP_USER", "0",
          "PIP_REQUIRE_VIRTUALENV", "0",
          "PIP_PROGRESS_BAR", "off",
          "PIP_ROOT_USER_ACTION", "ignore",
          "PIP_NO_COLOR", "1");

  private final CommandRunner runner;

  /** Makes a runner of pips on a runner of commands. */
  public PipRunner(CommandRunner runner) {
    this.runner = runner;
  }

  /**
   * Installs requirements. Blocks; pip's lines are events of phase {@code PIP}.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public CommandResult install(
      PipTarget target, PipOptions options, List<String> requirements, OperationContext context) {
    if (requirements.isEmpty()) {
      throw new IllegalArgumentException("Name at least one requirement to install.");
    }
    List<String> arguments = new ArrayList<>(List.of("install"));
    if (options.noIndex() || options.offline()) {
      arguments.add("--no-index");
    }
    options
        .findLinks()
        .forEach(folder -> arguments.addAll(List.of("--find-links", folder.toString())));
    arguments.addAll(options.arguments());
    arguments.addAll(requirements);
    return inPhase(target, options, arguments, context);
  }

  /**
   * Uninstalls distributions. Blocks; pip's lines are events of phase {@code PIP}.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public CommandResult uninstall(
      PipTarget target, PipOptions options, List<String> names, OperationContext context) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("Name at least one distribution to uninstall.");
    }
    List<String> arguments = new ArrayList<>(List.of("uninstall", "--yes"));
    arguments.addAll(options.arguments());
    arguments.addAll(names);
    return inPhase(target, options, arguments, context);
  }

  /**
   * Returns the lines of {@code pip freeze}. Blocks.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public List<String> freeze(PipTarget target, PipOptions options, OperationContext context) {
    List<String> arguments = new ArrayList<>(List.of("freeze"));
    arguments.addAll(options.arguments());
    return command(target, options, arguments, context).run().orThrow().stdout().lines().toList();
  }

  private CommandResult inPhase(
      PipTarget target, PipOptions options, List<String> arguments, OperationContext context) {
    Command command = command(target, options, arguments, context);
    Consumer<String> tell =
        line -> context.events().emit(n -> new ProgressEvent.OutputLine(n, line));
    context.events().emit(n -> new ProgressEvent.PhaseStarted(n, Phase.PIP, -1, -1));
    CommandResult result = command.onLine(tell).onErrorLine(tell).run().orThrow();
    Duration elapsed = result.duration();
    context.events().emit(n -> new ProgressEvent.PhaseFinished(n, Phase.PIP, elapsed));
    return result;
  }

  private Command command(
      PipTarget target, PipOptions options, List<String> arguments, OperationContext context) {
    requirePip(target);
    List<String> line = new ArrayList<>();
    line.addAll(List.of(target.python().toString(), "-m", "pip"));
    line.addAll(List.of("--disable-pip-version-check", "--no-input"));
    line.addAll(arguments);
    Activation activation = target.activation().apply(context);
    Command command = runner.command(target.prefix(), activation, line, context);
    if (!options.ownConfiguration()) {
      for (String name : runner.parentEnvironment().keySet()) {
        if (name.startsWith("PIP_")) {
          command = command.withoutVariable(name);
        }
      }
      command =
          command.variable("PIP_CONFIG_FILE", target.platform().isWindows() ? "nul" : "/dev/null");
    }
    for (Map.Entry<String, String> manner : MANNERS.entrySet()) {
      command = command.variable(manner.getKey(), manner.getValue());
    }
    if (options.indexUrl().isPresent()) {
      // no argument: every user of the machine can read the arguments of a process
      command = command.variable("PIP_INDEX_URL", options.indexUrl().get().toString());
    }
    return command;
  }

  private static void requirePip(PipTarget target) {
    Path python = target.python();
    if (!Files.isExecutable(python)) {
      throw new CondaException(
          "The environment %s has no Python: %s is not there.".formatted(target.prefix(), python),
          "Install it with install(\"python\", \"pip\").");
    }
    boolean there =
        SitePackages.of(target.prefix(), target.platform())
            .filter(folder -> Files.isRegularFile(folder.resolve("pip").resolve("__main__.py")))
            .isPresent();
    if (!there) {
      throw new CondaException(
          "The environment %s has no pip.".formatted(target.prefix()),
          "Install it with install(\"pip\").");
    }
  }
}

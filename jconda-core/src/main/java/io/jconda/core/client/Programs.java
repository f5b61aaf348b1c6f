package io.jconda.core.client;

import io.jconda.Environment;
import io.jconda.InstalledDistribution;
import io.jconda.Pip;
import io.jconda.PipRequirements;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.pip.EnvironmentPip;
import io.jconda.core.pip.PipOptions;
import io.jconda.core.pip.PipOrigins;
import io.jconda.core.pip.PipRunner;
import io.jconda.core.pip.PipTarget;
import io.jconda.core.prefix.LastActivated;
import io.jconda.core.process.ActivationScripts;
import io.jconda.core.process.Activator;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.process.Interpreter;
import io.jconda.core.process.ShellActivation;
import io.jconda.core.process.worker.CorePool;
import io.jconda.core.process.worker.CoreWorker;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.ActivationOptions;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.Shell;
import io.jconda.process.WorkerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Is what runs in environments: activation, commands, pip.
 *
 * @param resources the threads and the runner of programs
 * @param disk where activations and the effect of their scripts are noted
 * @param pipConfiguration whether pip reads what its user has configured
 */
record Programs(SharedResources resources, Disk disk, boolean pipConfiguration) {
  /** Computes what activating an environment sets. */
  Activation activation(
      Environment environment, ActivationOptions options, OperationContext context) {
    LastActivated.note(environment.prefix(), disk);
    CommandRunner commands = resources.commands();
    Map<String, String> parent = options.variables().orElseGet(commands::parentEnvironment);
    Activation data =
        Activator.activate(
            environment.prefix(),
            environment.name(),
            options.platform().orElseGet(environment::platform),
            parent,
            options.isStacked());
    return new ActivationScripts(disk, commands).addTo(environment.prefix(), data, parent, context);
  }

  /** Writes what a shell has to do to enter an environment. */
  String activationScript(Environment environment, Shell shell, ActivationOptions options) {
    LastActivated.note(environment.prefix(), disk);
    return ShellActivation.activate(
        environment.prefix(),
        environment.name(),
        options.platform().orElseGet(environment::platform),
        shell,
        options.variables().orElseGet(resources.commands()::parentEnvironment),
        options.isStacked());
  }

  /** Writes what a shell has to do to leave an environment. */
  String deactivationScript(Environment environment, Shell shell, ActivationOptions options) {
    return ShellActivation.deactivate(
        environment.prefix(),
        environment.name(),
        options.platform().orElseGet(environment::platform),
        shell,
        options.variables().orElseGet(resources.commands()::parentEnvironment),
        options.isStacked());
  }

  /** Describes a command in an environment; it ends with the client if nothing ends it before. */
  Command command(Path prefix, Activation activation, List<String> line) {
    return resources.commands().command(prefix, activation, line, OperationContext.silent());
  }

  /** Starts a worker. Blocks until its Python answers. */
  PythonWorker worker(Environment environment, Activation activation, WorkerOptions options) {
    return start(environment, activation, options);
  }

  private CoreWorker start(Environment environment, Activation activation, WorkerOptions options) {
    CommandRunner commands = resources.commands();
    Path python = Interpreter.require(environment.prefix(), environment.platform());
    Command command =
        command(
            environment.prefix(),
            activation,
            List.of(python.toString(), "-c", CoreWorker.bootstrap()));
    return CoreWorker.start(command, options, commands.newSharedFolder(), resources.executor());
  }

  /** Makes a pool of workers; none is started yet. */
  PythonWorkerPool workers(
      Environment environment, Supplier<Activation> activation, int size, WorkerOptions options) {
    return new CorePool(
        size, options, () -> start(environment, activation.get(), options), resources.executor());
  }

  /** Returns the pip of an environment. */
  Pip pip(Wanted wanted, PipTarget target) {
    return new EnvironmentPip(
        pipRunner(), target, pipOptions(wanted), wanted.progress(), resources.executor());
  }

  private PipRunner pipRunner() {
    return new PipRunner(resources.commands(), disk);
  }

  private PipOptions pipOptions(Wanted wanted) {
    return PipOptions.of(wanted.offline(), pipConfiguration, wanted.timeout());
  }

  /** Lets pip install, as a part of an operation. */
  void install(
      Wanted wanted, PipTarget target, PipRequirements requirements, OperationContext context) {
    PipRunner runner = pipRunner();
    runner.bringPip(target, context);
    Locks.Held writer = target.alone().apply(context);
    try {
      CommandResult unused = runner.install(target, pipOptions(wanted), requirements, context);
    } finally {
      writer.close();
    }
  }

  /** Asks pip which archives its indexes have for distributions that are installed. */
  PipOrigins ask(
      Wanted wanted,
      PipTarget target,
      List<InstalledDistribution> distributions,
      OperationContext context) {
    Locks.Held writer = target.alone().apply(context);
    try {
      return pipRunner().ask(target, pipOptions(wanted), distributions, context);
    } finally {
      writer.close();
    }
  }
}

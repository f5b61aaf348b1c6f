package io.jconda.core.client;

import io.jconda.Environment;
import io.jconda.Pip;
import io.jconda.core.host.Disk;
import io.jconda.core.pip.EnvironmentPip;
import io.jconda.core.pip.PipOptions;
import io.jconda.core.pip.PipRunner;
import io.jconda.core.pip.PipTarget;
import io.jconda.core.process.ActivationScripts;
import io.jconda.core.process.Activator;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import java.nio.file.Path;
import java.util.List;

/**
 * Is what runs in environments: activation, commands, pip.
 *
 * @param resources the threads and the runner of programs
 * @param disk where the effect of activation scripts is remembered
 * @param pipConfiguration whether pip reads what its user has configured
 */
record Programs(SharedResources resources, Disk disk, boolean pipConfiguration) {
  /** Computes what activating an environment sets. */
  Activation activation(Environment environment, OperationContext context) {
    CommandRunner commands = resources.commands();
    Activation data =
        Activator.activate(
            environment.prefix(),
            environment.name(),
            environment.platform(),
            commands.parentEnvironment());
    return new ActivationScripts(disk, commands).addTo(environment.prefix(), data, context);
  }

  /** Describes a command in an environment; it ends with the client if nothing ends it before. */
  Command command(Path prefix, Activation activation, List<String> line) {
    return resources.commands().command(prefix, activation, line, OperationContext.silent());
  }

  /** Returns the pip of an environment. */
  Pip pip(Wanted wanted, PipTarget target) {
    return new EnvironmentPip(
        new PipRunner(resources.commands()),
        target,
        PipOptions.of(wanted.offline(), pipConfiguration),
        wanted.progress(),
        resources.executor());
  }
}

package io.jconda.core.pip;

import static java.util.stream.Collectors.joining;

import io.jconda.CondaException;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.process.Interpreter;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Calls the pip of environments: by the environment's Python, with manners, and off the network
 * where that is asked for. Thread-safe.
 */
final class PipCommand {
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

  /**
   * A proxy where nobody listens: what pip, Git or the build of a project still want to fetch
   * though they may use no index fails there at once, before a name is looked up.
   */
  private static final String NO_PROXY_AT_ALL = "http://127.0.0.1:9";

  /** What keeps pip, and what it starts, off the network. */
  private static final Map<String, String> OFFLINE =
      Map.of(
          "PIP_PROXY", NO_PROXY_AT_ALL,
          "PIP_RETRIES", "0",
          "HTTP_PROXY", NO_PROXY_AT_ALL,
          "http_proxy", NO_PROXY_AT_ALL,
          "HTTPS_PROXY", NO_PROXY_AT_ALL,
          "https_proxy", NO_PROXY_AT_ALL,
          "ALL_PROXY", NO_PROXY_AT_ALL,
          "all_proxy", NO_PROXY_AT_ALL,
          "GIT_ALLOW_PROTOCOL", "file");

  private final CommandRunner runner;

  PipCommand(CommandRunner runner) {
    this.runner = runner;
  }

  /**
   * Returns a call of pip, which may go on.
   *
   * @param arguments what follows the name of pip
   * @throws CondaException if there is no Python or no pip
   */
  Command of(
      PipTarget target, PipOptions options, List<String> arguments, OperationContext context) {
    require(target);
    List<String> line = new ArrayList<>();
    line.addAll(List.of(target.python().toString(), "-m", "pip"));
    line.addAll(List.of("--disable-pip-version-check", "--no-input"));
    line.addAll(arguments);
    Activation activation = target.activation().apply(context);
    Command command = runner.command(target.prefix(), activation, line, context);
    if (options.folder().isPresent()) {
      command = command.directory(options.folder().get());
    }
    if (!options.ownConfiguration()) {
      for (String name : runner.parentEnvironment().keySet()) {
        if (name.startsWith("PIP_")) {
          command = command.withoutVariable(name);
        }
      }
      String nothing = target.platform().isWindows() ? "nul" : "/dev/null";
      // the second holds passwords of hosts, which pip would look up by itself
      command = command.variable("PIP_CONFIG_FILE", nothing).variable("NETRC", nothing);
    }
    for (Map.Entry<String, String> manner : MANNERS.entrySet()) {
      command = command.variable(manner.getKey(), manner.getValue());
    }
    if (options.offline()) {
      for (Map.Entry<String, String> fence : OFFLINE.entrySet()) {
        command = command.variable(fence.getKey(), fence.getValue());
      }
      return command.withoutVariable("NO_PROXY").withoutVariable("no_proxy");
    }
    if (options.indexUrl().isPresent()) {
      // no argument: every user of the machine can read the arguments of a process
      command = command.variable("PIP_INDEX_URL", options.indexUrl().get().toString());
    }
    if (!options.extraIndexes().isEmpty()) {
      String all = options.extraIndexes().stream().map(URI::toString).collect(joining(" "));
      command = command.variable("PIP_EXTRA_INDEX_URL", all);
    }
    return command;
  }

  /** Tells whether the Python of an environment has a pip. */
  static boolean isThere(PipTarget target) {
    return SitePackages.of(target.prefix(), target.platform())
        .filter(folder -> Files.isRegularFile(folder.resolve("pip").resolve("__main__.py")))
        .isPresent();
  }

  /**
   * Looks whether there is a pip.
   *
   * @throws CondaException if there is no Python or no pip
   */
  static void require(PipTarget target) {
    Path python = Interpreter.require(target.prefix(), target.platform());
    if (!isThere(target)) {
      throw new CondaException(
          "The environment of %s has no pip.".formatted(python),
          "Install it with install(\"pip\").");
    }
  }
}

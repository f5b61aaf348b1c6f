package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Run a program with an environment activated; its output is passed through, its exit code handed on.")
final class RunCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Parameters(
      paramLabel = "PROGRAM",
      arity = "1..*",
      description = "The program and its arguments.")
  private List<String> command = List.of();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      Environment environment = target.request(client).open();
      String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
      return environment.command(command.get(0), arguments).inheritIO().run().exitCode();
    }
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.EnvironmentExistsException;
import io.jconda.EnvironmentRequest;
import io.jconda.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", mixinStandardHelpOptions = true, description = "Make a new environment.")
final class CreateCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Changing changing = new CommonOptions.Changing();
  @Mixin private CommonOptions.Source source = new CommonOptions.Source();
  @Mixin private SolvingOptions solving = new SolvingOptions();
  @Mixin private FileOption files = new FileOption();

  @Option(names = "--no-pyc", description = "Do not compile Python modules.")
  private boolean noPyc;

  @Option(names = "--replace", description = "Put it in the place of one that is there.")
  private boolean replace;

  @Parameters(paramLabel = "SPEC", description = "Match specs, such as python=3.13 or 'numpy>=2'.")
  private List<String> specs = new ArrayList<>();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      EnvironmentRequest request =
          solving
              .apply(files.apply(source, changing.request(client), client, specs))
              .compileBytecode(!noPyc);
      Plan plan = (replace ? request.replace() : request).plan();
      if (!plan.creates()) {
        throw new EnvironmentExistsException(
            "There is an environment at %s already.".formatted(plan.prefix()),
            "Add to it with 'install', or put a new one in its place with --replace.");
      }
      return ChangeReport.carryOut(client, plan, global, changing);
    }
  }
}

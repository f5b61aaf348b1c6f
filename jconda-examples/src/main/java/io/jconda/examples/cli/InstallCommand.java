package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = "Add packages to an environment.")
final class InstallCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Changing changing = new CommonOptions.Changing();
  @Mixin private CommonOptions.Source source = new CommonOptions.Source();
  @Mixin private SolvingOptions solving = new SolvingOptions();

  @Option(names = "--no-pyc", description = "Do not compile Python modules.")
  private boolean noPyc;

  @Parameters(paramLabel = "SPEC", arity = "1..*", description = "Match specs, such as 'numpy>=2'.")
  private List<String> specs = List.of();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      EnvironmentRequest request = changing.target().request(client);
      Environment environment = request.open();
      EnvironmentRequest wanted =
          solving
              .apply(source.apply(request, client))
              .with(specs.toArray(String[]::new))
              .compileBytecode(!noPyc);
      EnvironmentRequest same =
          wanted.platform().isPresent() ? wanted : wanted.platform(environment.platform());
      return ChangeReport.carryOut(client, same.plan(), global, changing);
    }
  }
}

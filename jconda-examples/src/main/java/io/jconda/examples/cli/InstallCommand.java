package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = "Add packages to an environment.")
final class InstallCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Changing changing = new CommonOptions.Changing();
  @Mixin private CommonOptions.Source source = new CommonOptions.Source();
  @Spec private @Nullable CommandSpec spec;
  @Mixin private SolvingOptions solving = new SolvingOptions();
  @Mixin private FileOption files = new FileOption();

  @Option(names = "--no-pyc", description = "Do not compile Python modules.")
  private boolean noPyc;

  @Parameters(paramLabel = "SPEC", description = "Match specs, such as 'numpy>=2'.")
  private List<String> specs = List.of();

  @Override
  public Integer call() {
    if (specs.isEmpty() && !files.isGiven()) {
      throw CommonOptions.usage(spec, "Say what to install: match specs, or --file FILE.");
    }
    try (CondaClient client = global.client()) {
      EnvironmentRequest request = changing.request(client);
      Environment environment = request.open();
      EnvironmentRequest wanted =
          solving.apply(files.apply(source, request, client, specs)).compileBytecode(!noPyc);
      EnvironmentRequest same =
          wanted.platform().isPresent() ? wanted : wanted.platform(environment.platform());
      return ChangeReport.carryOut(client, same.plan(), global, changing);
    }
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Bring an environment back to the packages of an earlier revision.")
final class RollbackCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Changing changing = new CommonOptions.Changing();
  @Mixin private CommonOptions.Source source = new CommonOptions.Source();

  @Parameters(paramLabel = "REVISION", description = "Its number, as 'history' shows it.")
  private int revision;

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      EnvironmentRequest request = source.apply(changing.request(client), client);
      Environment environment = request.open();
      return ChangeReport.carryOut(client, environment.planRollback(revision), global, changing);
    }
  }
}

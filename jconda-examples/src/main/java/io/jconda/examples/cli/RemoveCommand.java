package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
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
    name = "remove",
    aliases = "uninstall",
    mixinStandardHelpOptions = true,
    description = "Take packages out of an environment, or remove the whole of it.")
final class RemoveCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Changing changing = new CommonOptions.Changing();

  @Option(names = "--all", description = "Remove the environment itself.")
  private boolean all;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Installed packages.")
  private List<String> names = new ArrayList<>();

  @Override
  public Integer call() {
    if (all != names.isEmpty()) {
      throw CommonOptions.usage(
          spec, "Name packages to remove, or give --all for the environment.");
    }
    try (CondaClient client = global.client()) {
      Environment environment = changing.request(client).open();
      return all
          ? removeAll(environment)
          : ChangeReport.carryOut(
              client, environment.planUninstall(names.toArray(String[]::new)), global, changing);
    }
  }

  private int removeAll(Environment environment) {
    List<PackageRecord> packages = environment.packages();
    if (!global.json()) {
      System.out.printf("Remove %s with its %d packages.%n", environment.prefix(), packages.size());
    }
    if (!changing.dryRun()) {
      if (!global.json() && !changing.yes() && !Terminal.confirms()) {
        System.err.println("jconda: nothing was done.");
        return 1;
      }
      environment.remove();
    }
    if (global.json()) {
      System.out.println(CondaJson.removed(environment.prefix(), packages, changing.dryRun()));
    }
    return 0;
  }
}

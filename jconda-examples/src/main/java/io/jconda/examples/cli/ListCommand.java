package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.spec.PackageRecord;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the packages of an environment.")
final class ListCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      List<PackageRecord> packages = target.request(client).open().packages();
      if (global.json()) {
        System.out.println(CondaJson.list(packages));
      } else {
        packages.forEach(
            p ->
                System.out.printf(
                    "%-28s %-16s %-24s %s%n", p.name(), p.version(), p.build(), p.channel()));
      }
      return 0;
    }
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Verification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = "Bring back files of an environment that are missing or were altered.")
final class RepairCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      Verification found = target.request(client).open().repair();
      if (global.json()) {
        System.out.println(CondaJson.verification(found, true));
      } else {
        System.out.println(found);
        if (!found.isSound()) {
          System.out.println("All of them are right now.");
        }
      }
      return 0;
    }
  }
}

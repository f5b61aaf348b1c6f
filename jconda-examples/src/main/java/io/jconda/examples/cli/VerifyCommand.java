package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Verification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Find files of an environment that are missing or were altered.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      Verification found = target.request(client).open().verify();
      System.out.println(global.json() ? CondaJson.verification(found, found.isSound()) : found);
      return found.isSound() ? 0 : 1;
    }
  }
}

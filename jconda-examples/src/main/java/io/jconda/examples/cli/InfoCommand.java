package io.jconda.examples.cli;

import io.jconda.ClientInfo;
import io.jconda.CondaClient;
import io.jconda.Environment;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Tell what JConda works with on this machine.")
final class InfoCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      ClientInfo info = client.info();
      List<Environment> environments = client.environments();
      if (global.json()) {
        System.out.println(CondaJson.info(info, environments));
        return 0;
      }
      System.out.printf("jconda version    %s%n", info.version());
      System.out.printf("root              %s%n", info.root());
      System.out.printf("environments in   %s%n", info.environmentsFolder());
      System.out.printf("package cache     %s%n", info.cacheFolder());
      System.out.printf("platform          %s%n", info.platform());
      System.out.printf("channels          %s%n", info.channels());
      info.virtualPackages()
          .forEach(
              p ->
                  System.out.printf(
                      "virtual package   %s=%s=%s%n", p.name(), p.version(), p.build()));
      environments.forEach(
          e -> System.out.printf("environment       %s  %s%n", e.name(), e.prefix()));
      return 0;
    }
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Show the settings, and where they came from.")
final class ConfigCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();

  @Option(
      names = "--show",
      description = "Show the settings alone, which is done without options too.")
  private boolean show;

  @Option(names = "--show-sources", description = "Show where each setting came from too.")
  private boolean sources;

  @Parameters(paramLabel = "KEY", description = "Show these settings only.")
  private List<String> keys = new ArrayList<>();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      Configuration all = client.explain();
      Configuration asked =
          new Configuration(
              all.entries().stream()
                  .filter(entry -> keys.isEmpty() || keys.contains(entry.key()))
                  .toList());
      if (global.json()) {
        System.out.println(CondaJson.configuration(asked, sources && !show));
      } else if (sources && !show) {
        System.out.print(asked);
      } else {
        asked.entries().forEach(e -> System.out.printf("%s: %s%n", e.key(), e.value()));
      }
      return 0;
    }
  }
}

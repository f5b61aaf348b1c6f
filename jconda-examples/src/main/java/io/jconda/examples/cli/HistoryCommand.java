package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Revision;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "List the revisions of an environment.")
final class HistoryCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      List<Revision> revisions = target.request(client).open().history();
      if (global.json()) {
        System.out.println(CondaJson.history(revisions));
      } else {
        revisions.forEach(System.out::println);
      }
      return 0;
    }
  }
}

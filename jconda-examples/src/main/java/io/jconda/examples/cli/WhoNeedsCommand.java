package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "whoneeds",
    mixinStandardHelpOptions = true,
    description = "Show which packages need one, as a tree.")
final class WhoNeedsCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private QueryOptions where = new QueryOptions();
  @Mixin private QueryOptions.Installed installed = new QueryOptions.Installed();

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Levels to show (default: 1, what is direct).")
  private int depth = 1;

  @Option(
      names = {"-t", "--recursive", "--tree"},
      description = "Show all levels.")
  private boolean recursive;

  @Option(
      names = "--all",
      description = "Look at all records of a package, not at its newest version alone.")
  private boolean all;

  @Parameters(paramLabel = "SPEC", description = "The package, such as 'openssl=3'.")
  private @Nullable String spec;

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      PackageQuery query =
          installed
              .apply(where.apply(client), client)
              .depth(recursive ? Integer.MAX_VALUE : depth)
              .allRecords(all);
      PackageTree tree = query.whoNeeds(Objects.requireNonNull(spec));
      System.out.println(global.json() ? QueryJson.tree(tree) : tree.toString());
      return 0;
    }
  }
}

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
    name = "depends",
    mixinStandardHelpOptions = true,
    description = "Show what a package needs, as a tree.")
final class DependsCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private QueryOptions where = new QueryOptions();
  @Mixin private QueryOptions.Installed installed = new QueryOptions.Installed();

  @Option(names = "--depth", paramLabel = "N", description = "Levels to show (default: all).")
  private int depth = Integer.MAX_VALUE;

  @Option(names = "--solved", description = "Show what a solve would install.")
  private boolean solved;

  @Parameters(paramLabel = "SPEC", description = "The package, such as 'numpy>=2'.")
  private @Nullable String spec;

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      PackageQuery query = installed.apply(where.apply(client), client).depth(depth).solved(solved);
      PackageTree tree = query.depends(Objects.requireNonNull(spec));
      System.out.println(global.json() ? QueryJson.tree(tree) : tree.toString());
      return 0;
    }
  }
}

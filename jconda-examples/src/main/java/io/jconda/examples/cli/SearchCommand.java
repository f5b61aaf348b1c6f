package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.PackageNotFoundException;
import io.jconda.query.SearchResult;
import io.jconda.query.SearchResult.Unmatched;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Find packages in channels, the newest last.")
final class SearchCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private QueryOptions where = new QueryOptions();
  @Mixin private QueryOptions.Installed installed = new QueryOptions.Installed();

  @Parameters(
      paramLabel = "SPEC",
      arity = "1..*",
      description = "A name, a glob such as '*torch*', or a spec such as 'numpy>=2'.")
  private List<String> specs = new ArrayList<>();

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      SearchResult result =
          installed.apply(where.apply(client), client).search(specs.toArray(String[]::new));
      if (result.isEmpty()) {
        throw notFound(result);
      }
      System.out.println(global.json() ? QueryJson.search(result) : result.toString());
      return 0;
    }
  }

  /** As for conda, a search that finds nothing has failed. */
  private static PackageNotFoundException notFound(SearchResult result) {
    String specs =
        result.unmatched().stream()
            .map(one -> "'" + one.spec().source() + "'")
            .collect(Collectors.joining(", "));
    List<String> near =
        result.unmatched().stream()
            .map(Unmatched::nearNames)
            .flatMap(List::stream)
            .distinct()
            .toList();
    return new PackageNotFoundException(
        specs,
        near,
        "Nothing fits %s.".formatted(specs),
        near.isEmpty()
            ? "Check the name, or add a channel or platform."
            : "There are: %s.".formatted(String.join(", ", near)));
  }
}

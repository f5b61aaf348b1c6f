package io.jconda.examples.cli;

import io.jconda.build.ChannelIndexer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    description = "Write the indexes of a folder of packages, so that it is a channel.")
final class IndexCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FOLDER",
      description = "Holds a folder per platform with packages in it.")
  private @Nullable Path folder;

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  private boolean json;

  @Override
  public Integer call() {
    ChannelIndexer.index(Objects.requireNonNull(folder));
    System.out.println(json ? CondaJson.success() : "Indexed " + folder + ".");
    return 0;
  }
}

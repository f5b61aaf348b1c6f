package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.ExportDetail;
import io.jconda.file.LockFile;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write what an environment has, packages of pip included, as a file that 'create --file' reads.",
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of environment-yaml (unless told), conda-lock and explicit.")
  private String format = "environment-yaml";

  @Option(names = "--from-history", description = "Name only what was asked for.")
  private boolean fromHistory;

  @Option(names = "--no-builds", description = "Leave builds out.")
  private boolean noBuilds;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Write to this file instead of standard output.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    try (CondaClient client = global.client()) {
      System.out.print(answer(target.request(client).open()));
      return 0;
    }
  }

  /** Returns the text of the file, or where it was written. */
  private String answer(Environment environment) {
    return switch (format) {
      case "environment-yaml" -> {
        EnvironmentFile yaml = environment.export(detail());
        yield file == null ? yaml.toYaml() : line(yaml.write(file));
      }
      case "conda-lock" -> {
        LockFile lock = environment.lockFile();
        yield file == null ? lock.toYaml() : line(lock.write(file));
      }
      case "explicit" -> {
        LockFile lock = environment.lockFile();
        Platform platform = environment.platform();
        yield file == null ? lock.toExplicit(platform) : line(lock.writeExplicit(file, platform));
      }
      default ->
          throw CommonOptions.usage(
              spec, "'%s' is none of environment-yaml, conda-lock, explicit.".formatted(format));
    };
  }

  private static String line(Path written) {
    return written + System.lineSeparator();
  }

  private ExportDetail detail() {
    if (fromHistory) {
      return ExportDetail.REQUESTED;
    }
    return noBuilds ? ExportDetail.VERSIONS : ExportDetail.BUILDS;
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.EnvironmentRequest;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes packages from files: of which kind one is, its name and its text tell. */
final class FileOption {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = {
        "Take packages from an environment.yml, a conda-lock.yml or an explicit list.",
        "Repeatable; a lock file or explicit list stands alone."
      })
  private List<Path> files = new ArrayList<>();

  boolean isGiven() {
    return !files.isEmpty();
  }

  EnvironmentRequest apply(
      CommonOptions.Source source,
      EnvironmentRequest request,
      CondaClient client,
      List<String> specs) {
    if (files.isEmpty()) {
      return source.apply(request, client).with(specs.toArray(String[]::new));
    }
    EnvironmentRequest all =
        source.applyBeforeFile(request, client).with(specs.toArray(String[]::new));
    for (Path file : files) {
      if (isLock(file) && (files.size() > 1 || !specs.isEmpty())) {
        throw CommonOptions.usage(
            spec, "%s names every package: nothing can be asked for beside it.".formatted(file));
      }
      all = isLock(file) ? all.from(LockFile.read(file)) : all.from(EnvironmentFile.read(file));
    }
    return all;
  }

  /** CEP-37 wants "conda-lock" in the name; CEP-23 has a line that tells. */
  private static boolean isLock(Path file) {
    if (String.valueOf(file.getFileName()).contains("conda-lock")) {
      return true;
    }
    try {
      return Files.readString(file).lines().anyMatch(line -> line.strip().equals("@EXPLICIT"));
    } catch (IOException e) {
      throw new CondaException(
          "%s cannot be read (%s).".formatted(file, e), "Name a file that is there.", e);
    }
  }
}

package io.jconda.core.process;

import io.jconda.CommandFailedException;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the file of a program: in the environment's own folders first, then in the PATH. */
final class ProgramFinder {
  /** What Windows takes if PATHEXT is not set. */
  private static final String PATHEXT = ".COM;.EXE;.BAT;.CMD";

  private final Platform platform;
  private final List<Path> folders;
  private final Map<String, String> environment;

  /**
   * @param folders the environment's own folders
   * @param environment the variables that the program will have
   */
  ProgramFinder(Platform platform, List<Path> folders, Map<String, String> environment) {
    this.platform = platform;
    this.folders = folders;
    this.environment = environment;
  }

  /**
   * Finds the program of a command line.
   *
   * @param directory what a relative path is relative to
   * @throws CommandFailedException if there is none
   */
  Path find(List<String> line, Path directory) {
    String name = line.get(0);
    boolean isPath = name.contains("/") || (platform.isWindows() && name.contains("\\"));
    Optional<Path> found =
        isPath
            ? inFolder(directory, name)
            : searched().stream().flatMap(f -> in(f, name)).findFirst();
    return found.orElseThrow(
        () ->
            new CommandFailedException(
                line,
                -1,
                "",
                isPath
                    ? "'%s' is no program that may be executed; check the path.".formatted(name)
                    : "There is no program '%s' in the environment or in the PATH; install the package that brings it, or give its path."
                        .formatted(name)));
  }

  private Stream<Path> in(Path folder, String name) {
    return inFolder(folder, name).stream();
  }

  private List<Path> searched() {
    List<Path> all = new ArrayList<>(folders);
    for (String entry : variable("PATH").split(platform.isWindows() ? ";" : ":", -1)) {
      try {
        if (!entry.isEmpty()) {
          all.add(Path.of(entry));
        }
      } catch (InvalidPathException e) {
        // nothing lies in a folder that cannot exist
      }
    }
    return all;
  }

  private String variable(String name) {
    return environment.entrySet().stream()
        .filter(
            e -> platform.isWindows() ? e.getKey().equalsIgnoreCase(name) : e.getKey().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private Optional<Path> inFolder(Path folder, String name) {
    return candidates(name).stream()
        .map(folder::resolve)
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .map(file -> file.toAbsolutePath())
        .findFirst();
  }

  private List<String> candidates(String name) {
    if (!platform.isWindows()) {
      return List.of(name);
    }
    String pathExt = variable("PATHEXT");
    List<String> extensions = List.of((pathExt.isEmpty() ? PATHEXT : pathExt).split(";"));
    String lower = name.toLowerCase(Locale.ROOT);
    if (extensions.stream()
        .anyMatch(e -> !e.isEmpty() && lower.endsWith(e.toLowerCase(Locale.ROOT)))) {
      return List.of(name);
    }
    return extensions.stream().map(e -> name + e.toLowerCase(Locale.ROOT)).toList();
  }
}

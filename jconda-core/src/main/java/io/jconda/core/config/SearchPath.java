package io.jconda.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows where {@code .condarc} files lie, the weakest first (conda: {@code base/constants.py},
 * {@code SEARCH_PATH}, and {@code Configuration._expand_search_path}). mamba's {@code .mambarc} is
 * not among them: conda does not read it.
 */
final class SearchPath {
  private static final Logger LOG = LoggerFactory.getLogger(SearchPath.class);
  private static final List<String> NAMES = List.of(".condarc", "condarc", "condarc.d");
  private static final Set<String> FILE_NAMES = Set.of(".condarc", "condarc");

  private final Surroundings surroundings;
  private final Set<Path> files = new LinkedHashSet<>();

  private SearchPath(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Returns the files that are there. */
  static List<Path> files(Surroundings surroundings) {
    SearchPath path = new SearchPath(surroundings);
    path.search();
    return List.copyOf(path.files);
  }

  private void search() {
    if (surroundings.windows()) {
      lookIn(surroundings.top().resolve("ProgramData/conda"));
    } else {
      lookIn(surroundings.top().resolve("etc/conda"));
      lookIn(surroundings.top().resolve("var/lib/conda"));
    }
    surroundings.variable("CONDA_ROOT").map(Path::of).ifPresent(this::lookIn);
    surroundings
        .variable("XDG_CONFIG_HOME")
        .map(folder -> Path.of(folder, "conda"))
        .ifPresent(this::lookIn);
    lookIn(surroundings.home().resolve(".config/conda"));
    lookIn(surroundings.home().resolve(".conda"));
    take(surroundings.home().resolve(".condarc"));
    surroundings.variable("CONDA_PREFIX").map(Path::of).ifPresent(this::lookIn);
    Optional<Path> named = surroundings.variable("CONDARC").map(surroundings::path);
    if (named.isPresent() && !take(named.get())) {
      LOG.warn(
          "CONDARC names {}, which is no folder, no file '.condarc' or 'condarc' and none that ends with .yml or .yaml; it is not read.",
          named.get());
    }
  }

  private void lookIn(Path folder) {
    NAMES.forEach(name -> take(folder.resolve(name)));
  }

  private boolean take(Path path) {
    if (Files.isDirectory(path)) {
      files.addAll(inFolder(path));
      return true;
    }
    boolean fits =
        Files.isRegularFile(path)
            && (FILE_NAMES.contains(path.getFileName().toString()) || isYaml(path));
    if (fits) {
      files.add(path.toAbsolutePath().normalize());
    }
    return fits;
  }

  /** Lists a {@code condarc.d} by name; what cannot be listed is left aside, as conda does. */
  private static List<Path> inFolder(Path folder) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(file -> isYaml(file) && Files.isRegularFile(file))
          .map(file -> file.toAbsolutePath().normalize())
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .forEach(found::add);
    } catch (IOException e) {
      LOG.warn("The folder {} of configuration files cannot be listed: {}", folder, e.toString());
    }
    return found;
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return name.lastIndexOf('.') > 0 && (name.endsWith(".yml") || name.endsWith(".yaml"));
  }
}

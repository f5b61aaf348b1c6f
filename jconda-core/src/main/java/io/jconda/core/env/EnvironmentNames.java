package io.jconda.core.env;

import io.jconda.InvalidNameException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows what an environment may be called and which folder a name stands for (FACTS of CEP-32 and
 * conda: {@code base/context.py}, {@code validate_prefix_name}).
 *
 * <p>With several folders a name is looked for in each, in their order, and a new environment comes
 * into the first that can be written (conda: {@code envs_dirs}).
 *
 * @param folders where named environments lie; at least one
 */
public record EnvironmentNames(List<Path> folders) {
  private static final String FORBIDDEN = "/\\:#\"'*?<>|";
  private static final Set<String> RESERVED = Set.of("base", "root");

  /** Copies the list. */
  public EnvironmentNames {
    folders = List.copyOf(folders);
  }

  /** Returns the folder that new environments come into. */
  public Path folder() {
    Path first = folders.get(0);
    return folders.size() == 1
        ? first
        : folders.stream().filter(EnvironmentNames::isWritable).findFirst().orElse(first);
  }

  /** Looks at the folder or, where it is not made yet, at the one that it will be made in. */
  private static boolean isWritable(Path folder) {
    for (Path place = folder; place != null; place = place.getParent()) {
      if (Files.exists(place)) {
        return Files.isDirectory(place) && Files.isWritable(place);
      }
    }
    return false;
  }

  /**
   * Returns the folder that a name stands for. Looks at the disk only if there are several folders.
   *
   * @throws InvalidNameException if the name is empty or reserved, or has a character that is not
   *     allowed
   */
  public Path prefix(String name) {
    if (RESERVED.contains(name)) {
      throw new InvalidNameException(
          "The name '%s' is reserved.".formatted(name), "Choose another name for the environment.");
    }
    if (name.isEmpty() || name.startsWith(".")) {
      throw new InvalidNameException(
          "'%s' is no name for an environment: it is empty or begins with a dot.".formatted(name),
          "Choose a plain name such as 'demo', or give a path instead.");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (FORBIDDEN.indexOf(c) >= 0 || Character.isWhitespace(c) || Character.isISOControl(c)) {
        throw new InvalidNameException(
            "'%s' is no name for an environment: character %d is not allowed."
                .formatted(name, i + 1),
            "Use letters, digits, '.', '_' and '-', or give a path instead.");
      }
    }
    if (folders.size() > 1) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder.resolve(name))) {
          return folder.resolve(name);
        }
      }
    }
    return folder().resolve(name);
  }

  /** Returns the name of an environment, if its prefix lies in a folder of named ones. */
  public Optional<String> name(Path prefix) {
    return prefix.getParent() != null && folders.contains(prefix.getParent())
        ? Optional.of(prefix.getFileName().toString())
        : Optional.empty();
  }
}

package io.jconda.core.env;

import io.jconda.InvalidNameException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Knows what an environment may be called and which folder a name stands for (FACTS of CEP-32 and
 * conda: {@code base/context.py}, {@code validate_prefix_name}).
 *
 * @param folder where named environments lie
 */
public record EnvironmentNames(Path folder) {
  private static final String FORBIDDEN = "/\\:#\"'*?<>|";
  private static final Set<String> RESERVED = Set.of("base", "root");

  /**
   * Returns the folder that a name stands for.
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
    return folder.resolve(name);
  }

  /** Returns the name of an environment, if its prefix lies in the folder of named ones. */
  public Optional<String> name(Path prefix) {
    return folder.equals(prefix.getParent())
        ? Optional.of(prefix.getFileName().toString())
        : Optional.empty();
  }
}

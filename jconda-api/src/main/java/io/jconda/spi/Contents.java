package io.jconda.spi;

import io.jconda.PipRequirements;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says what an environment shall hold beside the packages that match specs ask for. An immutable
 * value: every method that sets something returns another.
 *
 * @param pip what pip installs in the end
 * @param variables what activating the environment sets
 * @param lock the file that names every package, in the place of match specs
 * @param categories which groups of the lock file's packages count
 * @param defaultChannels whether the client's channels come after those of the request in any case;
 *     otherwise they count where the request names none
 * @param warnings what is to be said of the files that this came from
 */
public record Contents(
    PipRequirements pip,
    Map<String, String> variables,
    Optional<LockFile> lock,
    Set<String> categories,
    boolean defaultChannels,
    List<String> warnings) {
  /** Is what a request holds of which nothing is said. */
  public static final Contents NONE =
      new Contents(PipRequirements.NONE, Map.of(), Optional.empty(), Set.of(), false, List.of());

  /** Copies the collections. */
  public Contents {
    variables = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    categories = Set.copyOf(categories);
    warnings = List.copyOf(warnings);
  }

  /** Tells whether match specs say all: nothing for pip, no variable, no lock file. */
  public boolean isNone() {
    // not by equals, which a record makes when it is asked first: 20 ms of a fresh JVM
    return pip.isEmpty() && variables.isEmpty() && lock.isEmpty();
  }

  /** Adds requirements for pip. */
  public Contents withPip(List<String> more) {
    return new Contents(pip.plus(more), variables, lock, categories, defaultChannels, warnings);
  }

  /**
   * Sets a variable.
   *
   * @throws IllegalArgumentException if the name is none that a process can have, or {@code PATH}
   */
  public Contents withVariable(String name, String value) {
    if (name.isEmpty()
        || name.indexOf('=') >= 0
        || name.indexOf('\0') >= 0
        || value.indexOf('\0') >= 0
        || name.equalsIgnoreCase("PATH")) {
      throw new IllegalArgumentException(
          "'%s' cannot be a variable of an environment.".formatted(name));
    }
    Map<String, String> all = new LinkedHashMap<>(variables);
    all.put(name, value);
    return new Contents(pip, all, lock, categories, defaultChannels, warnings);
  }

  /** Adds what a file says; what its dependencies and channels are is for the request. */
  public Contents withFile(EnvironmentFile file) {
    Contents all = this;
    for (Map.Entry<String, String> variable : file.variables().entrySet()) {
      all = all.withVariable(variable.getKey(), variable.getValue());
    }
    List<String> said = new ArrayList<>(warnings);
    said.addAll(file.warnings());
    PipRequirements more = pip.plus(file.pip());
    return new Contents(
        new PipRequirements(more.lines(), file.folder().or(pip::folder), more.withDependencies()),
        all.variables,
        lock,
        categories,
        defaultChannels || (file.defaultChannels() && !file.channels().isEmpty()),
        said);
  }

  /**
   * Sets the lock file.
   *
   * @param groups the categories that count; {@value LockedPackage#MAIN} if none is named
   */
  public Contents withLock(LockFile file, String... groups) {
    Set<String> chosen = groups.length == 0 ? Set.of(LockedPackage.MAIN) : Set.of(groups);
    return new Contents(pip, variables, Optional.of(file), chosen, defaultChannels, warnings);
  }
}

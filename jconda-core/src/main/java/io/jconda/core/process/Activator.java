package io.jconda.core.process;

import io.jconda.process.Activation;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Computes what makes an environment active, scripts excepted; {@link ActivationScripts} adds what
 * they do.
 *
 * <p>The rules are conda's ({@code conda: activate.py}) with two differences: what an environment
 * that is left had set is unset or restored, and what {@link Activation} names does not pass from
 * the parent.
 */
public final class Activator {
  /** Beside every {@code CONDA_…} and {@code DYLD_…}. */
  private static final List<String> LEAKS =
      List.of(
          "PYTHONHOME",
          "PYTHONPATH",
          "PYTHONSTARTUP",
          "PYTHONEXECUTABLE",
          "PYTHONPLATLIBDIR",
          "__PYVENV_LAUNCHER__",
          "VIRTUAL_ENV",
          "VIRTUAL_ENV_PROMPT",
          "LD_LIBRARY_PATH",
          "LD_PRELOAD",
          "_CE_CONDA",
          "_CE_M",
          "_CONDA_EXE",
          "_CONDA_ROOT");

  private static final Set<String> LEAKING_STARTS = Set.of("CONDA_", "DYLD_");

  private final Path prefix;
  private final Platform target;
  private final Map<String, String> parent;
  private final Activation.Builder activation;
  private final int oldLevel;
  private final Optional<Path> oldPrefix;
  private final boolean stacked;

  private Activator(
      Path prefix, Platform target, Map<String, String> parentEnvironment, boolean stacked) {
    this.stacked = stacked;
    this.prefix = prefix;
    this.target = target;
    this.parent =
        target.isWindows() ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
    this.parent.putAll(parentEnvironment);
    this.activation = Activation.builder(target);
    this.oldPrefix =
        Optional.ofNullable(parent.get("CONDA_PREFIX")).filter(p -> !p.isEmpty()).map(Path::of);
    this.oldLevel = oldPrefix.isEmpty() ? 0 : level(parent.getOrDefault("CONDA_SHLVL", ""));
  }

  private static int level(String text) {
    // what is no number counts as no environment: the child gets a sound state either way
    return text.strip().matches("[0-9]{1,4}") ? Integer.parseInt(text.strip()) : 0;
  }

  /**
   * Computes an activation. Reads a few small files of the prefix; starts no process.
   *
   * @param prefix the environment's folder, absolute
   * @param defaultEnvName what {@code CONDA_DEFAULT_ENV} shall be: the name of a named environment,
   *     else its path
   * @param target the platform that the environment is for
   * @param parentEnvironment what the child would inherit
   * @throws io.jconda.CondaException if a file of variables is broken
   * @throws io.jconda.StorageException if one cannot be read
   */
  public static Activation activate(
      Path prefix, String defaultEnvName, Platform target, Map<String, String> parentEnvironment) {
    return activate(prefix, defaultEnvName, target, parentEnvironment, false);
  }

  /**
   * Computes an activation as {@link #activate(Path, String, Platform, Map)} does.
   *
   * @param stacked whether the environment that is active there stays, behind this one
   */
  public static Activation activate(
      Path prefix,
      String defaultEnvName,
      Platform target,
      Map<String, String> parentEnvironment,
      boolean stacked) {
    return new Activator(prefix, target, parentEnvironment, stacked).activate(defaultEnvName);
  }

  private Activation activate(String defaultEnvName) {
    keepOut();
    leaveOld();
    int level = enter();
    activation
        .set("PYTHONNOUSERSITE", "1")
        .set("CONDA_PREFIX", prefix.toString())
        .set("CONDA_SHLVL", Integer.toString(level))
        .set("CONDA_DEFAULT_ENV", defaultEnvName)
        .set("CONDA_PROMPT_MODIFIER", "(" + defaultEnvName + ") ");
    setOwnVariables();
    pathEntries(prefix, target).forEach(activation::pathEntry);
    return activation.build();
  }

  private void keepOut() {
    LEAKS.forEach(activation::unset);
    parent.keySet().stream().filter(Activator::leaks).forEach(activation::unset);
  }

  private static boolean leaks(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return LEAKING_STARTS.stream().anyMatch(upper::startsWith);
  }

  private boolean isReactivation() {
    return oldLevel > 0 && oldPrefix.filter(prefix::equals).isPresent();
  }

  private boolean isStepBack() {
    return oldLevel > 1 && prefix.toString().equals(parent.get("CONDA_PREFIX_" + (oldLevel - 1)));
  }

  /** Tells whether the environment that is active stays where it is. */
  private boolean staysBelow() {
    return stacked && oldLevel > 0 && !isReactivation() && !isStepBack();
  }

  /** Takes back what the environment that was active had put there. */
  private void leaveOld() {
    if (oldLevel == 0 || isReactivation() || staysBelow()) {
      return;
    }
    Path old = oldPrefix.orElseThrow();
    pathEntries(old, target).forEach(activation::leavingPathEntry);
    for (String name : EnvironmentVariables.of(old).all().keySet()) {
      String saved = parent.get(saved(oldLevel - 1, name));
      if (saved == null) {
        activation.unset(name);
      } else if (!LEAKS.contains(name) && !leaks(name)) {
        activation.set(name, saved);
      }
      activation.unset(saved(oldLevel - 1, name));
    }
  }

  private static String saved(int level, String name) {
    return "__CONDA_SHLVL_" + level + "_" + name;
  }

  /** Remembers the older environments, and returns the new level. */
  private int enter() {
    int level = isReactivation() ? oldLevel : isStepBack() ? oldLevel - 1 : oldLevel + 1;
    for (int older = 1; older < level; older++) {
      String name = "CONDA_PREFIX_" + older;
      if (older == oldLevel) {
        activation.set(name, oldPrefix.orElseThrow().toString());
      } else {
        keep(name);
      }
      keep("CONDA_STACKED_" + (older + 1));
    }
    if (staysBelow()) {
      activation.set("CONDA_STACKED_" + level, "true");
    }
    return level;
  }

  private void keep(String name) {
    String value = parent.get(name);
    if (value != null) {
      activation.set(name, value);
    }
  }

  private void setOwnVariables() {
    EnvironmentVariables own = EnvironmentVariables.of(prefix);
    own.set()
        .forEach(
            (name, value) -> {
              String before = parent.get(name);
              if (before != null && !isReactivation() && !isStepBack()) {
                activation.set(saved(oldLevel, name), before);
              }
              activation.set(name, value);
            });
    if (isReactivation()) {
      own.unset().forEach(activation::unset);
    }
  }

  /** Returns what conda puts before the PATH for a prefix. */
  static List<Path> pathEntries(Path prefix, Platform target) {
    if (!target.isWindows()) {
      return List.of(prefix.resolve("bin"));
    }
    Path library = prefix.resolve("Library");
    List<Path> entries = new ArrayList<>();
    entries.add(prefix);
    Stream.of("ucrt64", "clang64", "mingw64", "clangarm64")
        .map(flavour -> library.resolve(flavour).resolve("bin"))
        .filter(Files::isDirectory)
        .findFirst()
        .ifPresent(entries::add);
    entries.add(library.resolve("mingw-w64").resolve("bin"));
    entries.add(library.resolve("usr").resolve("bin"));
    entries.add(library.resolve("bin"));
    entries.add(prefix.resolve("Scripts"));
    entries.add(prefix.resolve("bin"));
    return entries;
  }
}

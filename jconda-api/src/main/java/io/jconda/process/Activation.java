package io.jconda.process;

import io.jconda.CheckReturnValue;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Says what makes an environment active: the variables to set, those to unset, and what goes before
 * the {@code PATH}. Immutable; made for one environment, one platform and the variables of one
 * parent.
 *
 * <p>What conda sets is set as conda does it: {@code CONDA_PREFIX}, {@code CONDA_DEFAULT_ENV},
 * {@code CONDA_PROMPT_MODIFIER}, {@code CONDA_SHLVL}, the prefixes that were active before, the
 * variables that packages and the user gave the environment, and what its {@code activate.d}
 * scripts do. What would make a Python look outside the environment does not pass from the parent:
 * {@code PYTHONHOME}, {@code PYTHONPATH}, {@code PYTHONSTARTUP}, {@code PYTHONEXECUTABLE}, {@code
 * VIRTUAL_ENV}, {@code LD_LIBRARY_PATH}, {@code LD_PRELOAD}, {@code DYLD_…}, and every {@code
 * CONDA_…} that is not set anew; and {@code PYTHONNOUSERSITE} is set, so that packages in the
 * user's home do not cover the environment's. Who wants one of them back sets it on the command.
 */
public final class Activation {
  private final Platform platform;
  private final Map<String, String> variables;
  private final Set<String> unset;
  private final List<Path> pathEntries;
  private final List<Path> leavingPathEntries;
  private final List<Path> skippedScripts;

  private Activation(Builder builder) {
    this.platform = builder.platform;
    this.variables = Collections.unmodifiableMap(new LinkedHashMap<>(builder.variables));
    this.unset = Collections.unmodifiableSet(new LinkedHashSet<>(builder.unset));
    this.pathEntries = List.copyOf(builder.pathEntries);
    this.leavingPathEntries = List.copyOf(builder.leavingPathEntries);
    this.skippedScripts = List.copyOf(builder.skippedScripts);
  }

  /**
   * Starts an activation that changes nothing.
   *
   * @param platform whose rules for names and paths hold
   */
  public static Builder builder(Platform platform) {
    return new Builder(platform);
  }

  /** Starts an activation that is like this one. */
  public Builder toBuilder() {
    Builder builder = new Builder(platform);
    builder.variables.putAll(variables);
    builder.unset.addAll(unset);
    builder.pathEntries.addAll(pathEntries);
    builder.leavingPathEntries.addAll(leavingPathEntries);
    builder.skippedScripts.addAll(skippedScripts);
    return builder;
  }

  /** Returns the platform that it is for. */
  public Platform platform() {
    return platform;
  }

  /** Returns the variables to set, in the order in which conda sets them; without the PATH. */
  public Map<String, String> variables() {
    return variables;
  }

  /** Returns the names of the variables to unset. */
  public Set<String> unset() {
    return unset;
  }

  /** Returns the folders that go before the PATH, first things first. */
  public List<Path> pathEntries() {
    return pathEntries;
  }

  /** Returns the folders to take out of the PATH: those of the environment that was active. */
  public List<Path> leavingPathEntries() {
    return leavingPathEntries;
  }

  /**
   * Returns the {@code activate.d} scripts whose effect is missing here: there is no shell for
   * them, they are for another platform than this machine's, or they failed.
   */
  public List<Path> skippedScripts() {
    return skippedScripts;
  }

  /**
   * Returns an activated copy of some variables. On Windows names are found whatever their case.
   *
   * @param environment the variables of a process, such as {@link System#getenv()}
   */
  @CheckReturnValue
  public Map<String, String> applyTo(Map<String, String> environment) {
    Map<String, String> result = new LinkedHashMap<>(environment);
    unset.forEach(name -> remove(result, name));
    variables.forEach(
        (name, value) -> {
          if (!result.containsKey(name)) {
            remove(result, name);
          }
          result.put(name, value);
        });
    String pathName = nameIn(result, "PATH");
    String path = path(result.getOrDefault(pathName, ""));
    if (!path.isEmpty()) {
      result.put(pathName, path);
    }
    return result;
  }

  private String path(String inherited) {
    String separator = platform.isWindows() ? ";" : ":";
    List<String> entries = new ArrayList<>();
    pathEntries.forEach(entry -> entries.add(entry.toString()));
    Set<String> goneFromBehind = new LinkedHashSet<>();
    pathEntries.forEach(entry -> goneFromBehind.add(comparable(entry.toString())));
    leavingPathEntries.forEach(entry -> goneFromBehind.add(comparable(entry.toString())));
    if (!inherited.isEmpty()) {
      for (String entry : inherited.split(separator, -1)) {
        if (!goneFromBehind.contains(comparable(entry))) {
          entries.add(entry);
        }
      }
    }
    return String.join(separator, entries);
  }

  private String comparable(String pathEntry) {
    return platform.isWindows() ? pathEntry.toLowerCase(Locale.ROOT) : pathEntry;
  }

  private void remove(Map<String, String> environment, String name) {
    environment.remove(nameIn(environment, name));
  }

  private String nameIn(Map<String, String> environment, String name) {
    if (!platform.isWindows() || environment.containsKey(name)) {
      return name;
    }
    return environment.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Activation that
        && platform == that.platform
        && variables.equals(that.variables)
        && unset.equals(that.unset)
        && pathEntries.equals(that.pathEntries)
        && leavingPathEntries.equals(that.leavingPathEntries)
        && skippedScripts.equals(that.skippedScripts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        platform, variables, unset, pathEntries, leavingPathEntries, skippedScripts);
  }

  /** Returns one line for each step: what goes before the PATH, what is unset, what is set. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    pathEntries.forEach(entry -> lines.add("PATH += " + entry));
    leavingPathEntries.forEach(entry -> lines.add("PATH -= " + entry));
    unset.forEach(name -> lines.add("unset " + name));
    variables.forEach((name, value) -> lines.add(name + "=" + value));
    skippedScripts.forEach(script -> lines.add("skipped " + script));
    return String.join("\n", lines);
  }

  /** Collects an activation. Not thread-safe. */
  public static final class Builder {
    private final Platform platform;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Set<String> unset = new LinkedHashSet<>();
    private final List<Path> pathEntries = new ArrayList<>();
    private final List<Path> leavingPathEntries = new ArrayList<>();
    private final List<Path> skippedScripts = new ArrayList<>();

    private Builder(Platform platform) {
      this.platform = Objects.requireNonNull(platform);
    }

    /** Sets a variable; it is not unset any more if it was. */
    public Builder set(String name, String value) {
      unset.remove(name);
      variables.put(name, Objects.requireNonNull(value));
      return this;
    }

    /** Unsets a variable; it is not set any more if it was. */
    public Builder unset(String name) {
      variables.remove(name);
      unset.add(name);
      return this;
    }

    /** Puts a folder before the PATH, behind those that were put there already. */
    public Builder pathEntry(Path folder) {
      pathEntries.add(folder);
      return this;
    }

    /** Puts a folder before the PATH and before those that were put there already. */
    public Builder firstPathEntry(Path folder) {
      pathEntries.add(0, folder);
      return this;
    }

    /** Takes a folder out of the PATH. */
    public Builder leavingPathEntry(Path folder) {
      leavingPathEntries.add(folder);
      return this;
    }

    /** Notes a script whose effect is missing. */
    public Builder skippedScript(Path script) {
      skippedScripts.add(script);
      return this;
    }

    /** Makes the activation. */
    @CheckReturnValue
    public Activation build() {
      return new Activation(this);
    }
  }
}

package io.jconda.core.process;

import io.jconda.process.Shell;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes what a shell has to do to enter an environment, or to leave it again, for variables that
 * are known. The steps are conda's ({@code conda: activate.py}, {@code build_activate}, {@code
 * build_reactivate}, {@code build_deactivate}), so that a later {@code conda deactivate} finds what
 * it expects; unlike in {@link Activator} nothing that the user has set is cut, since it is their
 * shell. The prompt is left alone, {@code CONDA_PROMPT_MODIFIER} is set.
 */
public final class ShellActivation {
  private final Path prefix;
  private final String name;
  private final Platform platform;
  private final Shell shell;
  private final Map<String, String> variables;
  private final List<String> lines = new ArrayList<>();
  private final ShellSyntax syntax;

  private ShellActivation(
      Path prefix, String name, Platform platform, Shell shell, Map<String, String> variables) {
    this.prefix = prefix;
    this.name = name;
    this.platform = platform;
    this.shell = shell;
    this.syntax = ShellSyntax.of(shell);
    this.variables =
        platform.isWindows() ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
    this.variables.putAll(variables);
  }

  /**
   * Writes what enters an environment.
   *
   * @param prefix the environment's folder, absolute
   * @param name what {@code CONDA_DEFAULT_ENV} shall be
   * @param platform whose folders go before the PATH
   * @param shell what shall read it
   * @param variables those of the shell
   * @param stacked whether the environment that is active stays
   * @throws io.jconda.CondaException if the environment's variables cannot be read, or not be said
   *     to this shell
   */
  public static String activate(
      Path prefix,
      String name,
      Platform platform,
      Shell shell,
      Map<String, String> variables,
      boolean stacked) {
    ShellActivation script = new ShellActivation(prefix, name, platform, shell, variables);
    script.enter(stacked);
    return script.text();
  }

  /**
   * Writes what leaves an environment: from where it is active in the variables, or, where it is
   * not, from what {@link #activate} makes of them.
   */
  public static String deactivate(
      Path prefix,
      String name,
      Platform platform,
      Shell shell,
      Map<String, String> variables,
      boolean stacked) {
    ShellActivation script = new ShellActivation(prefix, name, platform, shell, variables);
    if (!script.isActive()) {
      script.enter(stacked);
      script.lines.clear();
    }
    script.leave();
    return script.text();
  }

  private String text() {
    return lines.isEmpty() ? "" : String.join(syntax.lineEnd(), lines) + syntax.lineEnd();
  }

  private boolean isActive() {
    return level() > 0 && prefix.toString().equals(variables.get("CONDA_PREFIX"));
  }

  private int level() {
    String text = variables.getOrDefault("CONDA_SHLVL", "").strip();
    boolean counts = text.matches("[0-9]{1,4}") && variables.containsKey("CONDA_PREFIX");
    return counts ? Integer.parseInt(text) : 0;
  }

  private void enter(boolean stacked) {
    int old = level();
    if (isActive()) {
      reenter();
      return;
    }
    if (old > 1 && prefix.toString().equals(variables.get("CONDA_PREFIX_" + (old - 1)))) {
      leave();
      return;
    }
    EnvironmentVariables own = EnvironmentVariables.of(prefix);
    Map<String, String> exports = new LinkedHashMap<>(own.set());
    own.set()
        .keySet()
        .forEach(
            variable -> {
              String before = variables.get(variable);
              if (before != null) {
                exports.put(saved(old, variable), before);
              }
            });
    if (old > 0) {
      Path left = Path.of(variables.getOrDefault("CONDA_PREFIX", ""));
      exports.put("CONDA_PREFIX_" + old, left.toString());
      if (stacked) {
        exports.put("CONDA_STACKED_" + (old + 1), "true");
      } else {
        source(ScriptFiles.leaving(left, shell.scriptEnding()));
        leavePath(left);
      }
    }
    exports.putAll(marks(prefix, name, old + 1));
    own.unset().forEach(this::unset);
    enterPath(prefix);
    exports.forEach(this::export);
    source(ScriptFiles.entering(prefix, shell.scriptEnding()));
  }

  private void reenter() {
    source(ScriptFiles.leaving(prefix, shell.scriptEnding()));
    EnvironmentVariables own = EnvironmentVariables.of(prefix);
    own.unset().forEach(this::unset);
    leavePath(prefix);
    enterPath(prefix);
    marks(prefix, name, level()).forEach(this::export);
    own.set().forEach(this::export);
    source(ScriptFiles.entering(prefix, shell.scriptEnding()));
  }

  private void leave() {
    int old = level();
    Path left = Path.of(variables.getOrDefault("CONDA_PREFIX", prefix.toString()));
    int level = old - 1;
    source(ScriptFiles.leaving(left, shell.scriptEnding()));
    EnvironmentVariables leaving = EnvironmentVariables.of(left);
    leaving.all().keySet().forEach(this::unset);
    leavePath(left);
    Map<String, String> exports = new LinkedHashMap<>();
    String below = variables.get("CONDA_PREFIX_" + level);
    if (level < 1 || below == null) {
      List.of("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER").forEach(this::unset);
      exports.put("CONDA_SHLVL", "0");
    } else {
      Path returned = Path.of(below);
      unset("CONDA_PREFIX_" + level);
      if (variables.containsKey("CONDA_STACKED_" + old)) {
        unset("CONDA_STACKED_" + old);
      } else {
        enterPath(returned);
      }
      exports.putAll(marks(returned, nameOf(returned), level));
      exports.putAll(EnvironmentVariables.of(returned).set());
    }
    for (String variable : leaving.all().keySet()) {
      String before = variables.get(saved(level, variable));
      if (before != null) {
        exports.put(variable, before);
        unset(saved(level, variable));
      }
    }
    exports.forEach(this::export);
    if (level >= 1 && below != null) {
      source(ScriptFiles.entering(Path.of(below), shell.scriptEnding()));
    }
  }

  private static Map<String, String> marks(Path prefix, String name, int level) {
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("CONDA_PREFIX", prefix.toString());
    marks.put("CONDA_SHLVL", Integer.toString(level));
    marks.put("CONDA_DEFAULT_ENV", name);
    marks.put("CONDA_PROMPT_MODIFIER", "(" + name + ") ");
    return marks;
  }

  /** Is conda's own rule: named is what lies in a folder called "envs" (conda: base/context.py). */
  private String nameOf(Path environment) {
    if (environment.equals(prefix)) {
      return name;
    }
    Path folder = environment.getParent();
    return folder != null && folder.endsWith("envs")
        ? environment.getFileName().toString()
        : environment.toString();
  }

  private static String saved(int level, String variable) {
    return "__CONDA_SHLVL_" + level + "_" + variable;
  }

  private List<String> path() {
    String path = variables.getOrDefault("PATH", "");
    return new ArrayList<>(path.isEmpty() ? List.of() : List.of(path.split(separator(), -1)));
  }

  private String separator() {
    return platform.isWindows() ? ";" : ":";
  }

  private void enterPath(Path entered) {
    List<String> path = new ArrayList<>();
    Activator.pathEntries(entered, platform).forEach(folder -> path.add(folder.toString()));
    path.addAll(path());
    export("PATH", String.join(separator(), path));
  }

  private void leavePath(Path left) {
    List<String> path = path();
    // once each: who had put the folder there themselves keeps it, as with conda
    Activator.pathEntries(left, platform).forEach(folder -> path.remove(folder.toString()));
    export("PATH", String.join(separator(), path));
  }

  private void export(String variable, String value) {
    lines.add(syntax.export(variable, value));
    variables.put(variable, value);
  }

  private void unset(String variable) {
    lines.add(syntax.unset(variable));
    variables.remove(variable);
  }

  private void source(List<Path> scripts) {
    scripts.forEach(script -> lines.add(syntax.source(script.toString())));
  }
}

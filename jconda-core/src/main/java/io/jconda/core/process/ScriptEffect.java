package io.jconda.core.process;

import io.jconda.process.Activation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Holds what activation scripts change.
 *
 * @param set variables that are new or have another value
 * @param unset variables that are gone
 * @param pathEntries what is new in the PATH; wherever a script put it, it goes in front
 */
record ScriptEffect(Map<String, String> set, Set<String> unset, List<String> pathEntries) {
  /** What shells change by themselves. */
  private static final Set<String> OF_THE_SHELL =
      Set.of("_", "PWD", "OLDPWD", "SHLVL", "PATH", Guard.VARIABLE);

  /** Compares the variables before and after; empty if the second half is not there. */
  static Optional<ScriptEffect> parse(String output) {
    int middle = output.indexOf("\0\0");
    if (middle < 0 || !output.endsWith("\0") || middle + 2 >= output.length()) {
      return Optional.empty();
    }
    Map<String, String> before = variables(output.substring(0, middle));
    Map<String, String> after = variables(output.substring(middle + 2, output.length() - 1));
    Map<String, String> set = new TreeMap<>(after);
    set.entrySet().removeIf(v -> v.getValue().equals(before.get(v.getKey())));
    Set<String> unset = new TreeSet<>(before.keySet());
    unset.removeAll(after.keySet());
    set.keySet().removeAll(OF_THE_SHELL);
    unset.removeAll(OF_THE_SHELL);
    return Optional.of(new ScriptEffect(set, unset, newEntries(before, after)));
  }

  private static Map<String, String> variables(String text) {
    Map<String, String> variables = new TreeMap<>();
    for (String assignment : text.split("\0", -1)) {
      int equals = assignment.indexOf('=');
      // functions that bash exports have names that no other program could use
      if (equals > 0 && assignment.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*")) {
        variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
      }
    }
    return variables;
  }

  private static List<String> newEntries(Map<String, String> before, Map<String, String> after) {
    Set<String> old = new HashSet<>(entries(before));
    Set<String> added = new LinkedHashSet<>(entries(after));
    added.removeAll(old);
    return List.copyOf(added);
  }

  private static List<String> entries(Map<String, String> variables) {
    List<String> entries = new ArrayList<>(List.of(variables.getOrDefault("PATH", "").split(":")));
    entries.removeIf(String::isEmpty);
    return entries;
  }

  Activation addTo(Activation activation) {
    Activation.Builder builder = activation.toBuilder();
    unset.forEach(builder::unset);
    set.forEach(builder::set);
    for (int i = pathEntries.size() - 1; i >= 0; i--) {
      builder.firstPathEntry(Path.of(pathEntries.get(i)));
    }
    return builder.build();
  }
}

package io.jconda.core.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.CondaException;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.EnvironmentState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads the variables that an environment brings: those of its packages ({@code
 * etc/conda/env_vars.d/*.json}, by name), then those its user gave it ({@code conda-meta/state}).
 *
 * @param all every variable with its value, the mark of an unset one included
 */
record EnvironmentVariables(Map<String, String> all) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static EnvironmentVariables of(Path prefix) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Path file : files(prefix.resolve("etc").resolve("conda").resolve("env_vars.d"))) {
      add(all, file, read(file));
    }
    Path state = EnvironmentState.file(prefix);
    add(all, state, read(state).path("env_vars"));
    return new EnvironmentVariables(all);
  }

  Map<String, String> set() {
    Map<String, String> set = new LinkedHashMap<>(all);
    set.values().removeIf(EnvironmentState.UNSET::equals);
    return set;
  }

  Set<String> unset() {
    Set<String> unset = new TreeSet<>(all.keySet());
    unset.removeAll(set().keySet());
    return unset;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".json"))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw DiskFailure.explain("read the variables of an environment", folder, e);
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw broken(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw DiskFailure.explain("read the variables of an environment", file, e);
    }
  }

  private static void add(Map<String, String> all, Path file, JsonNode variables) {
    if (!variables.isObject() && !variables.isMissingNode()) {
      throw broken(file, "an object of names and values is expected");
    }
    variables
        .properties()
        .forEach(
            variable -> {
              String name = variable.getKey();
              if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw broken(file, "'%s' is no name of a variable".formatted(name));
              }
              if (name.equalsIgnoreCase("PATH")) {
                throw broken(file, "'%s' is reserved: activation leads it".formatted(name));
              }
              if (!variable.getValue().isValueNode()) {
                throw broken(file, "the value of '%s' is no text".formatted(name));
              }
              all.put(name, variable.getValue().asText());
            });
  }

  private static CondaException broken(Path file, String why) {
    return new CondaException(
        "The environment's variables in %s cannot be read: %s.".formatted(file, why),
        "Mend or delete the file; it holds JSON with the names and values of variables.");
  }
}

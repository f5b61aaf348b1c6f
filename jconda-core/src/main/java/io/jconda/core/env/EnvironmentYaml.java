package io.jconda.core.env;

import io.jconda.InvalidFileException;
import io.jconda.InvalidSpecException;
import io.jconda.file.EnvironmentFile;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spec.UrlSecrets;
import io.jconda.spi.Contents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and writes {@code environment.yml} (CEP-24). */
final class EnvironmentYaml {
  private static final String NO_DEFAULTS = "nodefaults";

  /** The last two are for other tools: where the environment was, what group it belongs to. */
  private static final Set<String> KNOWN =
      Set.of("name", "channels", "dependencies", "variables", "platforms", "prefix", "category");

  private final String origin;
  private final Platform platform;
  private final EnvironmentFile.Builder file = EnvironmentFile.builder();

  private EnvironmentYaml(String origin, Platform platform) {
    this.origin = origin;
    this.platform = platform;
  }

  /**
   * Reads a text.
   *
   * @param origin what it is called in messages
   * @param platform what selectors are about
   * @throws InvalidFileException if it is no such file
   */
  static EnvironmentFile.Builder read(String text, String origin, Platform platform) {
    EnvironmentYaml reader = new EnvironmentYaml(origin, platform);
    reader.take(YamlTree.read(Selectors.filter(text, platform), origin));
    return reader.file;
  }

  /** Reads a list of match specs, one on a line (CEP-23). */
  static EnvironmentFile.Builder readList(String text, String origin, Platform platform) {
    EnvironmentYaml reader = new EnvironmentYaml(origin, platform);
    List<MatchSpec> specs = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        specs.add(reader.spec(line));
      }
    }
    return reader.file.dependencies(specs);
  }

  private void take(Map<String, Object> tree) {
    for (String key : tree.keySet()) {
      if (!KNOWN.contains(key)) {
        file.warning("%s: the key '%s' is not known, and left aside.".formatted(origin, key));
      }
    }
    if (tree.get("name") instanceof String name && !name.isEmpty()) {
      file.name(name);
    }
    takeChannels(texts("channels", tree.getOrDefault("channels", "")));
    takePlatforms(texts("platforms", tree.getOrDefault("platforms", "")));
    takeVariables(tree.getOrDefault("variables", ""));
    if (!tree.containsKey("dependencies")) {
      throw broken("it has no key 'dependencies'", "Add it, with a list of match specs.");
    }
    takeDependencies(tree.get("dependencies"));
  }

  private void takeChannels(List<String> channels) {
    for (String channel : channels) {
      if (channel.equals(NO_DEFAULTS)) {
        file.defaultChannels(false);
        continue;
      }
      try {
        file.channels(List.of(Channel.of(channel)));
      } catch (IllegalArgumentException e) {
        throw broken("under 'channels': " + e.getMessage(), "Correct the channel.");
      }
    }
  }

  private void takePlatforms(List<String> platforms) {
    for (String name : platforms) {
      try {
        Platform named = Platform.of(name);
        if (named == Platform.NOARCH) {
          throw broken("'noarch' under 'platforms' is no platform", "Take it away.");
        }
        file.platforms(List.of(named));
      } catch (IllegalArgumentException e) {
        throw broken("under 'platforms': " + e.getMessage(), "Correct the platform.");
      }
    }
  }

  private void takeVariables(Object variables) {
    if (variables instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> variable : map.entrySet()) {
        String name = String.valueOf(variable.getKey());
        if (!(variable.getValue() instanceof String value)) {
          throw broken("the variable '%s' has no text".formatted(name), "Give it one value.");
        }
        try {
          Contents unused = Contents.NONE.withVariable(name, value);
        } catch (IllegalArgumentException e) {
          throw broken("under 'variables': " + e.getMessage(), "Take it away, or rename it.");
        }
        file.variable(name, value);
      }
    } else if (!variables.equals("")) {
      throw broken("'variables' is no map", "Write names and values, such as 'KEY: value'.");
    }
  }

  private void takeDependencies(Object dependencies) {
    for (Object each : list("dependencies", dependencies)) {
      if (each instanceof String text) {
        if (!text.isEmpty()) {
          file.dependencies(List.of(spec(text)));
        }
      } else if (each instanceof Map<?, ?> section) {
        section.forEach((key, value) -> takeSection(String.valueOf(key), value));
      } else {
        throw broken("'dependencies' holds a list in a list", "Write one dependency per item.");
      }
    }
  }

  private void takeSection(String key, Object value) {
    if (key.equals("pip")) {
      file.pip(texts("pip", value));
      return;
    }
    if (!key.startsWith("sel(") || !key.endsWith(")")) {
      throw broken(
          "'dependencies' holds a section '%s', which nobody here can install".formatted(key),
          "Only 'pip' and 'sel(unix)', 'sel(linux)', 'sel(osx)', 'sel(win)' are known.");
    }
    Optional<Boolean> holds = Selectors.holds(key.substring(4, key.length() - 1), platform);
    if (holds.isEmpty() || !(value instanceof String text)) {
      throw broken(
          "the selector '%s' cannot be understood".formatted(key),
          "Write 'sel(unix)', 'sel(linux)', 'sel(osx)' or 'sel(win)' with one match spec.");
    }
    if (holds.get()) {
      file.dependencies(List.of(spec(text)));
    }
  }

  private MatchSpec spec(String text) {
    try {
      return MatchSpec.parse(text);
    } catch (InvalidSpecException e) {
      throw new InvalidFileException(
          "%s: %s".formatted(origin, e.problem().strip()), e.remedy(), e);
    }
  }

  private List<?> list(String key, Object value) {
    if (value.equals("")) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw broken("'%s' is no list".formatted(key), "Begin each of its lines with a dash.");
  }

  private List<String> texts(String key, Object value) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(key, value)) {
      if (!(item instanceof String text)) {
        throw broken("'%s' holds something that is no text".formatted(key), "Write one per line.");
      }
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    return texts;
  }

  private InvalidFileException broken(String why, String remedy) {
    return new InvalidFileException("%s: %s.".formatted(origin, why), remedy);
  }

  /** Returns what {@link Channel#of(String)} reads as the same channel. */
  static String text(Channel channel) {
    return channel.isEmbedded() ? "embedded:" : channel.name();
  }

  /** Writes a file, without secrets. */
  static String write(EnvironmentFile file) {
    Map<String, Object> tree = new LinkedHashMap<>();
    file.name().ifPresent(name -> tree.put("name", name));
    List<String> channels = new ArrayList<>();
    file.channels().forEach(channel -> channels.add(text(channel)));
    if (!file.defaultChannels()) {
      channels.add(NO_DEFAULTS);
    }
    tree.put("channels", channels);
    List<Object> dependencies = new ArrayList<>();
    file.dependencies().forEach(spec -> dependencies.add(spec.source()));
    if (!file.pip().isEmpty()) {
      dependencies.add(Map.of("pip", file.pip().stream().map(UrlSecrets::removed).toList()));
    }
    tree.put("dependencies", dependencies);
    if (!file.variables().isEmpty()) {
      tree.put("variables", file.variables());
    }
    if (!file.platforms().isEmpty()) {
      tree.put("platforms", file.platforms().stream().map(Platform::subdir).toList());
    }
    return YamlTree.write(tree);
  }
}

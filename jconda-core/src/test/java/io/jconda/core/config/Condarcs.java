package io.jconda.core.config;

import io.jconda.spi.ClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Is a machine for tests: a file system of its own with a home, variables and properties. */
final class Condarcs {
  private final Path top;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final List<Path> named = new ArrayList<>();
  private boolean windows;

  Condarcs(Path top) {
    this.top = top;
  }

  Path home() {
    return top.resolve("home");
  }

  Path write(String path, String... lines) {
    Path file = top.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file that is named to the client, stronger than those before it. */
  Condarcs file(String... lines) {
    named.add(write("named/" + named.size() + ".yml", lines));
    return this;
  }

  Condarcs variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Condarcs property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  Condarcs onWindows() {
    windows = true;
    return this;
  }

  Surroundings surroundings() {
    return new Surroundings(
        Map.copyOf(environment),
        name -> Optional.ofNullable(properties.get(name)),
        home(),
        top,
        windows);
  }

  /** Returns options that read everything. */
  ClientOptions.Builder options() {
    return ClientOptions.DEFAULTS.toBuilder()
        .root(top.resolve("root"))
        .readConfiguration(true)
        .readEnvironment(true)
        .configurationFiles(named);
  }

  Settings settings() {
    return settings(options());
  }

  Settings settings(ClientOptions.Builder options) {
    return new SettingsBuilder().options(options.build()).surroundings(surroundings()).build();
  }
}

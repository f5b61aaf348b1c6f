package io.jconda.core.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Is the machine as far as settings depend on it.
 *
 * @param environment the variables
 * @param properties the JVM's system properties, by name
 * @param home the user's folder
 * @param top where the file system begins
 * @param windows whether Windows' places and rules count
 */
record Surroundings(
    Map<String, String> environment,
    Function<String, Optional<String>> properties,
    Path home,
    Path top,
    boolean windows) {

  /** Returns those of this JVM. */
  static Surroundings current() {
    Path home = Path.of(System.getProperty("user.home"));
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return new Surroundings(
        System.getenv(),
        name -> Optional.ofNullable(System.getProperty(name)),
        home,
        windows ? Path.of("C:/") : Path.of("/"),
        windows);
  }

  Surroundings withEnvironment(Map<String, String> other) {
    return new Surroundings(Map.copyOf(other), properties, home, top, windows);
  }

  /** Returns a variable, if it is there and not blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  /** Returns a system property, if it is there and not blank. */
  Optional<String> property(String name) {
    return properties.apply(name).filter(text -> !text.isBlank());
  }

  /** Returns a path as people write it, absolute, with {@code ~} for the user's folder. */
  Path path(String text) {
    boolean ofHome = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
    Path path = ofHome ? home.resolve(text.length() > 2 ? text.substring(2) : "") : Path.of(text);
    return path.toAbsolutePath().normalize();
  }
}

package io.jconda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the fixtures: real data that lies beside the project and is not part of it.
 *
 * <p>The folder is that of the system property or environment variable {@code JCONDA_FIXTURES_DIR},
 * else {@code ../shared/fixtures} seen from the project's root. Where it is absent a test is
 * skipped and says so; with {@code JCONDA_FIXTURES=required} it fails.
 */
public final class Fixtures {
  private Fixtures() {}

  /** Returns the path of a fixture, or ends the test as skipped or failed if it is not there. */
  public static Path path(String name) {
    Path path = root().resolve(name);
    if (!Files.exists(path)) {
      String message = "The fixture " + name + " is absent (no " + path + "): test not run";
      if ("required".equals(setting("JCONDA_FIXTURES"))) {
        throw new AssertionError(message + ", but JCONDA_FIXTURES=required");
      }
      assumeTrue(false, message);
    }
    return path;
  }

  /** Returns the lines of a fixture. */
  public static List<String> lines(String name) {
    try {
      return Files.readAllLines(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    String folder = setting("JCONDA_FIXTURES_DIR");
    return folder.isEmpty()
        ? Path.of("").toAbsolutePath().resolveSibling("../shared/fixtures").normalize()
        : Path.of(folder);
  }

  private static String setting(String name) {
    String property = System.getProperty(name, "");
    String variable = System.getenv(name);
    return property.isEmpty() && variable != null ? variable : property;
  }
}

package io.jconda.core;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the real data that lies beside the project: in the folder that {@code JCONDA_FIXTURES_DIR}
 * (a system property or an environment variable) names, else in {@code ../shared/fixtures}.
 *
 * <p>Where it is absent a test is skipped aloud, or fails if {@code JCONDA_FIXTURES} is {@code
 * required}.
 */
public final class Fixtures {
  private Fixtures() {}

  /**
   * Returns a file or folder of the fixtures.
   *
   * @param relative its path in there, such as {@code lists/versions.txt}
   */
  public static Path of(String relative) {
    Path path = root().resolve(relative);
    if (Files.exists(path)) {
      return path;
    }
    String message = "The fixture " + path + " is absent; this test has shown nothing.";
    if ("required".equals(System.getenv("JCONDA_FIXTURES"))) {
      return fail(message);
    }
    return abort(message);
  }

  private static Path root() {
    String folder = System.getProperty("JCONDA_FIXTURES_DIR", System.getenv("JCONDA_FIXTURES_DIR"));
    if (folder != null && !folder.isBlank()) {
      return Path.of(folder);
    }
    // the working directory of a test is its module's folder
    Path module = Path.of("").toAbsolutePath();
    return module.resolveSibling("../shared/fixtures").normalize();
  }
}

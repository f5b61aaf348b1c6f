package io.jconda.core.process;

import io.jconda.CondaException;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds an environment's own Python, and no other that the PATH may have. */
public final class Interpreter {
  private Interpreter() {}

  /**
   * Returns where it lies, whether it is there or not.
   *
   * @param prefix the environment's folder
   * @param platform the platform that it is for
   */
  public static Path of(Path prefix, Platform platform) {
    return platform.isWindows()
        ? prefix.resolve("python.exe")
        : prefix.resolve("bin").resolve("python");
  }

  /**
   * Returns where it lies.
   *
   * @throws CondaException if it is not there
   */
  public static Path require(Path prefix, Platform platform) {
    Path python = of(prefix, platform);
    if (!Files.isExecutable(python)) {
      throw new CondaException(
          "The environment %s has no Python: %s is not there.".formatted(prefix, python),
          "Install it with install(\"python\"), or with python(\"3.13\") on the request.");
    }
    return python;
  }
}

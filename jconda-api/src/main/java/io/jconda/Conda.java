package io.jconda;

import io.jconda.spi.ClientOptions;
import io.jconda.spi.CondaProvider;
import java.nio.file.Path;
import java.util.List;

/**
 * Is the front door: {@code Conda.env("myenv").python("3.13").install("numpy")}.
 *
 * <p>All methods work on one client that the whole JVM shares, made on the first call and never
 * closed. Its root is the system property {@code jconda.root}, else the environment variable {@code
 * JCONDA_ROOT}, else {@code ~/.jconda}. It reads {@code CONDA_OVERRIDE_*} and notes the
 * environments that it makes in {@code ~/.conda/environments.txt}, as conda does. An application
 * that wants a client of its own, with nothing read from its user's machine, makes one with {@link
 * CondaClient#builder()}. Thread-safe.
 */
public final class Conda {
  private Conda() {}

  private static final class Shared {
    static final CondaClient CLIENT =
        CondaProvider.load()
            .newClient(
                ClientOptions.DEFAULTS.toBuilder()
                    .readEnvironment(true)
                    .registerEnvironments(true)
                    .permanent(true)
                    .build());
  }

  /**
   * Begins a request for a named environment; touches neither disk nor network.
   *
   * @param name the environment's name, a plain file name
   * @throws InvalidNameException if the name is not allowed: empty, reserved ({@code base}, {@code
   *     root}), or with one of {@code / \ : #} or a blank in it
   */
  @CheckReturnValue
  public static EnvironmentRequest env(String name) {
    return client().env(name);
  }

  /**
   * Begins a request for an environment in a folder of the caller's choice; touches neither disk
   * nor network.
   *
   * @param prefix the environment's folder; made absolute
   */
  @CheckReturnValue
  public static EnvironmentRequest env(Path prefix) {
    return client().env(prefix);
  }

  /**
   * Returns the environments that the shared client knows; see {@link CondaClient#environments()}.
   */
  public static List<Environment> environments() {
    return client().environments();
  }

  /**
   * Returns the client that these methods share. It needs no closing, and closing it has no effect.
   */
  public static CondaClient client() {
    return Shared.CLIENT;
  }
}

package io.jconda;

import io.jconda.query.PackageQuery;
import io.jconda.query.SearchResult;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.CondaProvider;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is the front door: {@code Conda.env("myenv").python("3.13").install("numpy")}.
 *
 * <p>All methods work on one client that the whole JVM shares, made on the first call and never
 * closed. Its root is the system property {@code jconda.root}, else the environment variable {@code
 * JCONDA_ROOT}, else {@code ~/.jconda}. It reads {@code .condarc} files, conda's variables and
 * JConda's own ({@code JCONDA_*}, system properties {@code jconda.*}), and notes the environments
 * that it makes in {@code ~/.conda/environments.txt}, as conda does. {@code JCONDA_NO_RC=true} or
 * {@code -Djconda.no_rc=true} keeps it from the files, {@code JCONDA_NO_ENV} and {@code
 * jconda.no_env} from the variables. An application that wants a client of its own, with nothing
 * read from its user's machine, makes one with {@link CondaClient#builder()}. Thread-safe.
 */
public final class Conda {
  private Conda() {}

  private static final Object MAKING = new Object();
  private static volatile @Nullable CondaClient shared;

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
   * Finds packages in the shared client's channels for this machine; see {@link
   * PackageQuery#search}.
   *
   * @param specs match specs such as {@code "*torch*"} or {@code "numpy>=2"}; one at least
   */
  public static SearchResult search(String... specs) {
    return client().query().search(specs);
  }

  /**
   * Returns the client that these methods share. It needs no closing, and closing it has no effect.
   *
   * @throws ConfigurationException if it is not made yet and a setting cannot be used
   */
  public static CondaClient client() {
    CondaClient client = shared;
    if (client != null) {
      return client;
    }
    // no holder class: its failure would be an Error, and the last word
    synchronized (MAKING) {
      client = shared;
      if (client == null) {
        client =
            CondaProvider.load()
                .newClient(
                    ClientOptions.DEFAULTS.toBuilder()
                        .readConfiguration(true)
                        .readEnvironment(true)
                        .registerEnvironments(true)
                        .permanent(true)
                        .build());
        shared = client;
      }
      return client;
    }
  }
}

package io.jconda.spi;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import java.util.ServiceLoader;

/** Is what {@code jconda-core} implements and {@link ServiceLoader} finds. Thread-safe. */
public interface CondaProvider {
  /**
   * Makes a client.
   *
   * @param options what its builder collected
   */
  CondaClient newClient(ClientOptions options);

  /** Returns what writes packages and indexes. */
  PackageBuilding packageBuilding();

  /** Returns what reads and writes the files of users. */
  UserFiles userFiles();

  /**
   * Finds the implementation.
   *
   * @throws CondaException if there is none, in one sentence that names the dependency to add
   */
  static CondaProvider load() {
    return ServiceLoader.load(CondaProvider.class, CondaProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new CondaException(
                    "No JConda core is on the class path or module path.",
                    "Add the dependency io.jconda:jconda-core."));
  }
}

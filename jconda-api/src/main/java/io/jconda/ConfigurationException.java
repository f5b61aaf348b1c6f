package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a setting cannot be used: a {@code .condarc} that is no YAML or cannot be read, a
 * known key with a value that it cannot have, an environment variable or system property of that
 * kind. The message names the place (file and line, variable, property), the key and the value.
 */
public class ConfigurationException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what is wrong, and where
   * @param remedy what to write instead
   */
  public ConfigurationException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what is wrong, and where
   * @param remedy what to write instead
   * @param cause what brought it about, or null where nothing else did
   */
  public ConfigurationException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}

package io.jconda.spec;

import java.util.Locale;

/**
 * Tells in which way a package fits every platform (CEP-34: {@code noarch} of {@code index.json}).
 */
public enum NoarchType {
  /** The files lie where they are meant to be; also written {@code true} in old packages. */
  GENERIC,
  /**
   * Pure Python: modules, scripts and entry points go where the environment's Python wants them.
   */
  PYTHON;

  /** Returns the word as it stands in an index: {@code generic} or {@code python}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.jconda.core.client;

import io.jconda.spec.PackageRecord;

/** Knows Python's minor version, which decides where noarch packages lie and which builds fit. */
final class PythonMinor {
  private PythonMinor() {}

  /** Returns the first two parts of a version, such as {@code 3.13}. */
  static String of(PackageRecord python) {
    String[] parts = python.version().toString().split("\\.", 3);
    return parts.length < 2 ? parts[0] : parts[0] + "." + parts[1];
  }
}

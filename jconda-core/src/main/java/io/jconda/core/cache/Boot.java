package io.jconda.core.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names the present boot of the machine. Manifests are forced to disk, files are not: a crash of
 * the machine may tear them, and a manifest of an earlier boot is therefore looked at once.
 */
final class Boot {
  /** The name; empty where the system has none. */
  static final String ID = read();

  private Boot() {}

  private static String read() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      // only Linux has it
      return "";
    }
  }
}

package io.jconda.core.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names the present boot of the machine. Files are not forced to disk, and manifests only where a
 * boot has no name: a crash of the machine may tear them, and the package of a manifest of an
 * earlier boot is therefore read once.
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

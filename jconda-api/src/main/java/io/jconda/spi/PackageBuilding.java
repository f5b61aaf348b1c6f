package io.jconda.spi;

import io.jconda.build.PackageDescription;
import java.nio.file.Path;

/** Writes packages and the indexes of channels. Thread-safe. */
public interface PackageBuilding {
  /**
   * Writes a package.
   *
   * @param description what the package is
   * @param channelFolder the channel's folder, made if it is missing
   * @return the archive
   */
  Path build(PackageDescription description, Path channelFolder);

  /**
   * Writes the index of every subdir of a channel.
   *
   * @param channelFolder the channel's folder
   */
  void index(Path channelFolder);
}

package io.jconda.spi;

import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import io.jconda.spec.Platform;
import java.nio.file.Path;

/** Reads and writes the files of {@link io.jconda.file}. Thread-safe. */
public interface UserFiles {
  /** Does {@link EnvironmentFile#read(Path, Platform)}. */
  EnvironmentFile readEnvironment(Path file, Platform platform);

  /** Does {@link EnvironmentFile#parse}, for a platform. */
  EnvironmentFile parseEnvironment(String text, Platform platform);

  /** Does {@link EnvironmentFile#toYaml}. */
  String toYaml(EnvironmentFile file);

  /** Does {@link LockFile#read}. */
  LockFile readLock(Path file);

  /** Does {@link LockFile#parse}. */
  LockFile parseLock(String text);

  /** Does {@link LockFile#toYaml}. */
  String toYaml(LockFile lock);

  /** Does {@link LockFile#toExplicit}. */
  String toExplicit(LockFile lock, Platform platform);

  /**
   * Writes a text to a file, which is replaced in one step if it is there.
   *
   * @return the file, absolute
   * @throws io.jconda.StorageException if the disk refuses
   */
  Path write(Path file, String text);
}

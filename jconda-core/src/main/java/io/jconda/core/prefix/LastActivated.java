package io.jconda.core.prefix;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes when an environment was activated last, as the time of an empty file (CEP-32). */
public final class LastActivated {
  private static final Logger LOG = LoggerFactory.getLogger(LastActivated.class);

  private LastActivated() {}

  /** Returns the file whose time tells; it need not be there. */
  public static Path file(Path prefix) {
    return PrefixRecords.metaFolder(prefix).resolve("last_activated");
  }

  /**
   * Notes an activation now; nothing is noted where nothing may be written. Blocks for a moment.
   */
  public static void note(Path prefix, Disk disk) {
    Path file = file(prefix);
    try {
      try {
        disk.setLastModified(file, FileTime.fromMillis(System.currentTimeMillis()));
      } catch (NoSuchFileException e) {
        disk.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
      }
    } catch (IOException e) {
      LOG.debug("The activation of {} is not noted", prefix, e);
    }
  }
}

package io.jconda.core.pip;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.PrefixRecords;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a folder for what is handed to pip and what pip hands back, which only this user can read:
 * requirements may hold passwords. It goes when it is closed; what a killed process has left of one
 * goes with the next.
 */
final class PipScratch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipScratch.class);
  private static final String NAME = "pip-";

  private final Path folder;
  private final Disk disk;

  /**
   * Makes one. The environment must be kept for the caller alone.
   *
   * @throws io.jconda.StorageException if the disk refuses
   */
  PipScratch(Path prefix, Disk disk) {
    Path notes = PrefixRecords.notesFolder(prefix);
    this.disk = disk;
    this.folder = notes.resolve(NAME + ProcessHandle.current().pid() + "." + System.nanoTime());
    try {
      disk.createDirectories(notes);
      try (DirectoryStream<Path> left = Files.newDirectoryStream(notes, NAME + "*")) {
        for (Path old : left) {
          disk.deleteTree(old);
        }
      }
      disk.createPrivateDirectories(folder);
    } catch (IOException e) {
      throw DiskFailure.explain("make a folder for pip", folder, e);
    }
  }

  /** Returns where pip shall put its report. */
  Path report() {
    return folder.resolve("report.json");
  }

  /** Writes a file of requirements. */
  Path requirements(List<String> lines) {
    Path file = folder.resolve("requirements.txt");
    try {
      disk.write(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw DiskFailure.explain("write the requirements for pip", file, e);
    }
    return file;
  }

  @Override
  public void close() {
    try {
      disk.deleteTree(folder);
    } catch (IOException e) {
      LOG.warn("{} is not needed any more, and cannot be deleted.", folder, e);
    }
  }
}

package io.jconda.core.repodata;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is cached of one subdir: a state, and the file that the state names.
 *
 * <p>A file has a name of its own that is never used again, and the state beside says which one
 * counts; both appear in one step. So readers see one index or the other, and two processes that
 * refresh at once do no harm.
 */
final class IndexFiles {
  private static final Logger LOG = LoggerFactory.getLogger(IndexFiles.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  // a file this old that no state names is read by nobody any more
  private static final Duration GRACE = Duration.ofHours(2);

  private final Disk disk;
  private final Path folder;
  private final String key;
  private final String url;
  private final Clock clock;

  /**
   * Names the files of a subdir.
   *
   * @param prefix tells the families of forms apart that are cached side by side
   */
  IndexFiles(Disk disk, Path folder, String prefix, Subdir subdir, Clock clock) {
    this.disk = disk;
    this.folder = folder;
    this.url = subdir.url().toString();
    this.key = prefix + Hashes.sha256(url).substring(0, 16);
    this.clock = clock;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Returns the file of the subdir that ends with something. */
  Path named(String ending) {
    return folder.resolve(key + "-" + ending);
  }

  /** Returns a file that nobody has used. */
  Path unused(String ending) {
    return folder.resolve(
        key
            + "-"
            + Long.toHexString(clock.millis())
            + "-"
            + Long.toHexString(ProcessHandle.current().pid())
            + "-"
            + Long.toHexString(NUMBERS.incrementAndGet())
            + ending);
  }

  private Path stateFile() {
    return folder.resolve(key + ".state");
  }

  IndexState state() {
    try {
      return IndexState.read(stateFile(), url);
    } catch (IOException e) {
      throw DiskFailure.explain("read a cached index", stateFile(), e);
    }
  }

  void write(IndexState state) {
    publish(stateFile(), state.toBytes());
  }

  void publish(Path file, byte[] content) {
    try {
      publish(disk, file, content);
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", file, e);
    }
  }

  /**
   * Puts a file in place in one step, but does not wait for the disk: what a crash of the machine
   * tears is noticed by its checksum, and made anew.
   */
  static void publish(Disk disk, Path file, byte[] content) throws IOException {
    Path temporary =
        file.resolveSibling(
            file.getFileName()
                + "."
                + Long.toHexString(ProcessHandle.current().pid())
                + "-"
                + Long.toHexString(NUMBERS.incrementAndGet())
                + ".tmp");
    try {
      try {
        disk.write(temporary, content);
      } catch (NoSuchFileException e) {
        disk.createDirectories(file.resolveSibling(""));
        disk.write(temporary, content);
      }
      disk.move(temporary, file);
    } catch (IOException e) {
      try {
        disk.deleteIfExists(temporary);
      } catch (IOException e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
  }

  /** Deletes what earlier downloads left; what is young may still be read or written. */
  void sweep(Path current) {
    Instant limit = clock.instant().minus(GRACE);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, key + "-*")) {
      for (Path file : files) {
        if (!file.equals(current) && isOlder(file, limit)) {
          disk.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // the index is in place; what could not be deleted is tried again at the next refresh
      LOG.debug("An old index could not be deleted.", e);
    }
  }

  static boolean isOlder(Path file, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}

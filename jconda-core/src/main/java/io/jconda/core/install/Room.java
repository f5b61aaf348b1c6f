package io.jconda.core.install;

import io.jconda.StorageException;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.PackageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Knows how much room a disk had when somebody began to fill it, and refuses what does not fit
 * before it is written.
 */
final class Room {
  private final Path folder;
  private final long free;
  private long needed;

  Room(Path folder, long free) {
    this.folder = folder;
    this.free = free;
  }

  /** Asks how much room there is; blocks. */
  static Room of(Path folder) {
    try {
      return new Room(folder, Files.getFileStore(Forecasts.existing(folder)).getUsableSpace());
    } catch (IOException e) {
      throw DiskFailure.explain("ask how much room is left", folder, e);
    }
  }

  /**
   * Counts what packages will write. Hard links need no room.
   *
   * @param links whether files come by hard link where they may
   * @throws StorageException if it does not fit
   */
  void take(List<PackageLayout> layouts, boolean links) {
    long bytes = 0;
    for (PackageLayout layout : layouts) {
      for (LayoutEntry entry : layout.entries()) {
        if (entry instanceof LayoutEntry.Stored stored && isWritten(stored.file(), links)) {
          bytes += stored.file().size();
        }
      }
    }
    take(bytes);
  }

  private static boolean isWritten(StoredFile file, boolean links) {
    return !links || file.placeholder().isPresent() || file.noLink();
  }

  /**
   * Counts bytes that will be written.
   *
   * @throws StorageException if they do not fit
   */
  void take(long bytes) {
    needed += bytes;
    if (free < needed) {
      throw new StorageException(
          "%s needs %d bytes more, and its disk has %d left.".formatted(folder, needed, free),
          "Free some space there, and try again.");
    }
  }
}

package io.jconda.core.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Is where large blocks of bytes pass between this JVM and a process of ours: as files in memory
 * that both map, or on disk where memory has no room. Thread-safe.
 *
 * <p>The folders are this user's alone, and are made when the first block is written. Each side
 * keeps the files that it made and the other is done with, because memory that is fresh is slow: at
 * most 256 MiB of them, and no more than an eighth of what the file system holds.
 */
public final class SharedFolder implements AutoCloseable {
  /** What Linux keeps in memory. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Disk disk;
  private final List<Path> folders;
  private final OutgoingBlocks outgoing;
  private final IncomingBlocks incoming;

  private SharedFolder(Disk disk, List<Path> folders) {
    this.disk = disk;
    this.folders = folders;
    this.outgoing = new OutgoingBlocks(disk, folders);
    this.incoming = new IncomingBlocks(disk, folders);
  }

  /**
   * Names the folders of one process; nothing is written yet.
   *
   * @param owner a name that nobody can guess, one for each JVM
   * @param process the name of the process within it
   */
  public static SharedFolder of(Disk disk, String owner, String process) {
    return in(disk, parents(owner).stream().map(folder -> folder.resolve(process)).toList());
  }

  /**
   * Names folders; nothing is written yet.
   *
   * @param folders the one to try first before the others
   */
  public static SharedFolder in(Disk disk, List<Path> folders) {
    return new SharedFolder(disk, List.copyOf(folders));
  }

  /**
   * Returns where all processes of a JVM have their folders: to be deleted when the JVM is gone.
   */
  public static List<Path> parents(String owner) {
    Path onDisk = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    Stream<Path> places =
        Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)
            ? Stream.of(MEMORY, onDisk)
            : Stream.of(onDisk);
    return places.map(place -> place.resolve("jconda-" + owner)).toList();
  }

  /** Returns the folders, the one to try first before the others. */
  public List<Path> folders() {
    return folders;
  }

  /** Returns what goes to the process. */
  public OutgoingBlocks outgoing() {
    return outgoing;
  }

  /** Returns what comes from the process. */
  public IncomingBlocks incoming() {
    return incoming;
  }

  /**
   * Deletes the folders with all that is in them.
   *
   * @throws IOException if something cannot be deleted
   */
  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (Path folder : folders) {
      try {
        disk.deleteTree(folder);
      } catch (IOException e) {
        // the others shall go all the same
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      IOException first = failures.get(0);
      failures.subList(1, failures.size()).forEach(first::addSuppressed);
      throw first;
    }
  }
}

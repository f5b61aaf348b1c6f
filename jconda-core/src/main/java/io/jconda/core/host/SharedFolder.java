package io.jconda.core.host;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Passes large blocks of bytes between this JVM and a process of ours: as files in memory that both
 * map, or on disk where memory has no room. Thread-safe.
 *
 * <p>The folders are this user's alone, and are made when the first block is written. Files that
 * the other side is done with are used again, because memory that is fresh is slow: up to 256 MiB
 * of them are kept.
 */
public final class SharedFolder implements AutoCloseable {
  /** What Linux keeps in memory. */
  private static final Path MEMORY = Path.of("/dev/shm");

  /**
   * Beyond this much at once blocks are copied: mapped memory returns only when it is collected.
   */
  private static final long MOST_MAPPED = 512L << 20;

  private static final long MOST_IDLE = 256L << 20;

  private static final int CHUNK = 1 << 20;
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final AtomicLong MAPPED = new AtomicLong();
  private static final Cleaner CLEANER = Cleaner.create();

  private final Disk disk;
  private final List<Path> folders;
  private final AtomicLong files = new AtomicLong();
  private final Map<Path, Block> lent = new HashMap<>();
  private final Deque<Block> idle = new ArrayDeque<>();

  private SharedFolder(Disk disk, List<Path> folders) {
    this.disk = disk;
    this.folders = folders;
  }

  /**
   * Names the folders of one process; nothing is written yet.
   *
   * @param owner a name that nobody can guess, one for each JVM
   * @param process the name of the process within it
   */
  public static SharedFolder of(Disk disk, String owner, String process) {
    return new SharedFolder(
        disk, parents(owner).stream().map(folder -> folder.resolve(process)).toList());
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

  /** Is a file of ours, and where it is mapped once it has been used again. */
  private static final class Block {
    final Path file;
    final int capacity;
    @Nullable ByteBuffer mapped;

    Block(Path file, int capacity) {
      this.file = file;
      this.capacity = capacity;
    }
  }

  /**
   * Writes a block to a file that nothing else is in until {@link #release}.
   *
   * @param data what is between position and limit, which stay as they are
   * @throws IOException if no folder has room for it
   */
  public Path write(ByteBuffer data) throws IOException {
    Block used = idle(data.remaining());
    if (used != null) {
      try {
        // its pages are there already: no write into a mapping can fail for want of memory
        mapped(used).duplicate().put(data.duplicate());
      } catch (IOException e) {
        disk.deleteIfExists(used.file);
        throw e;
      }
      lend(used);
      return used.file;
    }
    IOException failure = new IOException("There is no folder for it.");
    for (Path folder : folders) {
      Path file = folder.resolve("j" + files.incrementAndGet());
      try {
        disk.createPrivateDirectories(folder);
        write(file, data.duplicate());
        lend(new Block(file, data.remaining()));
        return file;
      } catch (IOException e) {
        e.addSuppressed(failure);
        failure = e;
        disk.deleteIfExists(file);
        trim(0);
      }
    }
    throw failure;
  }

  private synchronized @Nullable Block idle(int size) {
    // not a much larger one: the whole of it would be mapped for little
    Optional<Block> fits =
        idle.stream()
            .filter(block -> block.capacity >= size && block.capacity / 4 <= size)
            .min(Comparator.comparingInt(block -> block.capacity));
    fits.ifPresent(idle::remove);
    return fits.orElse(null);
  }

  private synchronized void lend(Block block) {
    lent.put(block.file, block);
  }

  private ByteBuffer mapped(Block block) throws IOException {
    ByteBuffer mapped = block.mapped;
    if (mapped == null) {
      try (FileChannel channel =
          disk.openChannel(block.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        mapped = channel.map(MapMode.READ_WRITE, 0, block.capacity);
      }
      block.mapped = mapped;
    }
    return mapped;
  }

  /**
   * Takes back a file that the other side has done with.
   *
   * @throws IOException if one that is not kept cannot be deleted
   */
  public void release(Path file) throws IOException {
    synchronized (this) {
      Block block = lent.remove(file);
      if (block == null) {
        return;
      }
      idle.addFirst(block);
    }
    // Windows lets nobody delete what is mapped, and Java cannot unmap
    trim(WINDOWS ? 0 : MOST_IDLE);
  }

  private void trim(long most) throws IOException {
    List<Path> unwanted = new ArrayList<>();
    synchronized (this) {
      long total = idle.stream().mapToLong(block -> block.capacity).sum();
      while (total > most) {
        Block oldest = idle.removeLast();
        total -= oldest.capacity;
        unwanted.add(oldest.file);
      }
    }
    for (Path file : unwanted) {
      disk.deleteIfExists(file);
    }
  }

  private void write(Path file, ByteBuffer data) throws IOException {
    try (FileChannel channel =
        disk.openChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      int end = data.limit();
      while (data.position() < end) {
        // the JDK copies what lies in the heap to a buffer of the same size first, and keeps that
        int step = data.isDirect() ? end - data.position() : Math.min(CHUNK, end - data.position());
        data.limit(data.position() + step);
        while (data.hasRemaining()) {
          channel.write(data);
        }
      }
    }
  }

  /**
   * Takes over a block that the process has written: its file is gone afterwards.
   *
   * @param file where it lies
   * @param size how many bytes it has
   * @throws IOException if it is not ours, too short or cannot be read
   */
  public ByteBuffer take(Path file, int size) throws IOException {
    if (folders.stream().noneMatch(folder -> folder.equals(file.getParent()))) {
      throw new IOException(file + " is no file of this process");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < size) {
        throw new IOException(
            "%s has %d bytes instead of %d".formatted(file, channel.size(), size));
      }
      if (WINDOWS || MAPPED.get() + size > MOST_MAPPED) {
        return copy(channel, size);
      }
      ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, size);
      MAPPED.addAndGet(size);
      CLEANER.register(mapped, () -> MAPPED.addAndGet(-size));
      return mapped.order(ByteOrder.nativeOrder());
    } finally {
      disk.deleteIfExists(file);
    }
  }

  private static ByteBuffer copy(FileChannel channel, int size) throws IOException {
    ByteBuffer copy = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    while (copy.hasRemaining()) {
      if (channel.read(copy) < 0) {
        throw new IOException("The file ended early.");
      }
    }
    return copy.flip();
  }

  /**
   * Deletes the folders with all that is in them.
   *
   * @throws IOException if something cannot be deleted
   */
  @Override
  public void close() throws IOException {
    for (Path folder : folders) {
      disk.deleteTree(folder);
    }
  }
}

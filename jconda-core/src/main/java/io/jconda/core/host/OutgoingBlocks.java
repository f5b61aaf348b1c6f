package io.jconda.core.host;

import java.io.IOException;
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

/**
 * Writes blocks of bytes to files that a process of ours reads, and uses the files again that it
 * gives back. Thread-safe.
 */
public final class OutgoingBlocks {
  static final long MOST_IDLE = 256L << 20;

  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final List<Path> folders;
  private final Map<Path, Block> lent = new HashMap<>();
  private final Deque<Block> idle = new ArrayDeque<>();

  /** What is copied through, once it has been needed; held while it is in use. */
  private Optional<ByteBuffer> chunk = Optional.empty();

  private final Object chunkLock = new Object();
  private long files;

  OutgoingBlocks(Disk disk, List<Path> folders) {
    this.disk = disk;
    this.folders = folders;
  }

  /** Is what a block holds. */
  public interface Content {
    /** Returns how many bytes there are. */
    int size();

    /**
     * Fills a buffer with those from some place on.
     *
     * @param from a multiple of 16
     * @param target in the byte order of this machine; of what is left there is as much
     */
    void copy(int from, ByteBuffer target);

    /** Returns what a buffer has left, now and later; its position stays. */
    static Content of(ByteBuffer data) {
      ByteBuffer all = data.slice();
      return new Content() {
        @Override
        public int size() {
          return all.capacity();
        }

        @Override
        public void copy(int from, ByteBuffer target) {
          target.put(all.slice(from, target.remaining()));
        }
      };
    }
  }

  /** Is a file of ours, and where it is mapped once it has been used again. */
  private static final class Block {
    final Path file;
    final int capacity;
    Optional<ByteBuffer> mapped = Optional.empty();

    Block(Path file, int capacity) {
      this.file = file;
      this.capacity = capacity;
    }
  }

  /**
   * Writes a block to a file that nothing else is in until {@link #release}.
   *
   * @throws IOException if no folder has room for it
   */
  public Path write(Content content) throws IOException {
    Optional<Block> used = idle(content.size());
    if (used.isPresent()) {
      return overwrite(used.get(), content);
    }
    IOException failure = new IOException("There is no folder for it.");
    for (Path folder : folders) {
      do {
        try {
          return create(folder, content);
        } catch (IOException e) {
          e.addSuppressed(failure);
          failure = e;
        }
        // what lies idle may have had the room
      } while (trim(0));
    }
    throw failure;
  }

  private synchronized Optional<Block> idle(int size) {
    // not a much larger one: it would be missing where it is needed
    Optional<Block> fits =
        idle.stream()
            .filter(block -> block.capacity >= size && block.capacity / 4 <= size)
            .min(Comparator.comparingInt(block -> block.capacity));
    fits.ifPresent(idle::remove);
    return fits;
  }

  private synchronized Path lend(Block block) {
    lent.put(block.file, block);
    return block.file;
  }

  private Path create(Path folder, Content content) throws IOException {
    disk.createPrivateDirectories(folder);
    Path file;
    synchronized (this) {
      file = folder.resolve("j" + ++files);
    }
    try (FileChannel channel =
        disk.openChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(channel, content);
    } catch (IOException e) {
      disk.deleteIfExists(file);
      throw e;
    }
    return lend(new Block(file, content.size()));
  }

  /** Its pages are there already: no write into a mapping can fail for want of memory. */
  private Path overwrite(Block block, Content content) throws IOException {
    try {
      if (block.mapped.isEmpty()) {
        try (FileChannel channel =
            disk.openChannel(block.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          block.mapped = Mappings.map(channel, MapMode.READ_WRITE, block.capacity);
          if (block.mapped.isEmpty()) {
            write(channel, content);
            return lend(block);
          }
        }
      }
      content.copy(0, part(block.mapped.get(), content.size()));
      return lend(block);
    } catch (IOException e) {
      disk.deleteIfExists(block.file);
      throw e;
    }
  }

  private static ByteBuffer part(ByteBuffer buffer, int length) {
    return buffer.slice(0, length).order(ByteOrder.nativeOrder());
  }

  private void write(FileChannel channel, Content content) throws IOException {
    synchronized (chunkLock) {
      // of our own: for what lies in the heap the JDK would keep one as large as the block
      ByteBuffer through = chunk.orElseGet(() -> ByteBuffer.allocateDirect(CHUNK));
      chunk = Optional.of(through);
      for (int from = 0; from < content.size(); from += CHUNK) {
        ByteBuffer part = part(through, Math.min(CHUNK, content.size() - from));
        content.copy(from, part);
        part.rewind();
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    }
  }

  /**
   * Takes back a file that the process has done with.
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
    boolean unused = trim(mostIdle(file));
  }

  private static long mostIdle(Path file) throws IOException {
    if (!Mappings.POSSIBLE) {
      return 0;
    }
    return Math.min(MOST_IDLE, Files.getFileStore(file).getTotalSpace() / 8);
  }

  /** Deletes what was used longest ago, down to so many bytes; tells whether anything was. */
  private boolean trim(long most) throws IOException {
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
    return !unwanted.isEmpty();
  }
}

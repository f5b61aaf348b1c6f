package io.jconda.core.host;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Reads blocks of bytes that a process of ours has written to files. The files are the process's,
 * which writes other blocks to them later; what it does so is mapped from the second time on.
 * Thread-safe.
 */
public final class IncomingBlocks {
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final List<Path> folders;

  /** Files that were read before, and where they are mapped. */
  private final Map<Path, Optional<ByteBuffer>> known = new ConcurrentHashMap<>();

  private Optional<ByteBuffer> chunk = Optional.empty();
  private final Object chunkLock = new Object();

  IncomingBlocks(Disk disk, List<Path> folders) {
    this.disk = disk;
    this.folders = folders;
  }

  /**
   * Copies a block.
   *
   * @param file where it lies
   * @param size how many bytes it has
   * @param sink takes its bytes part by part, each in the byte order of this machine and, but for
   *     the last, of a length that 16 divides; must not keep what it is given
   * @throws IOException if it is not ours, too short or cannot be read
   */
  public void read(Path file, int size, Consumer<ByteBuffer> sink) throws IOException {
    requireOurs(file);
    Optional<ByteBuffer> before = known.get(file);
    if (before != null && before.isPresent() && before.get().capacity() >= size) {
      sink.accept(part(before.get(), size));
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requireSize(file, channel.size(), size);
      Optional<ByteBuffer> mapped =
          before == null
              ? Optional.empty()
              : Mappings.map(channel, MapMode.READ_ONLY, channel.size());
      known.put(file, mapped);
      if (mapped.isPresent()) {
        sink.accept(part(mapped.get(), size));
      } else {
        copy(channel, size, sink);
      }
    }
  }

  private static ByteBuffer part(ByteBuffer buffer, int length) {
    return buffer.slice(0, length).order(ByteOrder.nativeOrder());
  }

  private void copy(FileChannel channel, int size, Consumer<ByteBuffer> sink) throws IOException {
    synchronized (chunkLock) {
      ByteBuffer through = chunk.orElseGet(() -> ByteBuffer.allocateDirect(CHUNK));
      chunk = Optional.of(through);
      for (int from = 0; from < size; from += CHUNK) {
        ByteBuffer part = part(through, Math.min(CHUNK, size - from));
        fill(channel, part);
        sink.accept(part.rewind());
      }
    }
  }

  private static void fill(FileChannel channel, ByteBuffer part) throws IOException {
    while (part.hasRemaining()) {
      if (channel.read(part) < 0) {
        throw new EOFException("The file ended early.");
      }
    }
  }

  /**
   * Takes over a block without a copy where that is possible: its file is gone afterwards, and its
   * memory when the buffer is collected.
   *
   * @param file where it lies
   * @param size how many bytes it has
   * @throws IOException if it is not ours, too short or cannot be read
   */
  public ByteBuffer take(Path file, int size) throws IOException {
    requireOurs(file);
    forget(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requireSize(file, channel.size(), size);
      Optional<ByteBuffer> mapped = Mappings.map(channel, MapMode.READ_ONLY, size);
      if (mapped.isPresent()) {
        return mapped.get();
      }
      ByteBuffer copy = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
      fill(channel, copy);
      return copy.flip();
    } finally {
      disk.deleteIfExists(file);
    }
  }

  /** Forgets a file that the process has deleted. */
  public void forget(Path file) {
    known.remove(file);
  }

  private void requireOurs(Path file) throws IOException {
    if (folders.stream().noneMatch(folder -> folder.equals(file.getParent()))) {
      throw new IOException(file + " is no file of this process");
    }
  }

  private static void requireSize(Path file, long there, int wanted) throws IOException {
    if (there < wanted) {
      throw new IOException("%s has %d bytes instead of %d".formatted(file, there, wanted));
    }
  }
}

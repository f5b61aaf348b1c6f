package io.jconda.core.host;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Maps files within a budget: Java returns mapped memory when a mapping is collected and not
 * before, so that files which are deleted by then would fill the memory unseen.
 */
final class Mappings {
  /** For the whole JVM; beyond it files are read and written instead. */
  static final long BUDGET = 512L << 20;

  /** Windows lets nobody delete what is mapped. */
  static final boolean POSSIBLE = !System.getProperty("os.name").startsWith("Windows");

  private static final AtomicLong MAPPED = new AtomicLong();
  private static final Cleaner CLEANER = Cleaner.create();

  private Mappings() {}

  /** Maps a file from its beginning, in the byte order of this machine, if the budget allows. */
  static Optional<ByteBuffer> map(FileChannel channel, MapMode mode, long size) throws IOException {
    if (!POSSIBLE || MAPPED.addAndGet(size) > BUDGET) {
      MAPPED.addAndGet(POSSIBLE ? -size : 0);
      return Optional.empty();
    }
    ByteBuffer mapped;
    try {
      mapped = channel.map(mode, 0, size);
    } catch (IOException e) {
      MAPPED.addAndGet(-size);
      throw e;
    }
    // whatever is cut from it keeps it alive
    CLEANER.register(mapped, () -> MAPPED.addAndGet(-size));
    return Optional.of(mapped.order(ByteOrder.nativeOrder()));
  }
}

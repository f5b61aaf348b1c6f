package io.jconda.core.repodata;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decompresses small files whole, and never to more than a limit. */
final class Zstandard {
  private static final Logger LOG = LoggerFactory.getLogger(Zstandard.class);

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  // what conda's own tools write at most (zstd --ultra, --long=27)
  private static final int LARGEST_WINDOW_LOG = 27;

  // a frame that claims more than this is believed only as far as its bytes come
  private static final int PLAUSIBLE = 1 << 20;
  private static final int PLAUSIBLE_RATIO = 32;
  private static final int FIRST_BUFFER = 1 << 14;

  private Zstandard() {}

  /**
   * Begins to load the native library on a thread of its own, the first time in this JVM: unpacking
   * it takes 40 ms, beside which a server can be asked. Does not block.
   */
  static void lookAhead() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(Zstandard::load, "jconda-zstd");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void load() {
    try {
      Native.load();
    } catch (LinkageError e) {
      LOG.debug("The library of zstd cannot be loaded; whoever needs it is told so.", e);
    }
  }

  /**
   * Decompresses frames, one or several.
   *
   * @param limit how many bytes may come out
   * @throws MalformedIndexException if more would come out, or if it is not zstd
   * @throws EOFException if it ends too soon, as what was cut does
   */
  static byte[] decompress(byte[] compressed, int limit) throws IOException {
    if (compressed.length == 0) {
      throw new EOFException("it is empty");
    }
    long size = Zstd.getFrameContentSize(compressed);
    boolean plausible =
        size > 0
            && size <= limit
            && (size <= PLAUSIBLE || size / PLAUSIBLE_RATIO <= compressed.length);
    if (plausible) {
      byte[] plain = new byte[(int) size];
      try {
        if (Zstd.decompressByteArray(plain, 0, plain.length, compressed, 0, compressed.length)
            == size) {
          return plain;
        }
      } catch (ZstdException e) {
        LOG.debug("A small file of zstd is read as a stream, which tells better what is wrong.", e);
      }
    }
    // also several frames, or none that says its size
    return readStream(compressed, limit);
  }

  /** Returns what a stream of frames decompresses to. */
  static InputStream stream(InputStream compressed) throws IOException {
    return new ZstdInputStreamNoFinalizer(compressed).setLongMax(LARGEST_WINDOW_LOG);
  }

  private static byte[] readStream(byte[] compressed, int limit) throws IOException {
    try (InputStream in = stream(new ByteArrayInputStream(compressed))) {
      byte[] plain = new byte[FIRST_BUFFER];
      int filled = 0;
      while (true) {
        int read = in.read(plain, filled, plain.length - filled);
        if (read < 0) {
          return Arrays.copyOf(plain, filled);
        }
        filled += read;
        if (filled > limit) {
          throw new MalformedIndexException("it unpacks to more than %d bytes".formatted(limit));
        }
        if (filled == plain.length) {
          plain = Arrays.copyOf(plain, (int) Math.min(2L * filled, limit + 1L));
        }
      }
    } catch (ZstdIOException e) {
      if (isCut(e)) {
        throw new EOFException("it ends too soon");
      }
      throw new MalformedIndexException("it is not zstd: " + e.getMessage());
    }
  }

  /** Tells whether a stream failed because it ended; it has a code of its own only at times. */
  static boolean isCut(ZstdIOException e) {
    return e.getErrorCode() == Zstd.errSrcSizeWrong()
        || String.valueOf(e.getMessage()).startsWith("Truncated");
  }
}

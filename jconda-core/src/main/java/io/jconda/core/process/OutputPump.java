package io.jconda.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one output of a program to its end on a daemon thread of its own, so that the program never
 * waits for us.
 */
public final class OutputPump implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);

  private final InputStream in;
  private final BoundedOutput captured;
  private final Charset charset;
  private final ByteSink copies;
  private final Thread thread;
  private @Nullable LineSplitter lines;
  private volatile @Nullable RuntimeException listenerFailure;
  private volatile boolean detached;

  /** When the read under way began to wait; 0 while something else is done. */
  private volatile long waitingSince;

  private OutputPump(
      String name,
      InputStream in,
      Charset charset,
      long maxBytes,
      @Nullable Consumer<String> listener,
      ByteSink copies) {
    this.in = in;
    this.copies = copies;
    this.charset = charset;
    this.captured = new BoundedOutput(maxBytes);
    this.lines = listener == null ? null : new LineSplitter(charset, listener);
    this.thread = new Thread(this, name);
    thread.setDaemon(true);
  }

  /**
   * Begins to read.
   *
   * @param name the name of the thread
   * @param in what is read; closed at its end
   * @param charset what the bytes are text in
   * @param maxBytes how many are kept
   * @param listener hears each line, if not null
   * @param copies takes the bytes as they come
   */
  public static OutputPump start(
      String name,
      InputStream in,
      Charset charset,
      long maxBytes,
      @Nullable Consumer<String> listener,
      ByteSink copies) {
    OutputPump pump = new OutputPump(name, in, charset, maxBytes, listener, copies);
    pump.thread.start();
    return pump;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[16_384];
    try (in) {
      int count;
      while ((count = read(buffer)) >= 0) {
        if (!detached) {
          captured.add(buffer, count);
          int length = count;
          copy(buffer, length);
          tell(splitter -> splitter.add(buffer, length));
        }
      }
    } catch (IOException e) {
      // the pipe of a program that was ended: what had come is kept
      LOG.debug("{} ended early", thread.getName(), e);
    }
    tell(LineSplitter::end);
  }

  private int read(byte[] buffer) throws IOException {
    waitingSince = System.nanoTime() | 1;
    try {
      return in.read(buffer);
    } finally {
      waitingSince = 0;
    }
  }

  /** Takes a copy of what is read. */
  @FunctionalInterface
  public interface ByteSink {
    /** Takes so many bytes from the beginning of an array that will be used again. */
    void add(byte[] bytes, int count);
  }

  private void copy(byte[] bytes, int count) {
    try {
      copies.add(bytes, count);
    } catch (RuntimeException e) {
      listenerFailure = e;
      lines = null;
    }
  }

  private void tell(Consumer<LineSplitter> news) {
    LineSplitter splitter = lines;
    if (splitter == null || detached) {
      return;
    }
    try {
      news.accept(splitter);
    } catch (RuntimeException e) {
      listenerFailure = e;
      lines = null;
    }
  }

  /** Tells whether a thread is the one that reads, and that listeners are called from. */
  public boolean isReadBy(Thread other) {
    return other == thread;
  }

  /** Returns what the listener threw, if it did. */
  Optional<RuntimeException> listenerFailure() {
    return Optional.ofNullable(listenerFailure);
  }

  /** Waits for the end of the output, but only so long. */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    thread.join(Math.max(1, limit.toMillis()));
    return !thread.isAlive();
  }

  /**
   * Tells whether nothing has come for so long, though somebody still holds the other end.
   *
   * @param end when the program ended: only silence after it counts, because what was written just
   *     before may not have been seen yet
   */
  boolean isIdle(Duration quiet, long end) {
    long since = waitingSince;
    long now = System.nanoTime();
    return since != 0 && now - since >= quiet.toNanos() && now - end >= quiet.toNanos();
  }

  /** Keeps and tells nothing more; goes on reading so that nobody is held up. */
  void detach() {
    detached = true;
  }

  /** Returns what was kept so far. */
  public String text() {
    return captured.text(charset);
  }

  boolean isTruncated() {
    return captured.isTruncated();
  }
}

package io.jconda.core.process;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies both outputs of a command to where they are also wanted: a file, a logger. Thread-safe.
 */
final class Tee implements AutoCloseable {
  private final @Nullable Path file;
  private final @Nullable OutputStream out;
  private final @Nullable Logger log;
  private boolean closed;

  private Tee(@Nullable Path file, @Nullable OutputStream out, @Nullable String logName) {
    this.file = file;
    this.out = out;
    this.log = logName == null ? null : LoggerFactory.getLogger(logName);
  }

  static Tee open(CommandSettings settings, Disk disk) {
    Path file = settings.teeFile();
    if (file == null) {
      return new Tee(null, null, settings.logName());
    }
    try {
      return new Tee(file, disk.newOutputStream(file), settings.logName());
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RuntimeException failed(Path file, IOException cause) {
    return DiskFailure.explain("copy the output of a command", file, cause);
  }

  /** Returns what takes the bytes of an output. */
  OutputPump.ByteSink copies() {
    return this::copy;
  }

  private synchronized void copy(byte[] bytes, int count) {
    OutputStream to = out;
    Path name = file;
    if (to == null || name == null || closed) {
      return;
    }
    try {
      to.write(bytes, 0, count);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  /** Returns what hears the lines of an output: the command's own listener, and the log. */
  @Nullable Consumer<String> listener(@Nullable Consumer<String> own, boolean errors) {
    Logger to = log;
    if (to == null) {
      return own;
    }
    return line -> {
      if (errors) {
        to.warn("{}", line);
      } else {
        to.info("{}", line);
      }
      if (own != null) {
        own.accept(line);
      }
    };
  }

  @Override
  public synchronized void close() {
    OutputStream to = out;
    Path name = file;
    closed = true;
    if (to != null && name != null) {
      try {
        to.close();
      } catch (IOException e) {
        throw failed(name, e);
      }
    }
  }
}

package io.jconda.core.bench;

import io.jconda.core.host.Disk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Is a disk that adds up the time of its operations. */
final class TimedDisk extends Disk {
  private final Map<String, Long> nanos = new ConcurrentHashMap<>();

  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T time(String name, Step<T> step) throws IOException {
    long begin = System.nanoTime();
    try {
      return step.run();
    } finally {
      nanos.merge(name, System.nanoTime() - begin, Long::sum);
    }
  }

  /** Returns the time of each operation in milliseconds. */
  Map<String, Double> millis() {
    Map<String, Double> millis = new TreeMap<>();
    nanos.forEach((name, sum) -> millis.put(name, sum / 1e6));
    return millis;
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    time(
        "create_directories",
        () -> {
          super.createDirectories(folder);
          return folder;
        });
  }

  @Override
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    OutputStream real = time("open", () -> super.newOutputStream(file, options));
    return new FilterOutputStream(real) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        time(
            "write",
            () -> {
              real.write(bytes, offset, length);
              return length;
            });
      }

      @Override
      public void close() throws IOException {
        time(
            "close",
            () -> {
              real.close();
              return 0;
            });
      }
    };
  }

  @Override
  public void move(Path source, Path target) throws IOException {
    time(
        "rename",
        () -> {
          super.move(source, target);
          return target;
        });
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    return time("delete", () -> super.deleteIfExists(path));
  }

  @Override
  public void setExecutable(Path file, boolean executable) throws IOException {
    time(
        "set_executable",
        () -> {
          super.setExecutable(file, executable);
          return file;
        });
  }

  @Override
  public void setLastModified(Path file, FileTime time) throws IOException {
    time(
        "set_time",
        () -> {
          super.setLastModified(file, time);
          return file;
        });
  }

  @Override
  public void force(Path file) throws IOException {
    time(
        "force",
        () -> {
          super.force(file);
          return file;
        });
  }
}

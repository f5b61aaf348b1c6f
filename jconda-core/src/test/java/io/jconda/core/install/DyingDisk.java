package io.jconda.core.install;

import io.jconda.core.host.Disk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Is a disk on which nothing more happens from its <i>n</i>th operation on, not even an undoing: as
 * if the process had been killed then.
 */
final class DyingDisk extends Disk {
  private final AtomicInteger left;

  DyingDisk(int dies) {
    this.left = new AtomicInteger(dies);
  }

  private void next() throws IOException {
    if (left.decrementAndGet() <= 0) {
      throw new IOException("the process was killed");
    }
  }

  @Override
  public void createDirectories(Path path) throws IOException {
    next();
    super.createDirectories(path);
  }

  @Override
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    next();
    return new FilterOutputStream(super.newOutputStream(file, options)) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        next();
        out.write(bytes, from, length);
      }
    };
  }

  @Override
  public FileChannel openChannel(Path file, OpenOption... options) throws IOException {
    next();
    return super.openChannel(file, options);
  }

  @Override
  public void move(Path source, Path target) throws IOException {
    next();
    super.move(source, target);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    next();
    super.createLink(link, existing);
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    next();
    super.createSymbolicLink(link, target);
  }

  @Override
  public void copy(Path source, Path target) throws IOException {
    next();
    super.copy(source, target);
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    next();
    return super.deleteIfExists(path);
  }

  @Override
  public void setExecutable(Path file, boolean executable) throws IOException {
    next();
    super.setExecutable(file, executable);
  }

  @Override
  public void setLastModified(Path file, FileTime time) throws IOException {
    next();
    super.setLastModified(file, time);
  }

  @Override
  public void force(Path file) throws IOException {
    next();
    super.force(file);
  }
}

package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;

/** Is a disk that shows what is written before it writes it. */
class WatchedDisk extends Disk {
  private final Consumer<Path> watcher;

  WatchedDisk(Consumer<Path> watcher) {
    this.watcher = watcher;
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    watcher.accept(folder);
    super.createDirectories(folder);
  }

  @Override
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    watcher.accept(file);
    return super.newOutputStream(file, options);
  }

  @Override
  public FileChannel openChannel(Path file, OpenOption... options) throws IOException {
    watcher.accept(file);
    return super.openChannel(file, options);
  }

  @Override
  public AsynchronousFileChannel openLockChannel(Path file) throws IOException {
    watcher.accept(file);
    return super.openLockChannel(file);
  }

  @Override
  public void move(Path source, Path target) throws IOException {
    watcher.accept(source);
    watcher.accept(target);
    super.move(source, target);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    watcher.accept(link);
    super.createLink(link, existing);
  }

  @Override
  public void copy(Path source, Path target) throws IOException {
    watcher.accept(target);
    super.copy(source, target);
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    watcher.accept(path);
    return super.deleteIfExists(path);
  }

  @Override
  public void setExecutable(Path file, boolean executable) throws IOException {
    watcher.accept(file);
    super.setExecutable(file, executable);
  }

  @Override
  public void setLastModified(Path file, FileTime time) throws IOException {
    watcher.accept(file);
    super.setLastModified(file, time);
  }
}

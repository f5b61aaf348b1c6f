package io.jconda.core.host;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Is a disk that fails at its <i>n</i>th operation. Operations are the methods of {@link Disk} that
 * are not made of others, and each write to a stream that it opened. Thread-safe.
 */
public final class FaultyDisk extends Disk {
  private final int failing;
  private final Fault fault;
  private final Runnable before;
  private final AtomicInteger count = new AtomicInteger();

  /** Tells how a disk fails. */
  public enum Fault {
    /** From that operation on nothing more fits; what is there can be deleted and moved. */
    FULL,
    /** That operation is refused; what follows works. */
    DENIED,
    /** That operation fails; what follows works. */
    BROKEN,
    /**
     * From that operation on nothing happens any more, not even an undoing: as if the process had
     * been killed then.
     */
    DEAD,
    /** The JVM ends at once, before that operation. */
    HALT,
    /** Something else is done before that operation, and nothing fails. */
    CALLING
  }

  private FaultyDisk(int failing, Fault fault, Runnable before) {
    this.failing = failing;
    this.fault = fault;
    this.before = before;
  }

  /** Returns a disk that works, and counts. */
  public static FaultyDisk counting() {
    return new FaultyDisk(Integer.MAX_VALUE, Fault.BROKEN, () -> {});
  }

  /**
   * Returns a disk that fails.
   *
   * @param operation which operation fails; the first is 1
   */
  public static FaultyDisk failingAt(int operation, Fault fault) {
    return new FaultyDisk(operation, fault, () -> {});
  }

  /**
   * Returns a disk that works, and before one of its operations does something else.
   *
   * @param operation before which operation; the first is 1
   */
  public static FaultyDisk calling(int operation, Runnable before) {
    return new FaultyDisk(operation, Fault.CALLING, before);
  }

  /** Returns how many operations there were. */
  public int operations() {
    return count.get();
  }

  /** Tells whether the operation at which it fails has come. */
  public boolean hasFailed() {
    return count.get() >= failing;
  }

  private void next(Path path, boolean needsRoom) throws IOException {
    int number = count.incrementAndGet();
    if (number < failing) {
      return;
    }
    if (fault == Fault.FULL) {
      if (needsRoom) {
        throw new FileSystemException(path.toString(), null, "No space left on device");
      }
      return;
    }
    if (fault == Fault.DEAD) {
      throw new IOException("the process was killed");
    }
    if (number == failing) {
      switch (fault) {
        case DENIED -> throw new AccessDeniedException(path.toString());
        case HALT -> Runtime.getRuntime().halt(137);
        case CALLING -> before.run();
        default -> throw new FileSystemException(path.toString(), null, "Input/output error");
      }
    }
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    next(folder, true);
    super.createDirectories(folder);
  }

  @Override
  public void createDirectory(Path folder) throws IOException {
    next(folder, true);
    super.createDirectory(folder);
  }

  @Override
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    next(file, true);
    return new FilterOutputStream(super.newOutputStream(file, options)) {
      @Override
      public void write(int oneByte) throws IOException {
        next(file, true);
        out.write(oneByte);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        next(file, true);
        out.write(bytes, offset, length);
      }
    };
  }

  @Override
  public FileChannel openChannel(Path file, OpenOption... options) throws IOException {
    next(file, true);
    return super.openChannel(file, options);
  }

  @Override
  public AsynchronousFileChannel openLockChannel(Path file) throws IOException {
    next(file, true);
    return super.openLockChannel(file);
  }

  @Override
  public void move(Path source, Path target) throws IOException {
    next(target, false);
    super.move(source, target);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    next(link, true);
    super.createLink(link, existing);
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    next(link, true);
    super.createSymbolicLink(link, target);
  }

  @Override
  public void copy(Path source, Path target) throws IOException {
    next(target, true);
    super.copy(source, target);
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    next(path, false);
    return super.deleteIfExists(path);
  }

  @Override
  public void setExecutable(Path file, boolean executable) throws IOException {
    next(file, false);
    super.setExecutable(file, executable);
  }

  @Override
  public void setLastModified(Path file, FileTime time) throws IOException {
    next(file, false);
    super.setLastModified(file, time);
  }

  @Override
  public void force(Path file) throws IOException {
    next(file, true);
    super.force(file);
  }
}

package io.jconda.core.host;

import io.jconda.OperationCancelledException;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Holder;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one process at a time work on a folder, by a lock on a file in it: whoever may write there
 * meets there, be it another user with another temporary folder.
 *
 * <p>The file is there while somebody holds the lock, and goes with it. That is safe because a lock
 * counts only if its file still has its name when the lock is there; who finds that it has not
 * looks again. The folder may be moved or deleted meanwhile. Threads of one JVM, and all processes
 * that can, have to exclude each other by {@link Locks} first. Thread-safe.
 */
public final class FolderLock implements ExclusiveLock {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
  private static final long SHORTEST_WAIT = Duration.ofMillis(2).toMillis();
  private static final long LONGEST_WAIT = Duration.ofMillis(200).toMillis();

  /** Behind what is written there, since some systems let nobody read what is locked. */
  private static final long POSITION = 1L << 40;

  private static final String ABSENT = "absent";

  /** Is held where nothing can be locked. */
  private static final Held NOTHING = () -> {};

  private final Path folder;
  private final Path file;
  private final Disk disk;

  private FolderLock(Path folder, Disk disk) {
    this.folder = folder;
    this.file = folder.resolve("lock");
    this.disk = disk;
  }

  /**
   * Makes the lock of a folder; nothing is read or written before it is taken.
   *
   * @param folder where the file lies; made while the lock is held if only its last part is missing
   * @param disk what writes it
   */
  public static FolderLock in(Path folder, Disk disk) {
    return new FolderLock(folder, disk);
  }

  /**
   * {@inheritDoc} Where nothing can be locked, because there is no such folder, nothing may be
   * written into it, or its file system has no locks, it returns at once and keeps nobody out.
   */
  @Override
  public Held acquire(OperationContext context) {
    long wait = SHORTEST_WAIT;
    while (true) {
      context.checkpoint();
      Held held = take();
      if (held != null) {
        return held;
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }

  /** {@inheritDoc} Where nothing can be locked it keeps nobody out. */
  @Override
  public Optional<Held> tryAcquire(OperationContext context) {
    return Optional.ofNullable(take());
  }

  private void pause(long millis) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  private OperationCancelledException interrupted(Exception e) {
    return new OperationCancelledException(
        "The operation was stopped: its thread was interrupted while it waited for the lock "
            + file
            + ".",
        "Start it again.",
        e);
  }

  @Override
  public Optional<Holder> holder() {
    try {
      return HolderNotes.parse(file).filter(HolderNotes::isAlive);
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private @Nullable Held take() {
    try {
      makeFolder();
      if (identity().equals(ABSENT)) {
        open().close();
      }
      Object before = identity();
      FileChannel channel = open();
      Held held = null;
      try {
        held = take(channel, before);
      } finally {
        if (held == null) {
          channel.close();
        }
      }
      return held;
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (NoSuchFileException e) {
      // somebody took the folder away, as the last one does who held the lock, or it was never
      // there
      Path parent = folder.getParent();
      return parent != null && Files.isDirectory(parent) ? null : NOTHING;
    } catch (IOException e) {
      LOG.debug("{} cannot be locked", file, e);
      return NOTHING;
    }
  }

  private FileChannel open() throws IOException {
    return disk.openChannel(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void makeFolder() throws IOException {
    try {
      disk.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      LOG.trace("{} is there", folder, e);
    }
  }

  /** Returns what tells the file from another of the same name. */
  private Object identity() throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? "present" : key;
    } catch (NoSuchFileException e) {
      return ABSENT;
    }
  }

  private @Nullable Held take(FileChannel channel, Object before) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(POSITION, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
    if (lock == null || before.equals(ABSENT) || !before.equals(identity())) {
      return null;
    }
    write(channel);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        release(channel, before);
      }
    };
  }

  private static void write(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(HolderNotes.ofThisProcess().getBytes(StandardCharsets.UTF_8));
    channel.truncate(0);
    while (text.hasRemaining()) {
      channel.write(text);
    }
  }

  private void release(FileChannel channel, Object own) {
    try {
      try {
        // the folder may have gone, and another one have come with somebody else's file
        if (own.equals(identity())) {
          disk.deleteIfExists(file);
          disk.deleteIfExists(folder);
        }
      } catch (DirectoryNotEmptyException e) {
        LOG.trace("{} holds something else", folder, e);
      } finally {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("{} stays; the lock itself is free", file, e);
    }
  }
}

package io.jconda.core.host;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken.Registration;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets threads and processes exclude each other by named locks that live in one folder.
 *
 * <p>All names share one lock file, which is made once and never deleted; a name is a byte of it.
 * The process keeps one channel on that file and never closes it, and a table in front of it, which
 * all class loaders of the JVM share, makes its threads exclude each other. A lock ends with the
 * process that holds it, however that ends. Where the file system has no locks, threads of one JVM
 * still exclude each other, processes do not, and the first caller is warned: what is published by
 * atomic rename stays correct there.
 *
 * <p>Locks are not reentrant: a thread that asks again for an exclusive lock that it holds waits
 * for ever. A shared lock is granted beside other shared ones even while somebody waits for an
 * exclusive one, so that a thread may hold one while its workers take it too. Thread-safe.
 */
public final class Locks {
  private static final long SHORTEST_WAIT = Duration.ofMillis(2).toNanos();
  private static final long LONGEST_WAIT = Duration.ofMillis(200).toNanos();
  private static final long SILENT_WAIT = Duration.ofSeconds(2).toNanos();

  private final Path folder;
  private final Disk disk;
  private final HolderNotes notes;

  private Locks(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.notes = new HolderNotes(folder, disk);
  }

  /** Tells whom a lock keeps out. */
  public enum Mode {
    /** Many at once, as long as nobody has it exclusively. */
    SHARED,
    /** One, and nobody beside it. */
    EXCLUSIVE
  }

  /** A lock that is held until it is closed, by any thread; closing it again does nothing. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Names who holds a lock.
   *
   * @param pid the process
   * @param host the name of its machine
   * @param since when it took the lock
   */
  public record Holder(long pid, String host, Instant since) {
    /** Returns a phrase such as {@code process 12 on host since 2026-01-01T00:00:00Z}. */
    @Override
    public String toString() {
      return "process " + pid + " on " + host + " since " + since;
    }
  }

  /**
   * Makes the locks of a folder; nothing is read or written before the first one is taken.
   *
   * @param folder where the lock file lies; made when it is needed
   * @param disk what writes it
   */
  public static Locks at(Path folder, Disk disk) {
    return new Locks(folder, disk);
  }

  /**
   * Takes a lock, and blocks until it is free. Whoever waits for more than two seconds gets one
   * warning event that names the holder.
   *
   * @param key the lock's name
   * @throws OperationCancelledException if the operation was cancelled, its time was up, or the
   *     thread was interrupted while it waited
   * @throws io.jconda.StorageException if the lock file cannot be made or opened
   */
  public Held acquire(String key, Mode mode, OperationContext context) {
    return acquire(key, key, mode, context);
  }

  /**
   * Does what {@link #acquire(String, Mode, OperationContext)} does, and calls the lock something
   * that people understand.
   *
   * @param shown what the warning calls it
   */
  public Held acquire(String key, String shown, Mode mode, OperationContext context) {
    LockTable table = open();
    String name = hash(key);
    long position = position(name);
    long start = System.nanoTime();
    long wait = SHORTEST_WAIT;
    boolean told = false;
    Registration wakeUp = context.token().onCancel(table::wake);
    try {
      while (true) {
        context.checkpoint();
        if (take(table, position, mode, jittered(wait), context)) {
          return held(table, name, position, context);
        }
        wait = Math.min(LONGEST_WAIT, wait * 2);
        if (!told && System.nanoTime() - start > SILENT_WAIT) {
          told = true;
          context.events().warn(waiting(key, shown));
        }
      }
    } finally {
      wakeUp.close();
    }
  }

  /** Returns one of the locks, to be held exclusively. */
  public ExclusiveLock exclusive(String key) {
    return new ExclusiveLock() {
      @Override
      public Held acquire(OperationContext context) {
        return Locks.this.acquire(key, Mode.EXCLUSIVE, context);
      }

      @Override
      public Optional<Held> tryAcquire(OperationContext context) {
        return Locks.this.tryAcquire(key, Mode.EXCLUSIVE, context);
      }

      @Override
      public Optional<Holder> holder() {
        return Locks.this.holder(key);
      }
    };
  }

  /**
   * Takes a lock if it is free now.
   *
   * @param key the lock's name
   * @return the lock, or nothing if somebody else holds it
   * @throws io.jconda.StorageException if the lock file cannot be made or opened
   */
  public Optional<Held> tryAcquire(String key, Mode mode, OperationContext context) {
    LockTable table = open();
    String name = hash(key);
    long position = position(name);
    return take(table, position, mode, 0, context)
        ? Optional.of(held(table, name, position, context))
        : Optional.empty();
  }

  /**
   * Returns who holds a lock now, as far as that is known: one of them, if it is shared. The answer
   * may be out of date when it arrives, and is for messages only.
   *
   * @param key the lock's name
   */
  public Optional<Holder> holder(String key) {
    return notes.read(hash(key));
  }

  /**
   * Tells whether locks keep out other processes, as far as anybody has tried: not so on a file
   * system without locks. To be asked after a lock was taken.
   *
   * @throws io.jconda.StorageException if the lock file cannot be made or opened
   */
  public boolean keepOutProcesses() {
    return !open().isLockless();
  }

  private LockTable open() {
    try {
      if (!Files.isDirectory(folder)) {
        disk.createDirectories(folder);
      }
      return LockTable.of(folder.toRealPath().resolve("locks"), disk);
    } catch (IOException e) {
      throw DiskFailure.explain("open the lock file", folder, e);
    }
  }

  private boolean take(
      LockTable table, long position, Mode mode, long waitNanos, OperationContext context) {
    try {
      return table.take(position, mode == Mode.SHARED, waitNanos, context.token()::isCancelled);
    } catch (IOException e) {
      throw DiskFailure.explain("take a lock", folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationCancelledException(
          "The operation was stopped: its thread was interrupted while it waited for a lock in "
              + folder
              + ".",
          "Start it again.",
          e);
    }
  }

  private Held held(LockTable table, String name, long position, OperationContext context) {
    if (table.claimWarning()) {
      context
          .events()
          .warn(
              "The file system of %s has no file locks, so other processes are not kept out. Use"
                      .formatted(folder)
                  + " a root on a local disk if several processes share it.");
    }
    try {
      notes.write(name);
    } catch (IOException e) {
      // a full disk must not keep anybody from cleaning up, and only messages miss the note
      context.events().warn("Others will not be told that this process holds a lock: " + e + ".");
    }
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        table.release(position, () -> notes.delete(name));
      }
    };
  }

  private String waiting(String key, String shown) {
    String holder = holder(key).map(Holder::toString).orElse("another process");
    return "Waiting for '%s', which %s holds.".formatted(shown, holder);
  }

  private static long jittered(long nanos) {
    return ThreadLocalRandom.current().nextLong(nanos / 2, nanos);
  }

  private static String hash(String key) {
    byte[] digest = Hashes.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(ByteBuffer.wrap(digest).getLong() >>> 2 | 1L << 62);
  }

  private static long position(String name) {
    return Long.parseLong(name, 16);
  }
}

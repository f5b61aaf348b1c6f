package io.jconda.core.host;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Is one lock file as the whole JVM sees it: the channel, and who in the JVM holds which byte.
 *
 * <p>POSIX locks belong to the process, so there must be one table per JVM, not per class loader.
 * The state therefore hangs on the system properties and is made of the JDK's own types only; this
 * class is a view of it. The layout carries a number in its name, because another version of JConda
 * may share the JVM.
 */
final class LockTable {
  private static final String TABLES = "io.jconda.locks.1";

  private final Path file;
  private final Disk disk;
  private final Map<String, Object> state;
  private final ReentrantLock guard;
  private final Condition changed;
  private final Map<Long, int[]> holders;
  private final Map<Long, FileLock> locks;

  @SuppressWarnings("unchecked")
  private LockTable(Path file, Disk disk, Map<String, Object> state) {
    this.file = file;
    this.disk = disk;
    this.state = state;
    this.guard = (ReentrantLock) value("guard");
    this.changed = (Condition) value("changed");
    this.holders = (Map<Long, int[]>) value("holders");
    this.locks = (Map<Long, FileLock>) value("locks");
  }

  /**
   * Returns the JVM's table of a lock file.
   *
   * @param file the file by its real name
   */
  @SuppressWarnings("unchecked")
  static LockTable of(Path file, Disk disk) {
    Map<String, Map<String, Object>> tables =
        (Map<String, Map<String, Object>>)
            System.getProperties().computeIfAbsent(TABLES, key -> new ConcurrentHashMap<>());
    return new LockTable(file, disk, tables.computeIfAbsent(file.toString(), name -> emptyState()));
  }

  private static Map<String, Object> emptyState() {
    Map<String, Object> state = new ConcurrentHashMap<>();
    ReentrantLock guard = new ReentrantLock();
    state.put("guard", guard);
    state.put("changed", guard.newCondition());
    state.put("holders", new HashMap<Long, int[]>());
    state.put("locks", new HashMap<Long, FileLock>());
    return state;
  }

  private Object value(String key) {
    Object value = state.get(key);
    if (value == null) {
      throw new IllegalStateException("The JVM's lock table lacks " + key + ".");
    }
    return value;
  }

  /**
   * Takes a byte, or waits a while for something to change.
   *
   * @param waitNanos how long to wait if somebody else has it; not at all if 0
   * @param stop asked, under the guard, whether to give up
   * @return whether it was taken
   */
  boolean take(long position, boolean shared, long waitNanos, BooleanSupplier stop)
      throws IOException, InterruptedException {
    guard.lock();
    try {
      long left = waitNanos;
      while (!takeNow(position, shared)) {
        if (left <= 0 || stop.getAsBoolean()) {
          return false;
        }
        // who waits for a thread of this JVM is woken; the time is for processes and time limits
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      guard.unlock();
    }
  }

  private boolean takeNow(long position, boolean shared) throws IOException {
    int[] holder = holders.get(position);
    if (holder != null) {
      boolean joins = shared && holder[0] > 0;
      holder[0] += joins ? 1 : 0;
      return joins;
    }
    FileLock lock = lockFile(position, shared);
    if (lock == null && !isLockless()) {
      return false;
    }
    if (lock != null) {
      locks.put(position, lock);
    }
    // positive: so many share it; -1: one has it alone
    holders.put(position, new int[] {shared ? 1 : -1});
    return true;
  }

  private @Nullable FileLock lockFile(long position, boolean shared) throws IOException {
    if (isLockless()) {
      return null;
    }
    AsynchronousFileChannel channel = channel();
    try {
      return channel.tryLock(position, 1, shared);
    } catch (OverlappingFileLockException e) {
      // the JVM lost its table, for instance by System.setProperties: somebody in it has the byte
      return null;
    } catch (IOException e) {
      if (!saysUnsupported(e)) {
        throw e;
      }
      state.put("lockless", true);
      return null;
    }
  }

  private static boolean saysUnsupported(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no locks available")
        || text.contains("not supported")
        || text.contains("not implemented")
        || text.contains("inappropriate ioctl");
  }

  /** Tells whether the file system turned out to have no locks. */
  boolean isLockless() {
    return state.containsKey("lockless");
  }

  /** Tells once per JVM that the file system has no locks. */
  boolean claimWarning() {
    return isLockless() && state.put("told", true) == null;
  }

  /**
   * Returns the channel on the file that has the name now: who deletes a lock file under a running
   * process would otherwise leave it locking what nobody else can see.
   */
  private AsynchronousFileChannel channel() throws IOException {
    Object open = state.get("channel");
    if (open != null && identity().equals(state.get("identity"))) {
      return (AsynchronousFileChannel) open;
    }
    // the old channel is not closed: locks taken on it are still held
    AsynchronousFileChannel channel = disk.openLockChannel(file);
    state.put("channel", channel);
    state.put("identity", identity());
    return channel;
  }

  private Object identity() throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      // Windows has no key, and no deletion of open files either
      return key == null ? "present" : key;
    } catch (NoSuchFileException e) {
      return "absent";
    }
  }

  /**
   * Gives a byte back.
   *
   * @param last run before the file's lock goes, if nobody else in the JVM shares it
   */
  void release(long position, Runnable last) {
    guard.lock();
    try {
      int[] holder = holders.get(position);
      if (holder == null) {
        throw new IllegalStateException("A lock was given back that nobody holds.");
      }
      if (holder[0] > 1) {
        holder[0]--;
        return;
      }
      try {
        last.run();
      } finally {
        holders.remove(position);
        unlock(locks.remove(position));
        changed.signalAll();
      }
    } finally {
      guard.unlock();
    }
  }

  private void unlock(@Nullable FileLock lock) {
    if (lock == null) {
      return;
    }
    try {
      lock.release();
    } catch (IOException e) {
      throw DiskFailure.explain("release a lock", file, e);
    }
  }

  /** Makes everybody who waits look again. */
  void wake() {
    guard.lock();
    try {
      changed.signalAll();
    } finally {
      guard.unlock();
    }
  }
}

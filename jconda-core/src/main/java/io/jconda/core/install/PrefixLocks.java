package io.jconda.core.install;

import io.jconda.EnvironmentBusyException;
import io.jconda.OperationCancelledException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.ExclusiveLock;
import io.jconda.core.host.FolderLock;
import io.jconda.core.host.Locks;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one writer at a time work on a prefix.
 *
 * <p>There are three locks for each prefix, taken in the same order by everybody: one in a folder
 * of the machine's temporary files, by which all processes of a user meet, whatever their roots;
 * one in the root, by which those meet that share the root from other machines or containers; and
 * one in a prefix that is there, by which different users meet who may write into it. Where the
 * first cannot be had the others must do. Windows has no third, because a folder with an open file
 * in it cannot be renamed there. Thread-safe.
 */
public final class PrefixLocks {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixLocks.class);

  private final List<Locks> places = new ArrayList<>();
  private final Disk disk;
  private final Duration patience;

  /**
   * Makes locks that are waited for for half a minute.
   *
   * @param ofRoot the locks of the root
   * @param disk what writes
   */
  public PrefixLocks(Locks ofRoot, Disk disk) {
    this(ofRoot, ofMachine(), disk, Duration.ofSeconds(30));
  }

  /**
   * Makes locks.
   *
   * @param ofRoot the locks of the root
   * @param ofMachine a folder that all processes of the user have in common
   * @param disk what writes
   * @param patience how long to wait for another writer
   */
  PrefixLocks(Locks ofRoot, Path ofMachine, Disk disk, Duration patience) {
    this.disk = disk;
    this.patience = patience;
    if (isUsable(ofMachine, disk)) {
      places.add(Locks.at(ofMachine, disk));
    }
    places.add(ofRoot);
  }

  static Path ofMachine() {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
    return Path.of(
        System.getProperty("java.io.tmpdir"), "jconda-locks-" + user.toLowerCase(Locale.ROOT));
  }

  /** The folder's name can be guessed, so it counts only if it is the user's own, and no link. */
  private static boolean isUsable(Path folder, Disk disk) {
    try {
      disk.createDirectories(folder);
      boolean own =
          Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
              .getName()
              .equals(System.getProperty("user.name"));
      boolean usable =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.isWritable(folder)
              && (own || !hasOwners(folder));
      if (!usable) {
        LOG.debug("{} is not the user's own; only the locks of the root are used.", folder);
      }
      return usable;
    } catch (IOException e) {
      LOG.debug("{} cannot be used; only the locks of the root are.", folder, e);
      return false;
    }
  }

  /** Elsewhere owners are written with a domain, and the folder is the user's own anyway. */
  private static boolean hasOwners(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Takes the prefix for the caller alone, and blocks until that is possible.
   *
   * @throws EnvironmentBusyException if another writer is not done in time; it says which
   * @throws OperationCancelledException if the operation should stop
   * @throws StorageException if a lock file cannot be written
   */
  public Locks.Held acquire(Path prefix, OperationContext context) {
    Duration wait = shorter(patience, context.token().remaining());
    CancellationToken token = CancellationToken.withTimeout(wait);
    CancellationToken.Registration stop =
        context.token().onCancel(() -> token.cancel("the operation was stopped"));
    List<ExclusiveLock> locks = locks(prefix);
    Deque<Locks.Held> held = new ArrayDeque<>();
    boolean done = false;
    try {
      for (int i = 0; i < locks.size(); i++) {
        held.push(take(locks.subList(i, locks.size()), prefix, token, context));
      }
      done = true;
      return () -> held.forEach(Locks.Held::close);
    } finally {
      stop.close();
      if (!done) {
        held.forEach(Locks.Held::close);
      }
    }
  }

  /**
   * Takes the prefix for the caller alone if nobody has it now.
   *
   * @return the prefix, or nothing if somebody else works on it
   * @throws StorageException if a lock file cannot be written
   */
  Optional<Locks.Held> tryAcquire(Path prefix) {
    Deque<Locks.Held> held = new ArrayDeque<>();
    boolean done = false;
    try {
      for (ExclusiveLock lock : locks(prefix)) {
        Optional<Locks.Held> next = lock.tryAcquire(OperationContext.silent());
        if (next.isEmpty()) {
          return Optional.empty();
        }
        held.push(next.get());
      }
      done = true;
      return Optional.of(() -> held.forEach(Locks.Held::close));
    } finally {
      if (!done) {
        held.forEach(Locks.Held::close);
      }
    }
  }

  /** Returns all locks of a prefix, in the order in which they are taken. */
  private List<ExclusiveLock> locks(Path prefix) {
    String key = "prefix " + canonical(prefix);
    List<ExclusiveLock> locks = new ArrayList<>();
    for (Locks place : places) {
      locks.add(place.exclusive(key));
    }
    if (!Platform.current().isWindows()) {
      locks.add(FolderLock.in(PrefixRecords.notesFolder(prefix), disk));
    }
    return locks;
  }

  /** Takes the first of some; if the time is up, whoever has any of them is named. */
  private static Locks.Held take(
      List<ExclusiveLock> left, Path prefix, CancellationToken token, OperationContext context) {
    context.checkpoint();
    // what is free is had whatever the time: a slow machine is no other writer
    Optional<Locks.Held> free = left.get(0).tryAcquire(context);
    if (free.isPresent()) {
      return free.get();
    }
    try {
      return left.get(0).acquire(new OperationContext(token, context.events()));
    } catch (OperationCancelledException e) {
      context.checkpoint();
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      Locks.Holder holder =
          left.stream().flatMap(lock -> lock.holder().stream()).findFirst().orElse(null);
      EnvironmentBusyException busy =
          holder == null
              ? new EnvironmentBusyException(prefix, -1, "", null)
              : new EnvironmentBusyException(prefix, holder.pid(), holder.host(), holder.since());
      busy.addSuppressed(e);
      throw busy;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Two ways to write one path must meet at one lock; the prefix itself may not be there yet. */
  private static String canonical(Path prefix) {
    Path existing = prefix.toAbsolutePath().normalize();
    Path rest = Path.of("");
    while (existing != null) {
      try {
        return existing.toRealPath().resolve(rest).toString();
      } catch (IOException e) {
        Path name = existing.getFileName();
        if (name == null) {
          break;
        }
        rest = rest.toString().isEmpty() ? name : name.resolve(rest);
        existing = existing.getParent();
      }
    }
    return prefix.toAbsolutePath().normalize().toString();
  }
}

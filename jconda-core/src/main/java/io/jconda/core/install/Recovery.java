package io.jconda.core.install;

import io.jconda.EnvironmentBusyException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Undoes or completes what killed processes left of changes to prefixes; nothing is done, and
 * nothing waited for, where nothing was left. Thread-safe; every method blocks.
 */
public final class Recovery {
  private final PrefixLocks locks;
  private final Disk disk;

  /**
   * Makes one.
   *
   * @param locks what keeps other writers out
   * @param disk what writes
   */
  public Recovery(PrefixLocks locks, Disk disk) {
    this.locks = locks;
    this.disk = disk;
  }

  /**
   * Recovers a prefix, and waits if a change of it is under way. Whoever is about to change a
   * prefix, or to look for it, calls this first.
   *
   * @throws EnvironmentBusyException if the change that is under way is not done in time
   * @throws StorageException if the disk refuses; the next call tries again
   */
  public void recover(Path prefix, OperationContext context) {
    if (!isLeft(prefix)) {
      return;
    }
    Locks.Held writer = locks.acquire(prefix, context);
    try {
      recoverLocked(prefix);
    } finally {
      writer.close();
    }
  }

  /**
   * Recovers a prefix unless a writer is at work on it, or the user may not write into it. Whoever
   * only reads one that was there calls this first: of a change that is under way, records tell
   * nothing that is not true.
   *
   * @throws StorageException if the disk refuses; the next call tries again
   */
  public void recoverUnlessBusy(Path prefix) {
    // who may not write meets no writer of another user at a lock, and could recover nothing
    Path records = PrefixRecords.metaFolder(prefix);
    if ((Files.exists(records) && !Files.isWritable(records)) || !isLeft(prefix)) {
      return;
    }
    locks
        .tryAcquire(prefix)
        .ifPresent(
            writer -> {
              try {
                recoverLocked(prefix);
              } finally {
                writer.close();
              }
            });
  }

  private boolean isLeft(Path prefix) {
    try {
      return Journal.isThere(prefix)
          || (!Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)
              && !new Siblings(prefix, disk).find(Siblings.Role.OLD).isEmpty());
    } catch (IOException e) {
      throw DiskFailure.explain("look for what an earlier process left of", prefix, e);
    }
  }

  /** Recovers a prefix that the caller has locked. */
  void recoverLocked(Path prefix) {
    try {
      Siblings siblings = new Siblings(prefix, disk);
      if (Journal.isUnborn(prefix)) {
        siblings.discard();
      }
      siblings.recover();
      Journal.recover(prefix, disk);
    } catch (IOException e) {
      throw DiskFailure.explain("undo what an earlier process left half done", prefix, e);
    }
  }
}

package io.jconda.core.install;

import io.jconda.EnvironmentBusyException;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.Forecast;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.OperationCancelledException;
import io.jconda.Plan;
import io.jconda.StorageException;
import io.jconda.Verification;
import io.jconda.core.cache.CacheCare;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.link.Launchers;
import io.jconda.core.prefix.Frozen;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies plans to prefixes, one transaction each: afterwards a prefix is the old one or the new
 * one, whatever fails, is cancelled, or is killed when.
 *
 * <p>What a killed process left is undone or completed by the next operation on the prefix, before
 * it does anything else. One writer at a time works on a prefix; the others wait. Thread-safe;
 * every method blocks.
 */
public final class Installer {
  private final PackageCache cache;
  private final PrefixLocks locks;
  private final Disk disk;
  private final Recovery recovery;
  private final Path rootPrefix;
  private final Launchers launchers;

  /**
   * Makes an installer without launchers for Windows.
   *
   * @param cache where packages come from
   * @param locks what keeps other writers out
   * @param disk what writes
   * @param rootPrefix JConda's own folder, which link scripts are told
   */
  public Installer(PackageCache cache, PrefixLocks locks, Disk disk, Path rootPrefix) {
    this(cache, locks, disk, rootPrefix, Launchers.NONE);
  }

  /**
   * Makes an installer.
   *
   * @param cache where packages come from
   * @param locks what keeps other writers out
   * @param disk what writes
   * @param rootPrefix JConda's own folder, which link scripts are told
   * @param launchers where the launchers of entry points for Windows come from
   */
  public Installer(
      PackageCache cache, PrefixLocks locks, Disk disk, Path rootPrefix, Launchers launchers) {
    this.cache = cache;
    this.locks = locks;
    this.disk = disk;
    this.recovery = new Recovery(locks, disk);
    this.rootPrefix = rootPrefix;
    this.launchers = launchers;
  }

  /**
   * Does what a plan says: fetches its packages and makes or changes its prefix.
   *
   * @return what was done; its solve time is left to whoever solved
   * @throws io.jconda.EnvironmentExistsException if the plan creates what is there, and does not
   *     replace it
   * @throws EnvironmentNotFoundException if the plan changes what is not there
   * @throws EnvironmentBusyException if another writer is not done in time
   * @throws io.jconda.InstallException if the prefix changed since the plan was made, is frozen, is
   *     too long for a package, or a package holds what it must not; the prefix is as it was
   * @throws OperationCancelledException if the operation was stopped; the prefix is as it was
   * @throws io.jconda.CondaException whatever fetching throws, or {@link StorageException} if the
   *     disk refuses; the prefix is as it was, or, where the disk let nothing be undone, will be
   *     when the next operation on it begins
   */
  public InstallReport apply(Plan plan, OperationContext context) {
    long start = System.nanoTime();
    InstallReport.Builder report = InstallReport.builder().changes(plan.changes());
    boolean recordsNothing = plan.updateSpecs().isEmpty() && plan.removeSpecs().isEmpty();
    if (plan.changesNoPackage() && recordsNothing) {
      // that nothing is to be done held of what was there then
      refuseMissing(plan.prefix());
      PrefixChange.refuseChanged(plan);
      return InstallReport.nothing();
    }
    Locks.Held writer = locks.acquire(plan.prefix(), context);
    try {
      recovery.recoverLocked(plan.prefix());
      Locks.Held use = cache.inUse(context);
      try {
        make(plan, report, context);
      } finally {
        use.close();
      }
    } finally {
      writer.close();
    }
    return report.elapsed(Duration.ofNanos(System.nanoTime() - start)).build();
  }

  /**
   * Brings archives into the store, many at once, for a plan that is made of what they say of
   * themselves.
   *
   * @param asked where they are, and their hashes
   * @return their records, in the same order
   * @throws io.jconda.CondaException whatever fetching throws
   */
  public List<PackageRecord> bring(List<PackageRecord> asked, OperationContext context) {
    List<PackageRecord> known = new ArrayList<>();
    for (PackageRecord one : asked) {
      known.add(cache.care().identified(one, context));
    }
    List<PackageRecord> records = new ArrayList<>();
    Locks.Held use = cache.inUse(context);
    try (Fetching fetching = new Fetching(cache, Supply.of(cache, known, context), context)) {
      for (PackageRecord one : known) {
        records.add(CacheCare.complete(fetching.await(one)));
      }
    } finally {
      use.close();
    }
    return records;
  }

  /**
   * Says what applying a plan would cost: reads what the store knows of its packages, and fetches
   * nothing.
   *
   * @throws StorageException if the store cannot be read
   */
  public Forecast forecast(Plan plan, OperationContext context) {
    return new Forecasts(plan, cache, launchers, rootPrefix).forecast(context);
  }

  private void make(Plan plan, InstallReport.Builder report, OperationContext context) {
    refuseOtherPlatforms(plan);
    Supply supply = Supply.of(cache, plan.toLink(), context);
    Room.of(rootPrefix).take(supply.bytesMissing());
    report.fetched(supply.missing().size(), supply.bytesMissing());
    long start = System.nanoTime();
    if (plan.creates()) {
      new NewPrefix(plan, supply, cache, launchers, rootPrefix, disk, context).make(report);
    } else {
      refuseMissing(plan.prefix());
      new PrefixChange(plan, supply, cache, launchers, rootPrefix, disk, context).make(report);
    }
    report.linkTime(Duration.ofNanos(System.nanoTime() - start));
  }

  private static void refuseOtherPlatforms(Plan plan) {
    for (PackageRecord record : plan.toLink()) {
      String subdir = record.subdir();
      if (!subdir.isEmpty()
          && !subdir.equals(Platform.NOARCH.subdir())
          && !subdir.equals(plan.platform().subdir())) {
        throw new InstallException(
            "The package %s is for %s, and the environment %s is for %s."
                .formatted(record.distName(), subdir, plan.prefix(), plan.platform().subdir()),
            "Make an environment of its own for each platform.");
      }
    }
  }

  private static void refuseMissing(Path prefix) {
    if (!PrefixRecords.isEnvironment(prefix)) {
      throw new EnvironmentNotFoundException(
          "There is no environment at %s.".formatted(prefix),
          "Create it first, or check the path.");
    }
  }

  /**
   * Removes an environment with everything in it.
   *
   * <p>It is first renamed, so that it is gone at once and as a whole, and then deleted.
   *
   * @throws EnvironmentNotFoundException if there is none: a folder without a history is not
   *     touched
   * @throws io.jconda.InstallException if it is frozen
   * @throws EnvironmentBusyException if a writer is not done in time
   * @throws StorageException if it cannot be renamed, and is as it was; or if paths of it cannot be
   *     deleted, which the message lists
   */
  public void remove(Path prefix, OperationContext context) {
    Locks.Held writer = locks.acquire(prefix, context);
    try {
      recovery.recoverLocked(prefix);
      refuseMissing(prefix);
      Frozen.refuse(prefix);
      context.checkpoint();
      removeLocked(prefix);
    } finally {
      writer.close();
    }
  }

  private void removeLocked(Path prefix) {
    Path gone = new Siblings(prefix, disk).name(Siblings.Role.GONE);
    try {
      disk.move(prefix, gone);
    } catch (IOException e) {
      throw DiskFailure.explain("remove the environment", prefix, e);
    }
    try {
      disk.deleteTree(gone);
    } catch (IOException e) {
      throw undeleted(prefix, gone, e);
    }
  }

  private static StorageException undeleted(Path prefix, Path gone, IOException cause) {
    List<String> paths = new ArrayList<>();
    paths.add(fileOf(cause, gone));
    for (Throwable other : cause.getSuppressed()) {
      paths.add(fileOf(other, gone));
    }
    return new StorageException(
        "The environment %s was removed, but these paths of it could not be deleted: %s."
            .formatted(prefix, String.join(", ", paths)),
        "Delete %s by hand, or remove or create the environment again, which tries once more."
            .formatted(gone),
        cause);
  }

  private static String fileOf(Throwable failure, Path otherwise) {
    return failure instanceof FileSystemException e && e.getFile() != null
        ? e.getFile()
        : otherwise.toString();
  }

  /**
   * Compares every file of an environment with what its package put there; changes nothing, and
   * waits for no writer.
   *
   * @throws EnvironmentNotFoundException if there is none
   * @throws StorageException if a file cannot be read
   */
  public Verification verify(Path prefix, OperationContext context) {
    refuseMissing(prefix);
    return FileCheck.of(PrefixRecords.read(prefix), cache, context);
  }

  /**
   * Brings back the files of an environment that are missing or were altered.
   *
   * @return what was wrong
   * @throws EnvironmentNotFoundException if there is none
   * @throws io.jconda.InstallException if something is wrong and the environment is frozen
   * @throws EnvironmentBusyException if another writer is not done in time
   * @throws io.jconda.CondaException whatever fetching throws, or {@link StorageException} if the
   *     disk refuses; the environment is as it was
   */
  public Verification repair(Path prefix, OperationContext context) {
    Locks.Held writer = locks.acquire(prefix, context);
    try {
      recovery.recoverLocked(prefix);
      refuseMissing(prefix);
      Locks.Held use = cache.inUse(context);
      try {
        return new Repair(prefix, cache, launchers, disk, context).make();
      } finally {
        use.close();
      }
    } finally {
      writer.close();
    }
  }
}

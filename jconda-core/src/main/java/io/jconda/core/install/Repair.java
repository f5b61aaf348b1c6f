package io.jconda.core.install;

import io.jconda.Plan;
import io.jconda.Verification;
import io.jconda.Verification.Damage;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.Frozen;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings back files of a prefix that are missing or were altered, with the same journal as any
 * other change. Records and history stay as they are: nothing is installed that was not before.
 */
final class Repair {
  private final Path prefix;
  private final PackageCache cache;
  private final Launchers launchers;
  private final Disk disk;
  private final OperationContext context;
  private final PrefixRecords records;

  Repair(
      Path prefix, PackageCache cache, Launchers launchers, Disk disk, OperationContext context) {
    this.prefix = prefix;
    this.cache = cache;
    this.launchers = launchers;
    this.disk = disk;
    this.context = context;
    this.records = PrefixRecords.read(prefix);
  }

  /** Looks, and repairs what is wrong; blocks. After a failure everything is as it was. */
  Verification make() {
    Verification found = FileCheck.of(records, cache, context);
    if (found.isSound()) {
      return found;
    }
    Frozen.refuse(prefix);
    Map<PackageRecord, Set<String>> wanted = new LinkedHashMap<>();
    for (Damage damage : found.damages()) {
      wanted.computeIfAbsent(damage.owner(), any -> new LinkedHashSet<>()).add(damage.path());
    }
    List<PackageRecord> owners = List.copyOf(wanted.keySet());
    try (Fetching fetching = new Fetching(cache, Supply.of(cache, owners, context), context)) {
      Plan plan = Plan.builder(prefix, records.platform()).build();
      Linking linking = new Linking(plan, prefix, cache, launchers, disk, context, this::python);
      fetching.awaitAll();
      List<PackageLayout> parts = new ArrayList<>();
      Touched touched = new Touched(prefix, Set.of());
      for (PackageRecord owner : owners) {
        PackageLayout whole = linking.layout(fetching.await(owner));
        PackageLayout part = whole.only(wanted.getOrDefault(owner, Set.of()));
        touched.add(part, List.of());
        parts.add(part);
      }
      put(linking, parts, touched);
    }
    return found;
  }

  private Optional<PackageRecord> python() {
    return records.get("python").map(InstalledPackage::record);
  }

  private void put(Linking linking, List<PackageLayout> parts, Touched touched) {
    Journal journal =
        new Journal(
            prefix,
            disk,
            touched.moved(),
            touched.created(),
            touched.folders(),
            touched.emptied(),
            Set.of());
    boolean done = false;
    try {
      journal.begin();
      for (int index = 0; index < journal.moves(); index++) {
        context.checkpoint();
        journal.moveAside(index);
      }
      for (String folder : touched.emptied()) {
        disk.deleteTree(prefix.resolve(folder));
      }
      linking.restore(parts);
      context.checkpoint();
      journal.commit();
      done = true;
    } catch (IOException e) {
      throw DiskFailure.explain("repair the environment", prefix, e);
    } finally {
      if (!done) {
        journal.undo(context);
      }
    }
    clearUp(journal);
  }

  /** Everything is back by now, so that a failure here is none of the repair. */
  private void clearUp(Journal journal) {
    try {
      journal.finish();
    } catch (IOException e) {
      context
          .events()
          .warn(
              "Not all that was replaced in %s could be deleted (%s); the next operation on it will try again."
                  .formatted(prefix, e));
    }
  }
}

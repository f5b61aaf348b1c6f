package io.jconda.core.client;

import io.jconda.Change;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares what is installed with what shall be installed. */
final class PlanChanges {
  private PlanChanges() {}

  /**
   * Lists what has to be done: removals first, dependants before what they need, then the rest in
   * the order of linking.
   *
   * @param installed what is there
   * @param solution what shall be there, each after what it depends on
   */
  static List<Change> between(List<PackageRecord> installed, List<PackageRecord> solution) {
    Map<String, PackageRecord> before = byName(installed);
    Map<String, PackageRecord> after = byName(solution);
    boolean pythonMoves = pythonMoves(before.get("python"), after.get("python"));
    List<Change> changes = new ArrayList<>();
    List<PackageRecord> reversed = new ArrayList<>(TopologicalOrder.of(installed));
    Collections.reverse(reversed);
    for (PackageRecord record : reversed) {
      if (!after.containsKey(record.name())) {
        changes.add(new Change.Removed(record));
      }
    }
    for (PackageRecord record : solution) {
      PackageRecord there = before.get(record.name());
      if (there == null) {
        changes.add(new Change.Added(record));
      } else if (!isSame(there, record)) {
        changes.add(new Change.Replaced(there, record));
      } else if (pythonMoves && (isNoarchPython(record) || isNoarchPython(there))) {
        changes.add(new Change.Relinked(record));
      }
    }
    return changes;
  }

  /** What is there may know by its package what an index leaves out. */
  private static boolean isNoarchPython(PackageRecord record) {
    return record.noarch().equals(Optional.of(NoarchType.PYTHON));
  }

  /** Tells whether two records are of the same archive, as far as they say. */
  private static boolean isSame(PackageRecord one, PackageRecord other) {
    if (!one.distName().equals(other.distName()) || !one.subdir().equals(other.subdir())) {
      return false;
    }
    if (one.sha256().isPresent() && other.sha256().isPresent()) {
      return one.sha256().equals(other.sha256());
    }
    if (one.md5().isPresent() && other.md5().isPresent()) {
      return one.md5().equals(other.md5());
    }
    return one.url().equals(other.url());
  }

  /** Noarch Python packages lie under Python's minor version, or where Python says (CEP-17). */
  private static boolean pythonMoves(
      @Nullable PackageRecord before, @Nullable PackageRecord after) {
    return before != null
        && after != null
        && !(PythonMinor.of(before).equals(PythonMinor.of(after))
            && before.pythonSitePackagesPath().equals(after.pythonSitePackagesPath()));
  }

  private static Map<String, PackageRecord> byName(List<PackageRecord> records) {
    Map<String, PackageRecord> map = new HashMap<>();
    for (PackageRecord record : records) {
      map.put(record.name(), record);
    }
    return map;
  }
}

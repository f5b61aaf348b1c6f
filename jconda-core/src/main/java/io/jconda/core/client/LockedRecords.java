package io.jconda.core.client;

import io.jconda.InstallException;
import io.jconda.IntegrityException;
import io.jconda.PipRequirements;
import io.jconda.Plan;
import io.jconda.core.install.Installer;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.core.util.OperationContext;
import io.jconda.file.LockedPackage;
import io.jconda.file.LockedPackage.Manager;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import io.jconda.spi.Contents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Is what a lock file names for one platform, as records. A lock file says less of a package than a
 * plan needs, so that the archives are brought into the store first; what the lock file says of
 * dependencies counts before what an archive says, because channels mend that.
 *
 * @param records conda's packages, as the lock file has them in order
 * @param pip what pip installs, by archive and hash
 */
record LockedRecords(List<PackageRecord> records, PipRequirements pip) {
  static LockedRecords of(
      Contents contents, Platform platform, Installer installer, OperationContext context) {
    List<LockedPackage> ofConda = new ArrayList<>();
    List<String> ofPip = new ArrayList<>();
    for (LockedPackage one : contents.lock().orElseThrow().packages(platform)) {
      if (!contents.categories().contains(one.category())) {
        continue;
      }
      if (one.manager() == Manager.CONDA) {
        ofConda.add(one);
      } else {
        ofPip.add(line(one));
      }
    }
    if (ofConda.isEmpty() && ofPip.isEmpty()) {
      throw new InstallException(
          "The lock file has no packages for %s in %s; it is for %s."
              .formatted(
                  platform, contents.categories(), contents.lock().orElseThrow().platforms()),
          "Name a platform and categories that it has, or lock for this platform too.");
    }
    List<PackageRecord> brought =
        installer.bring(ofConda.stream().map(LockedRecords::asked).toList(), context);
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 0; i < brought.size(); i++) {
      records.add(checked(ofConda.get(i), brought.get(i)));
    }
    return new LockedRecords(records, new PipRequirements(ofPip, Optional.empty(), false));
  }

  private static PackageRecord asked(LockedPackage one) {
    MatchSpec.Builder spec = MatchSpec.parse(one.url()).toBuilder();
    one.sha256().ifPresent(spec::sha256);
    one.md5().ifPresent(spec::md5);
    return NamedArchives.asked(spec.build());
  }

  private static PackageRecord checked(LockedPackage one, PackageRecord record) {
    boolean same =
        record.name().equals(one.name())
            && (one.version().isEmpty() || record.version().equals(Version.parse(one.version())));
    if (!same) {
      throw new IntegrityException(
          "The archive %s is %s, and the lock file says that it is %s %s."
              .formatted(one.url(), record.distName(), one.name(), one.version()),
          "Lock again; this file names one archive and means another.");
    }
    return one.depends().isEmpty() ? record : record.toBuilder().depends(one.depends()).build();
  }

  private static String line(LockedPackage one) {
    String hash =
        one.sha256()
            .map(sha256 -> "sha256:" + sha256)
            .orElseThrow(
                () ->
                    new InstallException(
                        "The lock file has no SHA-256 of %s, which pip wants.".formatted(one),
                        "Lock again."));
    return "%s @ %s --hash=%s".formatted(one.name(), one.url(), hash);
  }

  /**
   * Puts the packages beside what is there, in the place of what has the same name.
   *
   * @param draft holds what the request says
   * @param there the packages of the environment; none if it is to be made
   */
  Plan.Builder complete(Plan.Builder draft, List<PackageRecord> there) {
    Map<String, PackageRecord> all = new LinkedHashMap<>();
    there.forEach(record -> all.put(record.name(), record));
    records.forEach(record -> all.put(record.name(), record));
    List<PackageRecord> solution = TopologicalOrder.of(all.values());
    return draft
        .changes(PlanChanges.between(there, solution))
        .solution(solution)
        .pip(pip)
        .updateSpecs(roots());
  }

  /**
   * Returns the names that nothing else needs: what somebody would have asked for. Of packages that
   * need each other the last one counts.
   */
  private List<MatchSpec> roots() {
    Map<String, PackageRecord> byName = new HashMap<>();
    records.forEach(record -> byName.put(record.name(), record));
    List<PackageRecord> order = TopologicalOrder.of(records);
    List<MatchSpec> roots = new ArrayList<>();
    Set<String> reached = new HashSet<>();
    for (int i = order.size() - 1; i >= 0; i--) {
      if (reached.contains(order.get(i).name())) {
        continue;
      }
      roots.add(MatchSpec.parse(order.get(i).name()));
      Deque<PackageRecord> open = new ArrayDeque<>(List.of(order.get(i)));
      while (!open.isEmpty()) {
        for (String depend : open.pop().depends()) {
          PackageRecord needed = byName.get(MatchSpec.parseLenient(depend).name());
          if (needed != null && reached.add(needed.name())) {
            open.push(needed);
          }
        }
      }
    }
    return roots;
  }
}

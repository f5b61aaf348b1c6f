package io.jconda.core.client;

import io.jconda.Plan;
import io.jconda.core.host.Disk;
import io.jconda.core.install.SatisfiedRequests;
import io.jconda.core.pip.SitePackages;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out whether an environment has what is wanted already, which makes {@code ensure} free. */
final class Satisfaction {
  private final SatisfiedRequests known;

  Satisfaction(Disk disk) {
    this.known = new SatisfiedRequests(disk);
  }

  /**
   * Notes that an environment has what a request asks for: as it is now, if it is what a plan made
   * of it and nobody has changed it since.
   */
  void note(String key, Plan plan) {
    String state = PrefixState.stamp(plan.prefix());
    Set<String> planned = new HashSet<>();
    for (PackageRecord record : plan.solution()) {
      planned.add(record.distName());
    }
    if (PrefixRecords.names(plan.prefix()).equals(planned)) {
      known.note(plan.prefix(), state, key);
    }
  }

  /** Answers from one directory read where the state is known, else by looking at every record. */
  boolean holds(Wanted wanted) {
    Path prefix = wanted.prefix();
    if (!PrefixRecords.isEnvironment(prefix)) {
      return false;
    }
    String state = PrefixState.stamp(prefix);
    if (known.holds(prefix, state, key(wanted))) {
      return true;
    }
    if (!wanted.contents().isNone()) {
      // records do not tell what pip did
      return false;
    }
    List<PackageRecord> records =
        PrefixRecords.read(prefix).packages().stream().map(InstalledPackage::record).toList();
    boolean holds =
        wanted.specs().stream().allMatch(Satisfaction::isPlain)
            && areThere(wanted.specs(), records)
            && wanted.pins().stream()
                .allMatch(
                    pin ->
                        records.stream()
                            .filter(record -> record.name().equals(pin.name()))
                            .allMatch(pin::matches));
    if (holds) {
      known.note(prefix, state, key(wanted));
    }
    return holds;
  }

  /** What pip installs and takes away is seen in no record, so that its own are listed. */
  static String key(Wanted wanted) {
    return wanted.contents().isNone()
        ? wanted.key()
        : wanted.key()
            + SitePackages.of(wanted.prefix(), wanted.platform().orElseGet(Platform::current))
                .map(SitePackages::stamp)
                .orElse("");
  }

  /** Tells whether a look at the records can answer: without condition and extras it can. */
  private static boolean isPlain(MatchSpec spec) {
    return spec.condition().isEmpty() && spec.extras().isEmpty();
  }

  /** Tells whether specs are met, and so is all that what meets them needs. */
  private static boolean areThere(List<MatchSpec> specs, List<PackageRecord> records) {
    Map<String, PackageRecord> byName = new HashMap<>();
    records.forEach(record -> byName.put(record.name(), record));
    Deque<MatchSpec> open = new ArrayDeque<>(specs);
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      MatchSpec spec = open.pop();
      if (!spec.isExactName()) {
        if (records.stream().noneMatch(spec::matches)) {
          return false;
        }
        continue;
      }
      PackageRecord record = byName.get(spec.name());
      if (record == null || !spec.matches(record)) {
        return false;
      }
      if (seen.add(record.name())) {
        record.depends().stream()
            .map(MatchSpec::parseLenient)
            // the machine's own, and what counts under a condition only, are left to a solve
            .filter(needed -> isPlain(needed) && !needed.name().startsWith("__"))
            .forEach(open::push);
      }
    }
    return true;
  }
}

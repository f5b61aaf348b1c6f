package io.jconda.core.install;

import io.jconda.Plan;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.link.LinkedPackage;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.Revision;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;

/**
 * Makes what a transaction writes last: the records of its packages, and its block of the history.
 */
final class Records {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private final Plan plan;
  private final Map<String, String> requestedBefore;
  private final boolean historyTells;

  private Records(Plan plan, Map<String, String> requestedBefore, boolean historyTells) {
    this.plan = plan;
    this.requestedBefore = requestedBefore;
    this.historyTells = historyTells;
  }

  /** Makes them for a prefix that a plan makes. */
  static Records first(Plan plan) {
    return new Records(plan, Map.of(), true);
  }

  /** Makes them for a prefix that a plan changes. */
  static Records after(History history, PrefixRecords before, Plan plan) {
    return new Records(plan, history.requestedSpecs(before), !history.revisions().isEmpty());
  }

  /** Makes a package's record; byte code counts as its own. */
  InstalledPackage record(
      PackageLayout layout, LinkedPackage linked, Map<String, PrefixPath> byteCode) {
    List<PrefixPath> paths = new ArrayList<>(linked.paths());
    for (String source : layout.pythonSources()) {
      PrefixPath made = byteCode.get(source);
      if (made != null) {
        paths.add(made);
      }
    }
    PackageRecord record = complete(layout.stored());
    return InstalledPackage.builder(record)
        .paths(paths)
        .linkType(linked.linkType())
        .requestedSpecs(requested(record.name()))
        .build();
  }

  /** Some indexes leave out what kind of noarch a package is, on which its place depends. */
  private static PackageRecord complete(StoredPackage stored) {
    PackageRecord record = stored.record();
    return record.noarch().isEmpty() && stored.noarch().isPresent()
        ? record.toBuilder().noarch(stored.noarch().get()).build()
        : record;
  }

  private List<String> requested(String name) {
    List<String> specs = new ArrayList<>();
    for (MatchSpec spec : plan.updateSpecs()) {
      if (spec.name().equals(name)) {
        specs.add(spec.toString());
      }
    }
    String before = requestedBefore.get(name);
    return specs.isEmpty() && before != null ? List.of(before) : specs;
  }

  /**
   * Returns the records of staying packages for which this plan asks otherwise than before, with
   * the specs of now.
   */
  List<InstalledPackage> restated(List<InstalledPackage> staying) {
    List<InstalledPackage> restated = new ArrayList<>();
    for (InstalledPackage installed : staying) {
      String name = installed.record().name();
      boolean asked = plan.updateSpecs().stream().anyMatch(spec -> spec.name().equals(name));
      boolean dropped = plan.removeSpecs().stream().anyMatch(spec -> spec.name().equals(name));
      List<String> specs = asked ? requested(name) : List.of();
      if ((asked || dropped) && !specs.equals(installed.requestedSpecs())) {
        restated.add(installed.withRequestedSpecs(specs));
      }
    }
    return restated;
  }

  /** Makes the block of the history; conda lists what goes first, each part by name. */
  Revision revision(Collection<PackageRecord> unlinked, Collection<PackageRecord> linked) {
    Set<String> gone = distributions(unlinked);
    Set<String> came = distributions(linked);
    // what was only linked again did not change
    Set<String> both = new HashSet<>(gone);
    both.retainAll(came);
    gone.removeAll(both);
    came.removeAll(both);
    List<String> lines = new ArrayList<>();
    for (String name : gone) {
      lines.add("-" + name);
    }
    for (String name : came) {
      lines.add("+" + name);
    }
    return new Revision(
        now(), plan.command(), lines, updateSpecs(), texts(plan.removeSpecs()), List.of());
  }

  /** Says what the clock on the wall shows, by the one reading of zones that dates need anyway. */
  private static String now() {
    Instant instant = Instant.now();
    int offset = TimeZone.getDefault().getOffset(instant.toEpochMilli());
    return LocalDateTime.ofEpochSecond(
            instant.getEpochSecond(), 0, ZoneOffset.ofTotalSeconds(offset / 1000))
        .format(TIME);
  }

  /** A first block says also what only records said so far, or the next reader missed it. */
  private List<String> updateSpecs() {
    List<String> specs = texts(plan.updateSpecs());
    if (!historyTells) {
      Set<String> told = new HashSet<>();
      plan.updateSpecs().forEach(spec -> told.add(spec.name()));
      plan.removeSpecs().forEach(spec -> told.add(spec.name()));
      Set<String> there = new HashSet<>();
      plan.solution().forEach(record -> there.add(record.name()));
      requestedBefore.forEach(
          (name, spec) -> {
            if (there.contains(name) && !told.contains(name)) {
              specs.add(spec);
            }
          });
    }
    return specs;
  }

  private static List<String> texts(List<MatchSpec> specs) {
    List<String> texts = new ArrayList<>();
    for (MatchSpec spec : specs) {
      texts.add(spec.toString());
    }
    return texts;
  }

  private static Set<String> distributions(Collection<PackageRecord> records) {
    Set<String> names = new TreeSet<>();
    for (PackageRecord record : records) {
      names.add(History.distribution(record));
    }
    return names;
  }
}

package io.jconda.core.client;

import io.jconda.InstallException;
import io.jconda.PackageNotFoundException;
import io.jconda.cache.CachedPackage;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.Revision;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds the packages that a prefix had after a revision of its history, and the specs that were in
 * force then.
 */
final class Rollback {
  private final Path prefix;
  private final Map<String, String> wanted;
  private final Map<String, PackageRecord> atHand = new HashMap<>();
  private final Map<String, List<PackageRecord>> stored = new HashMap<>();
  private final List<MatchSpec> requested;
  private final List<MatchSpec> dropped = new ArrayList<>();

  private Rollback(Path prefix, History now, int revision, List<PackageRecord> installed) {
    this.prefix = prefix;
    History then = now.upTo(revision);
    this.wanted = then.state();
    for (PackageRecord record : installed) {
      String dist = wanted.get(record.name());
      if (dist != null && History.nameVersionBuild(dist).equals(record.distName())) {
        atHand.put(record.name(), record);
      }
    }
    Map<String, String> specsThen = new LinkedHashMap<>(then.requestedSpecs(wanted.keySet()));
    this.requested = specsThen.values().stream().map(MatchSpec::parseLenient).toList();
    Set<String> names = new TreeSet<>();
    installed.forEach(record -> names.add(record.name()));
    now.requestedSpecs(names)
        .forEach(
            (name, spec) -> {
              if (!specsThen.containsKey(name)) {
                dropped.add(MatchSpec.parse(name));
              }
            });
  }

  /**
   * Begins.
   *
   * @param revision a place in the prefix's history
   * @param installed what is there now
   * @throws InstallException if the history has no such place
   */
  static Rollback to(int revision, Path prefix, List<PackageRecord> installed) {
    History history = History.read(prefix);
    int last = history.revisions().size() - 1;
    if (revision < 0 || revision > last) {
      throw new InstallException(
          last < 0
              ? "The environment %s has no history to go back in.".formatted(prefix)
              : "The environment %s has no revision %d; its revisions are 0 to %d."
                  .formatted(prefix, revision, last),
          "Look at history() for what there is.");
    }
    return new Rollback(prefix, history, revision, installed);
  }

  /** Tells whether everything is installed already, so that no channel need be asked. */
  boolean isAtHand() {
    return atHand.keySet().containsAll(wanted.keySet());
  }

  /** Takes in what the package cache has: it serves where a channel has a package no more. */
  void takeIn(List<CachedPackage> cached) {
    for (CachedPackage one : cached) {
      PackageRecord record = located(one.record());
      stored.computeIfAbsent(record.name(), any -> new ArrayList<>()).add(record);
    }
  }

  /** An archive does not say where it lay, and its URL does. */
  private static PackageRecord located(PackageRecord record) {
    String url = record.url();
    int file = url.lastIndexOf('/');
    int subdir = file < 0 ? -1 : url.lastIndexOf('/', file - 1);
    return subdir < 0
        ? record
        : record.toBuilder()
            .channel(url.substring(0, subdir))
            .subdir(url.substring(subdir + 1, file))
            .build();
  }

  /**
   * Returns the packages, each after what it depends on.
   *
   * @param channels returns what the channels have of a name
   * @throws PackageNotFoundException if one of them is nowhere
   */
  List<PackageRecord> solution(Function<String, List<PackageRecord>> channels) {
    List<PackageRecord> records = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    wanted.forEach(
        (name, dist) -> {
          PackageRecord installed = atHand.get(name);
          Optional<PackageRecord> found =
              installed != null
                  ? Optional.of(installed)
                  : best(dist, channels.apply(name))
                      .or(() -> best(dist, stored.getOrDefault(name, List.of())));
          found.ifPresentOrElse(records::add, () -> missing.add(dist));
        });
    if (!missing.isEmpty()) {
      throw new PackageNotFoundException(
          missing.get(0),
          List.of(),
          "%d packages that %s had then are neither in the channels nor in the package cache: %s."
              .formatted(missing.size(), prefix, String.join(", ", missing)),
          "Name the channels that have them, or choose another revision.");
    }
    return TopologicalOrder.of(records);
  }

  /** The one from where it came; else any of the same name, version and build. */
  private static Optional<PackageRecord> best(String dist, List<PackageRecord> records) {
    String plain = History.nameVersionBuild(dist);
    List<PackageRecord> same =
        records.stream().filter(record -> record.distName().equals(plain)).toList();
    return same.stream()
        .filter(record -> History.distribution(record).equals(dist))
        .findFirst()
        .or(() -> same.stream().findFirst());
  }

  /** Returns the specs that were in force then. */
  List<MatchSpec> requested() {
    return requested;
  }

  /** Returns the names that are asked for now, and were not then. */
  List<MatchSpec> dropped() {
    return dropped;
  }

  /** Returns a history as users see it. */
  static List<io.jconda.Revision> revisions(History history) {
    List<io.jconda.Revision> shown = new ArrayList<>();
    for (Revision block : history.revisions()) {
      List<String> added = new ArrayList<>();
      List<String> removed = new ArrayList<>();
      for (String line : block.distributions()) {
        if (line.startsWith("-")) {
          removed.add(line.substring(1));
        } else {
          added.add(line.startsWith("+") ? line.substring(1) : line);
        }
      }
      shown.add(
          io.jconda.Revision.of(
              shown.size(), block.time(), block.command(), added, removed, block.updateSpecs()));
    }
    return shown;
  }
}

package io.jconda.core.solver;

import io.jconda.core.repodata.DependencyName;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.DependencyOverride;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.Exclusion;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows the candidates of each name of one solve, loaded when they are first asked for: those of
 * the channels as far as priority lets them in, what is installed, and the virtual packages.
 */
final class Universe {
  /** Of virtual packages that are stated twice one counts. */
  private static final Comparator<PackageRecord> NEWEST =
      CandidateOrder.byClass(ChannelPriority.DISABLED, Map.of(), SolveStrategy.HIGHEST)
          .thenComparing(PackageRecord::build);

  private static final int BEFORE_ALL_RANKS = 1 << 20;
  private static final String CONDA = ".conda";
  private static final String TAR_BZ2 = ".tar.bz2";

  private final RecordSource source;
  private final ChannelPriority priority;
  private final SolveOptions options;
  private final Map<String, List<PackageRecord>> virtual = new HashMap<>();
  private final Map<String, Set<PackageRecord>> present = new HashMap<>();
  private final Map<String, List<MatchSpec>> wishes = new HashMap<>();
  private final Map<String, Candidates> candidates = new HashMap<>();
  private final Map<String, Requirement> requirements = new HashMap<>();
  private final Map<Requirement, List<Subset>> subsets = new HashMap<>();

  Universe(SolveRequest request, RecordSource source, Collection<MatchSpec> wishes) {
    this.source = source;
    this.options = request.options();
    this.priority = options.channelPriority();
    for (PackageRecord record : request.virtualPackages()) {
      virtual.computeIfAbsent(record.name(), name -> new ArrayList<>()).add(record);
    }
    for (MatchSpec wish : wishes) {
      this.wishes.computeIfAbsent(wish.name(), name -> new ArrayList<>()).add(wish);
    }
    addPresent(request.installed());
    addPresent(request.locked());
  }

  private void addPresent(List<PackageRecord> records) {
    for (PackageRecord record : records) {
      present.computeIfAbsent(record.name(), name -> new HashSet<>()).add(record);
    }
  }

  /** Returns all names: of the channels, of installed and of virtual packages. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(source.names());
    names.addAll(present.keySet());
    names.addAll(virtual.keySet());
    return names;
  }

  int channelRank(PackageRecord record) {
    return source.channelRank(record);
  }

  Set<String> virtualNames() {
    return new TreeSet<>(virtual.keySet());
  }

  /** Returns what a record depends on, overrides in their places. */
  List<String> depends(PackageRecord record) {
    return overridden(record, record.depends());
  }

  /** Returns what a record constrains, overrides in their places. */
  List<String> constrains(PackageRecord record) {
    return overridden(record, record.constrains());
  }

  /** Returns what one of a record's groups of extras depends on, overrides in their places. */
  List<String> extraDepends(PackageRecord record, String group) {
    return overridden(record, record.extraDepends().getOrDefault(group, List.of()));
  }

  private List<String> overridden(PackageRecord record, List<String> texts) {
    List<String> result = texts;
    for (DependencyOverride override : options.overrides()) {
      if (override.dependants().matches(record)) {
        String name = override.dependency().name();
        String instead = override.dependency().toString();
        result =
            result.stream()
                .map(text -> DependencyName.of(text).equals(name) ? instead : text)
                .distinct()
                .toList();
      }
    }
    return result;
  }

  Requirement requirement(String text) {
    return requirements.computeIfAbsent(text, Requirement::ofIndex);
  }

  boolean isLoaded(String name) {
    return candidates.containsKey(name);
  }

  Candidates candidates(String name) {
    Candidates known = candidates.get(name);
    if (known == null) {
      known = load(name);
      candidates.put(name, known);
    }
    return known;
  }

  /** Returns what a requirement accepts: one subset for each name that it may mean. */
  List<Subset> subsets(Requirement requirement) {
    List<Subset> known = subsets.get(requirement);
    if (known == null) {
      known = new ArrayList<>();
      if (requirement.isExactName()) {
        known.add(accepted(requirement, candidates(requirement.name())));
      } else {
        addAllNamed(requirement, known);
      }
      subsets.put(requirement, known);
    }
    return known;
  }

  private void addAllNamed(Requirement requirement, List<Subset> known) {
    MatchSpec pattern = MatchSpec.builder(requirement.name()).build();
    for (String name : names()) {
      if (pattern.matches(PackageRecord.builder(name, "0", "0").build())) {
        known.add(accepted(requirement, candidates(name)));
      }
    }
  }

  private static Subset accepted(Requirement requirement, Candidates candidates) {
    BitSet members = new BitSet(candidates.size());
    String last = "";
    boolean lastMatched = false;
    for (int i = 0; i < candidates.size(); i++) {
      PackageRecord record = candidates.record(i);
      if (!requirement.isVersionOnly() || !record.version().toString().equals(last)) {
        lastMatched = requirement.matches(record);
        last = record.version().toString();
      }
      members.set(i, lastMatched);
    }
    return candidates.subset(members);
  }

  private Candidates load(String name) {
    List<PackageRecord> own = virtual.get(name);
    if (own != null || name.startsWith("__")) {
      List<PackageRecord> best = own == null ? List.of() : List.of(Collections.min(own, NEWEST));
      return sorted(name, best, Map.of(), List.of(), Map.of());
    }
    List<PackageRecord> all = source.records(name);
    Map<PackageRecord, Integer> ranks = new HashMap<>();
    for (PackageRecord record : all) {
      ranks.put(record, source.channelRank(record));
    }
    List<PackageRecord> open = all;
    List<PackageRecord> hidden = new ArrayList<>();
    if (priority == ChannelPriority.STRICT) {
      open = strict(all, ranks, wishes.getOrDefault(name, List.of()), hidden);
    }
    if (!askForOneArchive(wishes.getOrDefault(name, List.of()))) {
      open = withoutTwins(open);
    }
    Map<String, List<PackageRecord>> shutOut = new TreeMap<>();
    open = admitted(open, shutOut);
    return sorted(name, withPresent(name, open, ranks), ranks, hidden, shutOut);
  }

  /**
   * Leaves the records that the options let in. Channel priority was looked at before: that all of
   * a channel's records are shut out opens no lower channel (FACTS 43).
   */
  private List<PackageRecord> admitted(
      List<PackageRecord> records, Map<String, List<PackageRecord>> shutOut) {
    List<PackageRecord> admitted = new ArrayList<>();
    for (PackageRecord record : records) {
      Optional<String> reason = reasonAgainst(record);
      if (reason.isEmpty()) {
        admitted.add(record);
      } else {
        shutOut.computeIfAbsent(reason.get(), key -> new ArrayList<>()).add(record);
      }
    }
    for (List<PackageRecord> list : shutOut.values()) {
      list.sort(CandidateOrder.BY_TEXT);
    }
    return admitted;
  }

  private Optional<String> reasonAgainst(PackageRecord record) {
    for (Exclusion exclusion : options.exclusions()) {
      if (exclusion.spec().matches(record)) {
        return Optional.of("excluded: " + exclusion.reason());
      }
    }
    ExcludeNewer limits = options.excludeNewer();
    if (!limits.excludes(record)) {
      return Optional.empty();
    }
    String cutoff = limits.cutoff(record).map(Instant::toString).orElse("");
    return Optional.of(
        ExcludeNewer.timeOf(record).isPresent()
            ? "newer than " + cutoff
            : "without a time, and only what is not newer than " + cutoff + " is let in");
  }

  private static boolean askForOneArchive(List<MatchSpec> specs) {
    for (MatchSpec spec : specs) {
      if (spec.md5().isPresent()
          || spec.sha256().isPresent()
          || spec.url().isPresent()
          || spec.fileName().isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Leaves the records of the highest channel that has the name. A channel that the user's own
   * specs name comes before all others for that name.
   */
  private static List<PackageRecord> strict(
      List<PackageRecord> all,
      Map<PackageRecord, Integer> ranks,
      List<MatchSpec> wishes,
      List<PackageRecord> hidden) {
    List<MatchSpec> channels = new ArrayList<>();
    for (MatchSpec wish : wishes) {
      wish.channel()
          .ifPresent(
              channel -> channels.add(MatchSpec.builder(wish.name()).channel(channel).build()));
    }
    int[] places = new int[all.size()];
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < places.length; i++) {
      PackageRecord record = all.get(i);
      boolean named =
          !channels.isEmpty() && channels.stream().anyMatch(spec -> spec.matches(record));
      places[i] = ranks.getOrDefault(record, 0) - (named ? BEFORE_ALL_RANKS : 0);
      first = Math.min(first, places[i]);
    }
    List<PackageRecord> open = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      (places[i] == first ? open : hidden).add(all.get(i));
    }
    return open;
  }

  /** Drops a .tar.bz2 beside the .conda of the same build of the same channel (FACTS 45). */
  private static List<PackageRecord> withoutTwins(List<PackageRecord> records) {
    Set<String> builds = new HashSet<>();
    for (PackageRecord record : records) {
      if (record.fileName().endsWith(CONDA)) {
        builds.add(buildOf(record, CONDA));
      }
    }
    if (builds.isEmpty() || builds.size() == records.size()) {
      return records;
    }
    List<PackageRecord> chosen = new ArrayList<>();
    for (PackageRecord record : records) {
      if (!record.fileName().endsWith(TAR_BZ2) || !builds.contains(buildOf(record, TAR_BZ2))) {
        chosen.add(record);
      }
    }
    return chosen;
  }

  private static String buildOf(PackageRecord record, String extension) {
    String fileName = record.fileName();
    return fileName.substring(0, fileName.length() - extension.length())
        + ' '
        + record.subdir()
        + ' '
        + record.channel();
  }

  /** Puts what is installed in the place of the same record of a channel, or beside the others. */
  private List<PackageRecord> withPresent(
      String name, List<PackageRecord> open, Map<PackageRecord, Integer> ranks) {
    Set<PackageRecord> here = present.get(name);
    if (here == null) {
      return open;
    }
    List<PackageRecord> result = new ArrayList<>(open);
    for (PackageRecord record : here) {
      int rank = source.channelRank(record);
      for (PackageRecord candidate : open) {
        if (isSame(record, candidate) && result.remove(candidate)) {
          rank = ranks.getOrDefault(candidate, rank);
        }
      }
      ranks.put(record, rank);
      result.add(record);
    }
    return result;
  }

  private static boolean isSame(PackageRecord installed, PackageRecord candidate) {
    return installed.version().toString().equals(candidate.version().toString())
        && installed.build().equals(candidate.build())
        && installed.subdir().equals(candidate.subdir())
        && !differ(installed.sha256().orElse(null), candidate.sha256().orElse(null))
        && !differ(installed.md5().orElse(null), candidate.md5().orElse(null));
  }

  private static boolean differ(@Nullable String a, @Nullable String b) {
    return a != null && b != null && !a.equals(b);
  }

  private Candidates sorted(
      String name,
      List<PackageRecord> records,
      Map<PackageRecord, Integer> ranks,
      List<PackageRecord> hidden,
      Map<String, List<PackageRecord>> shutOut) {
    Comparator<PackageRecord> order = CandidateOrder.byClass(priority, ranks, strategy(name));
    List<PackageRecord> sorted = new ArrayList<>(records);
    // The class says nothing about what is within it, so its text must: the source has no order.
    sorted.sort(order.thenComparing(CandidateOrder.BY_TEXT));
    int[] classes = new int[sorted.size()];
    for (int i = 1; i < classes.length; i++) {
      boolean same = order.compare(sorted.get(i - 1), sorted.get(i)) == 0;
      classes[i] = same ? classes[i - 1] : classes[i - 1] + 1;
    }
    return new Candidates(name, sorted, classes, hidden, shutOut);
  }

  /** Returns whether the highest or the lowest versions of a name are preferred. */
  private SolveStrategy strategy(String name) {
    if (options.strategy() != SolveStrategy.LOWEST_DIRECT) {
      return options.strategy();
    }
    return wishes.containsKey(name) ? SolveStrategy.LOWEST : SolveStrategy.HIGHEST;
  }

  /**
   * Tells whether a requirement of an installed record cannot be fulfilled by anything there is,
   * like that for a driver that is gone. The record is there nevertheless; what is asked for now
   * must not throw it out.
   */
  boolean isBrokenAnyway(PackageRecord record, Requirement requirement) {
    if (!present.getOrDefault(record.name(), Set.of()).contains(record)) {
      return false;
    }
    return requirement.problem().isPresent()
        || subsets(requirement).stream().allMatch(Subset::isEmpty);
  }
}

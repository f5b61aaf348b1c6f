package io.jconda.core.solver;

import io.jconda.core.repodata.DependencyName;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says which candidate of a name is the better one. The class decides first: no track_features, the
 * channel's rank, version, build number. Within a class, newer dependencies decide, then the
 * timestamp, the archive's format, the channel (if priority is disabled), and at last the text, so
 * that nothing is left to chance.
 */
final class CandidateOrder {
  /** Tells records apart that nothing else does. */
  static final Comparator<PackageRecord> BY_TEXT = CandidateOrder::compareTexts;

  private final Universe universe;

  CandidateOrder(Universe universe) {
    this.universe = universe;
  }

  /** Compares what is of one class and has dependencies as new. */
  private int compareWithinClass(PackageRecord a, PackageRecord b) {
    int order = b.timestamp().orElse(Instant.MIN).compareTo(a.timestamp().orElse(Instant.MIN));
    if (order == 0) {
      order = Boolean.compare(b.fileName().endsWith(".conda"), a.fileName().endsWith(".conda"));
    }
    if (order == 0) {
      order = Integer.compare(universe.channelRank(a), universe.channelRank(b));
    }
    return order == 0 ? compareTexts(a, b) : order;
  }

  /**
   * Compares by what makes the class.
   *
   * @param strategy whether the highest or the lowest version is the better one
   */
  static Comparator<PackageRecord> byClass(
      ChannelPriority priority, Map<PackageRecord, Integer> ranks, SolveStrategy strategy) {
    return new ByClass(
        priority == ChannelPriority.FLEXIBLE, ranks, strategy == SolveStrategy.HIGHEST);
  }

  private static int compareTexts(PackageRecord a, PackageRecord b) {
    int order = a.url().compareTo(b.url());
    if (order == 0) {
      order = a.channel().compareTo(b.channel());
    }
    if (order == 0) {
      order = a.subdir().compareTo(b.subdir());
    }
    return order == 0 ? a.fileName().compareTo(b.fileName()) : order;
  }

  /** Compares in one method: a JVM that has just started takes its time for each call. */
  private record ByClass(
      boolean channelsCount, Map<PackageRecord, Integer> ranks, boolean highestFirst)
      implements Comparator<PackageRecord> {
    @Override
    public int compare(PackageRecord a, PackageRecord b) {
      int order = Boolean.compare(!a.trackFeatures().isEmpty(), !b.trackFeatures().isEmpty());
      if (order == 0 && channelsCount) {
        order = Integer.compare(ranks.getOrDefault(a, 0), ranks.getOrDefault(b, 0));
      }
      if (order == 0) {
        order =
            highestFirst ? b.version().compareTo(a.version()) : a.version().compareTo(b.version());
      }
      return order == 0 ? Long.compare(b.buildNumber(), a.buildNumber()) : order;
    }
  }

  /** Puts the class that begins at an index into order. */
  void sortClass(Candidates candidates, int start) {
    int end = candidates.classEnd(start);
    List<PackageRecord> records = candidates.records().subList(start, end);
    int[] scores = dependencyScores(records);
    List<Integer> indexes = new ArrayList<>();
    for (int i = start; i < end; i++) {
      indexes.add(i);
    }
    indexes.sort(
        (one, other) -> {
          int order = Integer.compare(scores[one - start], scores[other - start]);
          return order == 0
              ? compareWithinClass(candidates.record(one), candidates.record(other))
              : order;
        });
    int[] sorted = new int[indexes.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = indexes.get(i);
    }
    candidates.setOrder(start, sorted);
  }

  /**
   * Counts, for each record, how far behind the others its dependencies are: for each name that all
   * of them depend on, the place of the best candidate that it admits among those of the others.
   */
  private int[] dependencyScores(List<PackageRecord> records) {
    List<Map<String, Set<String>>> needs = new ArrayList<>();
    for (PackageRecord record : records) {
      Map<String, Set<String>> byName = new TreeMap<>();
      for (String text : universe.depends(record)) {
        byName.computeIfAbsent(DependencyName.of(text), name -> new TreeSet<>()).add(text);
      }
      needs.add(byName);
    }
    Set<String> shared = new TreeSet<>(needs.get(0).keySet());
    for (Map<String, Set<String>> need : needs) {
      shared.retainAll(need.keySet());
    }
    int[] scores = new int[records.size()];
    for (String name : shared) {
      List<Set<String>> texts = new ArrayList<>();
      for (Map<String, Set<String>> need : needs) {
        texts.add(need.getOrDefault(name, Set.of()));
      }
      if (new HashSet<>(texts).size() > 1) {
        addPlaces(texts, scores);
      }
    }
    return scores;
  }

  private void addPlaces(List<Set<String>> texts, int[] scores) {
    int[] best = new int[scores.length];
    for (int i = 0; i < best.length; i++) {
      for (String text : texts.get(i)) {
        // Of several constraints on one name the strictest counts (FACTS 40).
        best[i] = Math.max(best[i], bestClass(text));
      }
    }
    SortedSet<Integer> distinct = new TreeSet<>();
    for (int place : best) {
      distinct.add(place);
    }
    for (int i = 0; i < best.length; i++) {
      scores[i] += distinct.headSet(best[i]).size();
    }
  }

  private int bestClass(String text) {
    Requirement requirement = universe.requirement(text);
    if (requirement.problem().isPresent() || !requirement.isExactName()) {
      return Integer.MAX_VALUE;
    }
    Subset subset = universe.subsets(requirement).get(0);
    return subset.isEmpty()
        ? Integer.MAX_VALUE
        : subset.candidates.classOf(subset.members.nextSetBit(0));
  }
}

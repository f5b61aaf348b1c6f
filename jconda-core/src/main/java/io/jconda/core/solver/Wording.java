package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Puts candidates, and what is asked of them, into words. */
final class Wording {
  private static final int MOST_LISTED = 3;

  /** The condition behind a spec: once it is known to be met it goes without saying. */
  private static final Pattern WHEN = Pattern.compile("\\[when=.*]$");

  private Wording() {}

  /** Names some candidates: {@code numpy 1.26.0 to 2.1.3}. */
  static String describe(Candidates candidates, BitSet members) {
    List<PackageRecord> chosen = members.stream().mapToObj(candidates::record).toList();
    return chosen.isEmpty()
        ? "no " + candidates.name()
        : candidates.name() + " " + versions(chosen, candidates.records());
  }

  /** Names the versions of some records, those that follow one another as a range. */
  static String versions(Collection<PackageRecord> some, Collection<PackageRecord> all) {
    NavigableMap<Version, List<PackageRecord>> chosen = byVersion(some);
    if (chosen.size() == 1) {
      List<PackageRecord> builds = chosen.firstEntry().getValue();
      List<PackageRecord> others = byVersion(all).getOrDefault(chosen.firstKey(), List.of());
      return text(chosen, chosen.firstKey()) + builds(builds, others);
    }
    List<List<Version>> runs = runs(chosen, byVersion(all));
    if (runs.size() > MOST_LISTED) {
      return "%s to %s (%d versions)"
          .formatted(
              text(chosen, chosen.firstKey()), text(chosen, chosen.lastKey()), chosen.size());
    }
    List<String> texts = new ArrayList<>();
    for (List<Version> run : runs) {
      String first = text(chosen, run.get(0));
      String last = text(chosen, run.get(run.size() - 1));
      texts.add(run.size() == 1 ? first : first + " to " + last);
    }
    return joined(texts, " and ");
  }

  /** Puts versions that no other one parts into one list each. */
  private static List<List<Version>> runs(
      NavigableMap<Version, List<PackageRecord>> chosen,
      NavigableMap<Version, List<PackageRecord>> all) {
    NavigableMap<Version, List<PackageRecord>> every = new TreeMap<>(all);
    every.putAll(chosen);
    List<List<Version>> runs = new ArrayList<>();
    boolean running = false;
    for (Version version : every.keySet()) {
      if (!chosen.containsKey(version)) {
        running = false;
        continue;
      }
      if (!running) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(version);
      running = true;
    }
    return runs;
  }

  private static String builds(List<PackageRecord> some, List<PackageRecord> all) {
    TreeSet<String> names =
        some.stream().map(PackageRecord::build).collect(Collectors.toCollection(TreeSet::new));
    long others = all.stream().map(PackageRecord::build).distinct().count();
    if (names.size() >= others) {
      return "";
    }
    if (names.size() == 1) {
      return " " + names.first();
    }
    return names.size() <= MOST_LISTED
        ? " (builds %s)".formatted(joined(List.copyOf(names), " and "))
        : " (%d of %d builds)".formatted(names.size(), others);
  }

  private static NavigableMap<Version, List<PackageRecord>> byVersion(
      Collection<PackageRecord> records) {
    NavigableMap<Version, List<PackageRecord>> byVersion = new TreeMap<>();
    for (PackageRecord record : records) {
      byVersion.computeIfAbsent(record.version(), version -> new ArrayList<>()).add(record);
    }
    return byVersion;
  }

  /** Of texts that mean one version, such as 1.0 and 1.0.0, the first counts. */
  private static String text(Map<Version, List<PackageRecord>> byVersion, Version version) {
    return byVersion.getOrDefault(version, List.of()).stream()
        .map(record -> record.version().toString())
        .min(Comparator.naturalOrder())
        .orElseGet(version::toString);
  }

  /** Says what several needs of one target ask for: {@code python 3.8.* or 3.9.*}. */
  static String needs(Collection<Need> needs) {
    Choice target = needs.iterator().next().target();
    if (target.kind == Choice.Kind.UNREADABLE) {
      return "'" + target.name + "'";
    }
    BitSet accepted = new BitSet();
    needs.forEach(need -> accepted.or(need.accepted()));
    // Oldest first: candidates stand newest first.
    List<String> tails =
        needs.stream()
            .sorted(
                Comparator.comparing((Need need) -> -need.accepted().length())
                    .thenComparing(Wording::tail))
            .map(Wording::tail)
            .distinct()
            .toList();
    if (target.kind != Choice.Kind.PACKAGE || tails.contains("")) {
      return target.name;
    }
    if (tails.size() > MOST_LISTED && !accepted.isEmpty()) {
      return target.describe(accepted);
    }
    if (tails.size() <= MOST_LISTED) {
      return target.name + " " + String.join(" or ", tails);
    }
    String version = tails.get(0).split(" ", 2)[0] + " ";
    boolean builds = tails.stream().allMatch(tail -> tail.startsWith(version));
    return "%s %s or %s"
        .formatted(
            target.name,
            builds ? tails.get(0) : String.join(" or ", tails.stream().limit(MOST_LISTED).toList()),
            builds ? (tails.size() - 1) + " other builds of it" : "…");
  }

  private static String tail(Need need) {
    if (need.requirements().isEmpty()) {
      return need.accepted().isEmpty()
          ? "of no version"
          : need.target().describe(need.accepted()).substring(need.target().name.length()).strip();
    }
    return need.requirements().stream()
        .map(requirement -> WHEN.matcher(requirement.tail()).replaceFirst(""))
        .filter(tail -> !tail.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  /** Returns the form of the verb that fits the number of versions. */
  static String verb(Choice choice, BitSet options, String singular, String plural) {
    Candidates candidates = choice.candidates;
    long count =
        candidates == null
            ? options.cardinality()
            : options.stream().mapToObj(i -> candidates.record(i).version()).distinct().count();
    return count == 1 ? singular : plural;
  }

  static String joined(List<String> texts, String last) {
    int most = texts.size() - 1;
    return most <= 0
        ? String.join("", texts)
        : String.join(", ", texts.subList(0, most)) + last + texts.get(most);
  }
}

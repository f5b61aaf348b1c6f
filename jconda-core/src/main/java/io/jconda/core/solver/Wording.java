package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts candidates, and what is the matter with them, into words. */
final class Wording {
  private static final int MOST_LISTED = 3;

  /** Virtual packages that an environment variable can state or bring (CEP-30, CEP-46). */
  private static final Set<String> OVERRIDABLE =
      Set.of("__archspec", "__cuda", "__cuda_arch", "__glibc", "__linux", "__osx", "__win");

  private final Universe universe;

  Wording(Universe universe) {
    this.universe = universe;
  }

  /** Names some candidates: {@code numpy 1.26.0 to 2.1.3}. */
  static String describe(Candidates candidates, BitSet members) {
    List<PackageRecord> chosen = members.stream().mapToObj(candidates::record).toList();
    return candidates.name() + " " + versions(chosen, candidates.records());
  }

  /** Names the versions of some records, as a range if none between the ends is missing. */
  static String versions(Collection<PackageRecord> some, Collection<PackageRecord> all) {
    Map<Version, String> chosen = texts(some);
    if (chosen.size() == 1) {
      String version = chosen.values().iterator().next();
      long builds = all.stream().filter(record -> record.version().equals(version(some))).count();
      return some.size() == 1 && builds > 1
          ? version + " " + some.iterator().next().build()
          : version;
    }
    List<Version> sorted = new ArrayList<>(chosen.keySet());
    Version first = sorted.get(0);
    Version last = sorted.get(sorted.size() - 1);
    long between =
        texts(all).keySet().stream()
            .filter(version -> version.compareTo(first) >= 0 && version.compareTo(last) <= 0)
            .count();
    if (between > chosen.size() && chosen.size() <= MOST_LISTED) {
      return String.join(", ", chosen.values());
    }
    String range = chosen.get(first) + " to " + chosen.get(last);
    return between > chosen.size() ? range + " (%d versions)".formatted(chosen.size()) : range;
  }

  private static Version version(Collection<PackageRecord> records) {
    return records.iterator().next().version();
  }

  private static Map<Version, String> texts(Collection<PackageRecord> records) {
    Map<Version, String> texts = new TreeMap<>();
    for (PackageRecord record : records) {
      texts.putIfAbsent(record.version(), record.version().toString());
    }
    return texts;
  }

  /** Says what several requirements on one name ask for: {@code python 3.8.* or 3.9.*}. */
  String requirements(Collection<Requirement> requirements) {
    Requirement first = requirements.iterator().next();
    Set<String> tails = new TreeSet<>();
    BitSet accepted = new BitSet();
    for (Requirement requirement : requirements) {
      tails.add(requirement.tail());
      accepted.or(universe.subsets(requirement).get(0).members);
    }
    if (tails.contains("")) {
      return first.name();
    }
    if (tails.size() > MOST_LISTED && !accepted.isEmpty()) {
      return describe(universe.candidates(first.name()), accepted);
    }
    String listed = String.join(" or ", tails.stream().limit(MOST_LISTED).toList());
    return first.name() + " " + listed + (tails.size() > MOST_LISTED ? " or …" : "");
  }

  /** Says why a requirement accepts nothing that there is. */
  String nothingFor(Requirement requirement, Candidates candidates) {
    String name = candidates.name();
    List<PackageRecord> hidden = candidates.hidden().stream().filter(requirement::matches).toList();
    if (name.startsWith("__")) {
      return "but " + machine(candidates);
    }
    if (!hidden.isEmpty()) {
      return "but strict channel priority hides %s %s of %s behind %s, which has only %s"
          .formatted(
              name,
              versions(hidden, hidden),
              channels(hidden),
              channels(candidates.records()),
              versions(candidates.records(), candidates.records()));
    }
    if (candidates.size() > 0) {
      return "but there is only "
          + name
          + " "
          + versions(candidates.records(), candidates.records());
    }
    List<String> near = NearNames.of(name, universe.names());
    return "which no channel has"
        + (near.isEmpty() ? "" : " (names like it: " + String.join(", ", near) + ")");
  }

  private static String machine(Candidates candidates) {
    String name = candidates.name();
    String variable = "CONDA_OVERRIDE_" + name.substring(2).toUpperCase(Locale.ROOT);
    boolean overridable = OVERRIDABLE.contains(name);
    if (candidates.size() == 0) {
      return "this machine has no "
          + name
          + (overridable ? " (%s would state one)".formatted(variable) : "; another platform may");
    }
    PackageRecord record = candidates.record(0);
    return "this machine has %s %s %s%s"
        .formatted(
            name,
            record.version(),
            record.build(),
            overridable ? " (%s would state another)".formatted(variable) : "");
  }

  private static String channels(Collection<PackageRecord> records) {
    Set<String> channels = new TreeSet<>();
    records.forEach(record -> channels.add(record.channel()));
    channels.remove("");
    return channels.isEmpty() ? "another channel" : String.join(", ", channels);
  }

  /** Returns the verb's form that fits the number of candidates. */
  static String verb(BitSet members, String singular, String plural) {
    return members.cardinality() == 1 ? singular : plural;
  }
}

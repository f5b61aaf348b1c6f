package io.jconda.core.solver;

import io.jconda.InvalidSpecException;
import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says why there is nothing of what is asked for: the leaves of an explanation. */
final class Shortage {
  private static final int MOST_REASONS = 3;
  private static final int MOST_BUILDS = 5;

  /** The first version that a spec names, behind its name. */
  private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.!+_]*");

  /** How the problem of a spec begins that has been quoted already. */
  private static final Pattern CANNOT_READ = Pattern.compile("Cannot read '.*?': (.*?)\\.?");

  private final Universe universe;

  Shortage(Universe universe) {
    this.universe = universe;
  }

  /**
   * Says why nothing meets some needs.
   *
   * @param needs needs of one target that accept nothing
   * @return sentences that follow a "but"; at least one
   */
  List<Cause> of(List<Need> needs) {
    Need first = needs.get(0);
    Choice target = first.target();
    if (target.kind == Choice.Kind.UNREADABLE) {
      return List.of(unreadable(first.requirements().get(0)));
    }
    if (target.isVirtual()) {
      return List.of(VirtualShortage.of(target, needs));
    }
    if (target.candidates == null) {
      String message = "nothing there is fits '%s'".formatted(target.name);
      return List.of(
          Cause.builder(Kind.NO_VERSION, message)
              .packageName(target.name)
              .remedy("check the pattern '%s'".formatted(target.name))
              .build());
    }
    if (needs.stream().allMatch(need -> need.isContradiction(universe))) {
      String message = "no %s fulfils that at once".formatted(target.name);
      return List.of(Cause.builder(Kind.CONTRADICTION, message).packageName(target.name).build());
    }
    List<Cause> causes = new ArrayList<>();
    addShutOut(causes, target.candidates, needs);
    addHidden(causes, target.candidates, needs);
    if (causes.isEmpty()) {
      causes.add(noneOf(target.candidates, needs));
    }
    return causes;
  }

  private static Cause unreadable(Requirement requirement) {
    // Behind the first line it shows the character, which takes a line of its own.
    String problem = requirement.problem().orElse("").lines().findFirst().orElse("");
    Matcher told = CANNOT_READ.matcher(problem);
    String what = told.matches() ? told.group(1) : problem;
    return Cause.builder(Kind.UNREADABLE, "that cannot be read: " + what)
        .packageName(requirement.name())
        .spec(requirement.text())
        .build();
  }

  private static List<PackageRecord> matching(Collection<PackageRecord> records, List<Need> needs) {
    return records.stream()
        .filter(
            record ->
                needs.stream()
                    .anyMatch(
                        need ->
                            !need.requirements().isEmpty()
                                && need.requirements().stream()
                                    .allMatch(requirement -> requirement.matches(record))))
        .toList();
  }

  private static void addShutOut(List<Cause> causes, Candidates candidates, List<Need> needs) {
    new TreeMap<>(candidates.shutOut())
        .forEach(
            (reason, records) -> {
              List<PackageRecord> suitable = matching(records, needs);
              if (!suitable.isEmpty() && causes.size() < MOST_REASONS) {
                String message =
                    "%s %s is shut out, as it is %s"
                        .formatted(candidates.name(), Wording.versions(suitable, records), reason);
                causes.add(
                    Cause.builder(Kind.SHUT_OUT, message)
                        .packageName(candidates.name())
                        .remedy("let in what the request shuts out of " + candidates.name())
                        .build());
              }
            });
  }

  private static void addHidden(List<Cause> causes, Candidates candidates, List<Need> needs) {
    List<PackageRecord> hidden = matching(candidates.hidden(), needs);
    if (hidden.isEmpty()) {
      return;
    }
    String name = candidates.name();
    SortedSet<String> channels = channels(hidden);
    String message =
        "strict channel priority hides %s %s of %s behind %s, which has only %s"
            .formatted(
                name,
                Wording.versions(hidden, candidates.hidden()),
                channels.isEmpty() ? "another channel" : String.join(", ", channels),
                channels(candidates.records()).isEmpty()
                    ? "a higher channel"
                    : String.join(", ", channels(candidates.records())),
                candidates.size() == 0
                    ? "what is shut out"
                    : Wording.versions(candidates.records(), candidates.records()));
    String remedy =
        channels.isEmpty()
            ? "use flexible channel priority"
            : "ask for '%s::%s', or use flexible channel priority"
                .formatted(channels.first(), name);
    causes.add(
        Cause.builder(Kind.HIDDEN_BY_PRIORITY, message).packageName(name).remedy(remedy).build());
  }

  private static SortedSet<String> channels(Collection<PackageRecord> records) {
    TreeSet<String> channels = new TreeSet<>();
    records.forEach(record -> channels.add(record.channel()));
    channels.remove("");
    return channels;
  }

  private Cause noneOf(Candidates candidates, List<Need> needs) {
    String name = candidates.name();
    if (candidates.size() > 0) {
      String message =
          otherBuilds(candidates, needs)
              .or(() -> otherChannel(candidates, needs))
              .orElseGet(() -> otherVersions(candidates, needs));
      return Cause.builder(Kind.NO_VERSION, message).packageName(name).build();
    }
    if (candidates.isKnown()) {
      String reasons = String.join(", or ", candidates.shutOut().keySet());
      String message = "all there is of %s is shut out, as it is %s".formatted(name, reasons);
      return Cause.builder(Kind.SHUT_OUT, message).packageName(name).build();
    }
    List<String> near = NearNames.of(name, universe.names());
    String message = "no channel has " + name;
    return Cause.builder(
            Kind.MISSING_PACKAGE,
            near.isEmpty()
                ? message
                : "%s (names like it: %s)".formatted(message, String.join(", ", near)))
        .packageName(name)
        .remedy("add a channel that has " + name)
        .build();
  }

  /** Returns the candidates that fit if less is asked for. */
  private static List<PackageRecord> fitting(
      Candidates candidates, List<Need> needs, UnaryOperator<MatchSpec> lessened) {
    List<MatchSpec> specs = new ArrayList<>();
    for (Need need : needs) {
      for (Requirement requirement : need.requirements()) {
        whole(requirement).map(lessened).ifPresent(specs::add);
      }
    }
    return candidates.records().stream()
        .filter(record -> specs.stream().anyMatch(spec -> spec.matches(record)))
        .toList();
  }

  private static Optional<MatchSpec> whole(Requirement requirement) {
    try {
      MatchSpec spec = MatchSpec.parseLenient(requirement.text());
      return Optional.of(spec).filter(read -> read.name().equals(requirement.name()));
    } catch (InvalidSpecException e) {
      // A record that is asked for by its file's name is no spec.
      return Optional.empty();
    }
  }

  private static MatchSpec withoutBuild(MatchSpec spec) {
    MatchSpec.Builder builder = MatchSpec.builder(spec.name());
    spec.version().ifPresent(builder::version);
    spec.channel().ifPresent(builder::channel);
    return builder.build();
  }

  private static MatchSpec withoutChannel(MatchSpec spec) {
    MatchSpec.Builder builder = MatchSpec.builder(spec.name());
    spec.version().ifPresent(builder::version);
    spec.build().ifPresent(builder::build);
    return builder.build();
  }

  /** Says that versions fit, but no build of them. */
  private static Optional<String> otherBuilds(Candidates candidates, List<Need> needs) {
    List<PackageRecord> versions = fitting(candidates, needs, Shortage::withoutBuild);
    List<String> builds = versions.stream().map(PackageRecord::build).distinct().sorted().toList();
    if (builds.isEmpty()) {
      return Optional.empty();
    }
    String listed =
        builds.size() > MOST_BUILDS
            ? builds.size() + " other builds"
            : (builds.size() == 1 ? "build " : "builds ") + Wording.joined(builds, " and ");
    return Optional.of(
        "of %s %s there %s only %s"
            .formatted(
                candidates.name(),
                Wording.versions(versions, versions),
                builds.size() == 1 ? "is" : "are",
                listed));
  }

  /** Says that another channel has it. */
  private static Optional<String> otherChannel(Candidates candidates, List<Need> needs) {
    List<PackageRecord> elsewhere = fitting(candidates, needs, Shortage::withoutChannel);
    return elsewhere.isEmpty() || channels(elsewhere).isEmpty()
        ? Optional.empty()
        : Optional.of(
            "only %s has %s %s"
                .formatted(
                    String.join(", ", channels(elsewhere)),
                    candidates.name(),
                    Wording.versions(elsewhere, elsewhere)));
  }

  /** Says which versions there are, and which are next to the one that is asked for. */
  private static String otherVersions(Candidates candidates, List<Need> needs) {
    List<PackageRecord> records = candidates.records();
    String all =
        "there is only %s %s".formatted(candidates.name(), Wording.versions(records, records));
    List<String> texts =
        needs.stream()
            .flatMap(need -> need.requirements().stream())
            .map(Requirement::tail)
            .distinct()
            .toList();
    Matcher matcher = VERSION.matcher(texts.isEmpty() ? "" : texts.get(0));
    Optional<Version> asked =
        texts.size() == 1 && matcher.find() ? version(matcher.group()) : Optional.empty();
    if (asked.isEmpty()) {
      return all;
    }
    TreeSet<Version> versions =
        records.stream().map(PackageRecord::version).collect(Collectors.toCollection(TreeSet::new));
    Version below = versions.lower(asked.get());
    Version above = versions.higher(asked.get());
    return below == null || above == null || versions.size() <= 2
        ? all
        : "%s (the nearest are %s and %s)".formatted(all, below, above);
  }

  private static Optional<Version> version(String text) {
    try {
      return Optional.of(
          Version.parse(text.endsWith(".") ? text.substring(0, text.length() - 1) : text));
    } catch (InvalidSpecException e) {
      // A text that only looks like a version names no neighbours.
      return Optional.empty();
    }
  }
}

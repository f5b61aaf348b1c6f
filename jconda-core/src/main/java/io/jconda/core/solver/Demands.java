package io.jconda.core.solver;

import io.jconda.PackageNotFoundException;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Works out of a request what a solution must fulfil, in an order that its lists do not change. */
final class Demands {
  private static final String PYTHON = "python";

  private Demands() {}

  /** Returns the specs of the user that count: those of now, and earlier ones not named anew. */
  static List<MatchSpec> wishes(SolveRequest request) {
    List<MatchSpec> wishes = new ArrayList<>(request.specs());
    wishes.addAll(remembered(request));
    return wishes;
  }

  private static List<MatchSpec> remembered(SolveRequest request) {
    Set<String> renewed = new HashSet<>();
    for (MatchSpec spec : request.specs()) {
      renewed.add(spec.name());
    }
    for (MatchSpec spec : request.removals()) {
      renewed.add(spec.name());
    }
    List<MatchSpec> remembered = new ArrayList<>();
    for (MatchSpec spec : request.remembered()) {
      if (!renewed.contains(spec.name())) {
        remembered.add(spec);
      }
    }
    return remembered;
  }

  static List<Demand> of(SolveRequest request) {
    List<Demand> demands = new ArrayList<>();
    for (PackageRecord record : inOrder(request.locked())) {
      demands.add(new Demand(Demand.Kind.LOCKED, Requirement.exactly(record)));
    }
    if (request.options().freezesInstalled()) {
      addFrozen(demands, request);
    }
    addSpecs(demands, Demand.Kind.PIN, request.pins());
    addSpecs(demands, Demand.Kind.KEPT_PYTHON, keptPython(request));
    addSpecs(demands, Demand.Kind.REMEMBERED, remembered(request));
    addSpecs(demands, Demand.Kind.NAMED, request.specs());
    return demands;
  }

  /** What is installed must stay, but for the names that the user names now. */
  private static void addFrozen(List<Demand> demands, SolveRequest request) {
    for (PackageRecord record : inOrder(request.installed())) {
      if (!record.isVirtual()
          && request.specs().stream().noneMatch(spec -> isNamed(record, spec))) {
        demands.add(new Demand(Demand.Kind.FROZEN, Requirement.exactly(record)));
      }
    }
  }

  /** Returns records by name, each once. */
  static Set<PackageRecord> inOrder(Collection<PackageRecord> records) {
    List<PackageRecord> sorted = new ArrayList<>(records);
    if (sorted.size() > 1) {
      sorted.sort(Comparator.comparing(PackageRecord::name).thenComparing(CandidateOrder.BY_TEXT));
    }
    return new LinkedHashSet<>(sorted);
  }

  /** Tells whether a record has the name that a spec asks for, whatever its version. */
  static boolean isNamed(PackageRecord record, MatchSpec spec) {
    return spec.isExactName() ? spec.name().equals(record.name()) : spec.matches(record);
  }

  private static void addSpecs(List<Demand> demands, Demand.Kind kind, List<MatchSpec> specs) {
    List<MatchSpec> sorted = new ArrayList<>(specs);
    if (sorted.size() > 1) {
      sorted.sort(Comparator.comparing(MatchSpec::toString).thenComparing(MatchSpec::source));
    }
    for (MatchSpec spec : new LinkedHashSet<>(sorted)) {
      demands.add(new Demand(kind, Requirement.of(spec)));
    }
  }

  /** An installed Python keeps its minor version unless it is named (conda: core/solve.py). */
  private static List<MatchSpec> keptPython(SolveRequest request) {
    for (MatchSpec spec : request.specs()) {
      if (spec.name().equals(PYTHON)) {
        return List.of();
      }
    }
    for (PackageRecord record : request.installed()) {
      if (record.name().equals(PYTHON)) {
        String[] parts = record.version().toString().split("\\.", -1);
        String minor = parts.length < 2 ? parts[0] : parts[0] + "." + parts[1];
        return List.of(MatchSpec.parse(PYTHON + "=" + minor));
      }
    }
    return List.of();
  }

  /**
   * Looks whether the names exist that the demands want.
   *
   * @throws PackageNotFoundException if one does not
   */
  static void checkNames(List<Demand> demands, Universe universe) {
    for (Demand demand : demands) {
      Requirement requirement = demand.requirement();
      boolean known =
          !demand.isWanted()
              || requirement.condition().isPresent()
              || requirement.name().startsWith("__")
              || isAnyKnown(universe.subsets(requirement));
      if (!known) {
        throw notFound(requirement, universe.names(), "in the channels");
      }
    }
  }

  private static boolean isAnyKnown(List<Subset> subsets) {
    for (Subset subset : subsets) {
      if (subset.candidates.isKnown()) {
        return true;
      }
    }
    return false;
  }

  static PackageNotFoundException notFound(
      Requirement requirement, Collection<String> names, String where) {
    List<String> near = NearNames.of(requirement.name(), names);
    return new PackageNotFoundException(
        requirement.text(),
        near,
        "There is no package named '%s' %s.".formatted(requirement.name(), where),
        near.isEmpty()
            ? "Check the spelling, or add the channel that has it."
            : "Check the spelling (names like it: %s), or add the channel that has it."
                .formatted(String.join(", ", near)));
  }
}

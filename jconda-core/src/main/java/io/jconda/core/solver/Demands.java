package io.jconda.core.solver;

import io.jconda.PackageNotFoundException;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Works out of a request what a solution must fulfil, in an order that its lists do not change. */
final class Demands {
  private static final String PYTHON = "python";

  private Demands() {}

  /** Returns the specs of the user that count: those of now, and earlier ones not named anew. */
  static List<MatchSpec> wishes(SolveRequest request) {
    return Stream.concat(request.specs().stream(), remembered(request).stream()).toList();
  }

  private static List<MatchSpec> remembered(SolveRequest request) {
    Set<String> renewed = new HashSet<>();
    request.specs().forEach(spec -> renewed.add(spec.name()));
    request.removals().forEach(spec -> renewed.add(spec.name()));
    return request.remembered().stream().filter(spec -> !renewed.contains(spec.name())).toList();
  }

  static List<Demand> of(SolveRequest request) {
    List<Demand> demands = new ArrayList<>();
    request.locked().stream()
        .sorted(Comparator.comparing(PackageRecord::name).thenComparing(CandidateOrder.BY_TEXT))
        .distinct()
        .map(record -> new Demand(Demand.Kind.LOCKED, Requirement.exactly(record)))
        .forEach(demands::add);
    if (request.options().freezesInstalled()) {
      addFrozen(demands, request);
    }
    addSpecs(demands, Demand.Kind.PIN, request.pins());
    keptPython(request).ifPresent(pin -> addSpecs(demands, Demand.Kind.KEPT_PYTHON, List.of(pin)));
    addSpecs(demands, Demand.Kind.REMEMBERED, remembered(request));
    addSpecs(demands, Demand.Kind.NAMED, request.specs());
    return demands;
  }

  /** What is installed must stay, but for the names that the user names now. */
  private static void addFrozen(List<Demand> demands, SolveRequest request) {
    request.installed().stream()
        .filter(record -> !record.isVirtual())
        .filter(record -> request.specs().stream().noneMatch(spec -> isNamed(record, spec)))
        .sorted(Comparator.comparing(PackageRecord::name).thenComparing(CandidateOrder.BY_TEXT))
        .distinct()
        .map(record -> new Demand(Demand.Kind.FROZEN, Requirement.exactly(record)))
        .forEach(demands::add);
  }

  /** Tells whether a record has the name that a spec asks for, whatever its version. */
  static boolean isNamed(PackageRecord record, MatchSpec spec) {
    return spec.isExactName() ? spec.name().equals(record.name()) : spec.matches(record);
  }

  private static void addSpecs(List<Demand> demands, Demand.Kind kind, List<MatchSpec> specs) {
    specs.stream()
        .sorted(Comparator.comparing(MatchSpec::toString).thenComparing(MatchSpec::source))
        .distinct()
        .map(spec -> new Demand(kind, Requirement.of(spec)))
        .forEach(demands::add);
  }

  /** An installed Python keeps its minor version unless it is named (conda: core/solve.py). */
  private static Optional<MatchSpec> keptPython(SolveRequest request) {
    if (request.specs().stream().anyMatch(spec -> spec.name().equals(PYTHON))) {
      return Optional.empty();
    }
    return request.installed().stream()
        .filter(record -> record.name().equals(PYTHON))
        .map(record -> record.version().toString().split("\\.", -1))
        .map(parts -> parts.length < 2 ? parts[0] : parts[0] + "." + parts[1])
        .map(minor -> MatchSpec.parse(PYTHON + "=" + minor))
        .findFirst();
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
              || universe.subsets(requirement).stream()
                  .anyMatch(subset -> subset.candidates.isKnown());
      if (!known) {
        throw notFound(requirement, universe.names(), "in the channels");
      }
    }
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

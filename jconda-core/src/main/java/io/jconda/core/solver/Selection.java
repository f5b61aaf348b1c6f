package io.jconda.core.solver;

import io.jconda.solve.Dependencies;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes of a complete solution what the request wants: all of it, the dependencies alone, or what
 * it names alone (conda: {@code core/solve.py}, {@code DepsModifier}).
 */
final class Selection {
  private final SolveRequest request;
  private final Universe universe;
  private final Collection<PackageRecord> installed;
  private final List<PackageRecord> records;
  private final List<MatchSpec> requested;

  private Selection(SolveRequest request, Universe universe, List<PackageRecord> solution) {
    this.request = request;
    this.universe = universe;
    this.installed = new HashSet<>(request.installed());
    this.records = new ArrayList<>(solution);
    this.requested = new ArrayList<>(request.specs());
  }

  static Selection of(SolveRequest request, Universe universe, List<PackageRecord> solution) {
    Selection selection = new Selection(request, universe, solution);
    Dependencies wanted = request.options().dependencies();
    if (wanted == Dependencies.ONLY) {
      selection.dropNamed();
    } else if (wanted == Dependencies.LEFT_OUT) {
      selection.dropUnnamed();
    }
    return selection;
  }

  List<PackageRecord> records() {
    return records;
  }

  /** Returns what is to be remembered as asked for. */
  List<MatchSpec> requested() {
    return requested;
  }

  private boolean isNamed(PackageRecord record) {
    return request.specs().stream().anyMatch(spec -> Demands.isNamed(record, spec));
  }

  /** Drops what is named and new, as far as nothing that remains needs it. */
  private void dropNamed() {
    List<PackageRecord> dropped = new ArrayList<>();
    boolean found = true;
    while (found) {
      Set<String> needed = new HashSet<>();
      records.forEach(record -> needsOf(record).forEach(need -> needed.add(need.name())));
      List<PackageRecord> free =
          records.stream()
              .filter(record -> isNamed(record) && !installed.contains(record))
              .filter(record -> !needed.contains(record.name()))
              .toList();
      found = records.removeAll(free);
      dropped.addAll(free);
    }
    Set<MatchSpec> dependencies = new LinkedHashSet<>();
    for (PackageRecord record : dropped) {
      requested.removeIf(spec -> Demands.isNamed(record, spec));
      needsOf(record).stream()
          .filter(need -> records.stream().anyMatch(need::matches))
          .map(need -> MatchSpec.parseLenient(need.text()))
          .forEach(dependencies::add);
    }
    requested.addAll(dependencies);
  }

  /** Returns what a record needs of this solution, itself left out. */
  private List<Requirement> needsOf(PackageRecord record) {
    List<String> texts = new ArrayList<>(universe.depends(record));
    for (MatchSpec spec : request.specs()) {
      if (Demands.isNamed(record, spec)) {
        spec.extras().forEach(group -> texts.addAll(universe.extraDepends(record, group)));
      }
    }
    return texts.stream()
        .map(universe::requirement)
        .filter(need -> need.problem().isEmpty() && !need.name().equals(record.name()))
        .filter(need -> need.condition().map(it -> it.holds(records)).orElse(true))
        .toList();
  }

  /** Drops what is neither named nor installed, and leaves what is installed as it is. */
  private void dropUnnamed() {
    records.removeIf(record -> !isNamed(record));
    Set<String> names = new HashSet<>();
    records.forEach(record -> names.add(record.name()));
    installed.stream()
        .filter(record -> !record.isVirtual() && !names.contains(record.name()))
        .forEach(records::add);
  }
}

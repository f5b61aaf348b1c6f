package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Takes packages out of what is installed: those that are named, those that cannot be without them,
 * and those that nothing but them had needed.
 */
final class Removal {
  private final List<PackageRecord> installed;
  private final List<PackageRecord> all;
  private final Map<String, Requirement> requirements = new HashMap<>();
  private final Map<String, Set<String>> extras = new HashMap<>();

  private Removal(SolveRequest request) {
    this.installed =
        request.installed().stream()
            .filter(record -> !record.isVirtual())
            .distinct()
            .sorted(Comparator.comparing(PackageRecord::name).thenComparing(CandidateOrder.BY_TEXT))
            .toList();
    Demands.wishes(request).forEach(wish -> addExtras(wish.name(), wish.extras()));
    for (PackageRecord record : installed) {
      for (String text : record.depends()) {
        if (text.contains("extras")) {
          Requirement requirement = Requirement.ofIndex(text);
          addExtras(requirement.name(), requirement.extras());
        }
      }
    }
    this.all = Stream.concat(installed.stream(), request.virtualPackages().stream()).toList();
  }

  /**
   * Returns what stays, in topological order.
   *
   * @throws io.jconda.PackageNotFoundException if nothing installed is what is to be removed
   */
  static List<PackageRecord> survivors(SolveRequest request) {
    Removal removal = new Removal(request);
    Set<PackageRecord> leaving = removal.named(request);
    removal.addDependants(leaving);
    return TopologicalOrder.of(removal.withoutOrphans(request, leaving));
  }

  private Set<PackageRecord> named(SolveRequest request) {
    Set<PackageRecord> leaving = new LinkedHashSet<>();
    for (var spec : request.removals()) {
      List<PackageRecord> matching = installed.stream().filter(spec::matches).toList();
      if (matching.isEmpty()) {
        Set<String> names = new TreeSet<>();
        installed.forEach(record -> names.add(record.name()));
        throw Demands.notFound(Requirement.of(spec), names, "in the environment");
      }
      leaving.addAll(matching);
    }
    return leaving;
  }

  /** Adds whatever has a dependency that only something that leaves fulfils. */
  private void addDependants(Set<PackageRecord> leaving) {
    boolean grown = true;
    while (grown) {
      grown =
          leaving.addAll(
              installed.stream().filter(record -> losesDependency(record, leaving)).toList());
    }
  }

  private boolean losesDependency(PackageRecord record, Set<PackageRecord> leaving) {
    for (String text : needs(record)) {
      List<PackageRecord> providers = providers(text);
      if (!providers.isEmpty() && leaving.containsAll(providers)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what a record depends on, the groups of extras that are asked of it included. */
  private List<String> needs(PackageRecord record) {
    if (record.extraDepends().isEmpty()) {
      return record.depends();
    }
    List<String> needs = new ArrayList<>(record.depends());
    for (String group : extras.getOrDefault(record.name(), Set.of())) {
      needs.addAll(record.extraDepends().getOrDefault(group, List.of()));
    }
    return needs;
  }

  private void addExtras(String name, List<String> groups) {
    if (!groups.isEmpty()) {
      extras.computeIfAbsent(name, key -> new TreeSet<>()).addAll(groups);
    }
  }

  private List<PackageRecord> providers(String dependency) {
    Requirement requirement = requirements.computeIfAbsent(dependency, Requirement::ofIndex);
    boolean counts = requirement.condition().map(it -> it.holds(all)).orElse(true);
    return requirement.problem().isPresent() || !counts
        ? List.of()
        : installed.stream().filter(requirement::matches).toList();
  }

  private Collection<PackageRecord> withoutOrphans(
      SolveRequest request, Set<PackageRecord> leaving) {
    List<PackageRecord> staying = new ArrayList<>(installed);
    staying.removeAll(leaving);
    Set<PackageRecord> ofLeaving = reachable(leaving);
    List<PackageRecord> roots =
        staying.stream()
            .filter(
                record ->
                    !ofLeaving.contains(record)
                        || Demands.wishes(request).stream().anyMatch(spec -> spec.matches(record)))
            .toList();
    Set<PackageRecord> needed = reachable(roots);
    staying.retainAll(needed);
    return staying;
  }

  private Set<PackageRecord> reachable(Collection<PackageRecord> roots) {
    Set<PackageRecord> reached = new HashSet<>(roots);
    Deque<PackageRecord> waiting = new ArrayDeque<>(roots);
    while (!waiting.isEmpty()) {
      for (String text : needs(waiting.remove())) {
        for (PackageRecord provider : providers(text)) {
          if (reached.add(provider)) {
            waiting.add(provider);
          }
        }
      }
    }
    return reached;
  }
}

package io.jconda.core.query;

import io.jconda.CondaException;
import io.jconda.InvalidSpecException;
import io.jconda.core.repodata.DependencyName;
import io.jconda.core.util.OperationContext;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageNode.Kind;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Walks from a package to those that need it, level by level.
 *
 * <p>One pass over all records finds which names depend on which; it keeps names only. Then the
 * records of the names that are reached are looked at. For one thread.
 */
public final class DependantWalk {
  private static final Pattern PREFIX_OR_EXACT = Pattern.compile("^=+|\\.\\*$");

  private final List<PackageSource> sources;
  private final boolean allRecords;
  private final TreeLimits limits;
  private final OperationContext context;
  private final Map<String, Set<String>> dependants = new HashMap<>();
  private final Set<String> expanded = new HashSet<>();

  /**
   * Makes a walk.
   *
   * @param sources one for each platform
   * @param allRecords whether all records of a package count, or those of its newest version alone
   */
  public DependantWalk(
      List<PackageSource> sources,
      boolean allRecords,
      TreeLimits limits,
      OperationContext context) {
    this.sources = List.copyOf(sources);
    this.allRecords = allRecords;
    this.limits = limits;
    this.context = context;
  }

  /**
   * Walks from what a spec means; blocks while indexes are read.
   *
   * @return a root for each name that the spec means; none if there is nothing that fits it, and
   *     nothing that depends on its name
   */
  public List<PackageNode> from(MatchSpec spec) {
    Map<String, List<PackageRecord>> meant =
        new Search(sources, context)
            .matches(spec).stream()
                .sorted(Preference.BY_AGE)
                .collect(Collectors.groupingBy(PackageRecord::name));
    Set<String> names = new TreeSet<>(meant.keySet());
    if (spec.isExactName() && isUnknown(spec.name())) {
      names.add(spec.name());
    }
    if (names.isEmpty()) {
      return List.of();
    }
    index(limits.depth() == 1 ? names : Set.of());
    List<Branch> roots = new ArrayList<>();
    for (String name : names) {
      List<PackageRecord> records = meant.getOrDefault(name, List.of());
      boolean counts = !records.isEmpty() || dependants.containsKey(name);
      if (counts && limits.take()) {
        Branch root = Branch.root(name, records);
        if (records.isEmpty()) {
          supposed(spec).ifPresent(root::suppose);
        }
        roots.add(root);
      }
    }
    grow(roots);
    return roots.stream().map(Branch::node).toList();
  }

  /** Makes up a record where there is none, of the version that a spec names, if it names one. */
  private static Optional<PackageRecord> supposed(MatchSpec spec) {
    if (spec.version().isEmpty()) {
      return Optional.empty();
    }
    String version = PREFIX_OR_EXACT.matcher(spec.version().get().toString()).replaceAll("");
    try {
      String build = spec.build().orElse("0");
      return Optional.of(PackageRecord.builder(spec.name(), version, build).build());
    } catch (InvalidSpecException e) {
      throw new CondaException(
          "'%s' is no single version, and no channel has %s to look for one that fits."
              .formatted(spec.source(), spec.name()),
          "Write one version, such as %s=1.0, or none.".formatted(spec.name()),
          e);
    }
  }

  private boolean isUnknown(String name) {
    return sources.stream().allMatch(source -> source.records(name).isEmpty());
  }

  /**
   * Notes who depends on whom.
   *
   * @param wanted the names whose dependants are of interest; empty for all
   */
  private void index(Set<String> wanted) {
    for (PackageSource source : sources) {
      for (String name : source.names()) {
        context.checkpoint();
        for (PackageRecord record : source.recordsOnce(name)) {
          for (String dependency : record.depends()) {
            String on = DependencyName.of(dependency);
            if (wanted.isEmpty() || wanted.contains(on)) {
              dependants.computeIfAbsent(on, key -> new TreeSet<>()).add(name);
            }
          }
        }
      }
    }
  }

  private void grow(List<Branch> roots) {
    Deque<Branch> open = new ArrayDeque<>();
    roots.forEach(root -> visit(root, open));
    while (!open.isEmpty()) {
      expand(open.removeFirst(), open);
    }
  }

  private void visit(Branch branch, Deque<Branch> open) {
    boolean ends = branch.level() >= limits.depth() || !dependants.containsKey(branch.name());
    if (!ends && expanded.add(branch.name())) {
      open.addLast(branch);
      return;
    }
    branch.forget();
    if (!ends) {
      branch.mark(Kind.REPEATED);
    }
  }

  private void expand(Branch branch, Deque<Branch> open) {
    Map<String, Boolean> known = new HashMap<>();
    for (String name : dependants.getOrDefault(branch.name(), Set.of())) {
      context.checkpoint();
      List<PackageRecord> needing =
          considered(name).stream()
              .filter(record -> dependency(record, branch, known).isPresent())
              .sorted(Preference.BY_AGE)
              .toList();
      if (needing.isEmpty()) {
        continue;
      }
      if (!limits.take()) {
        branch.mark(Kind.CUT);
        break;
      }
      PackageRecord newest = needing.get(needing.size() - 1);
      String through = dependency(newest, branch, known).orElseThrow();
      if (branch.hangsOn(name)) {
        branch.grow(Kind.CYCLE, name, through, needing).forget();
      } else {
        visit(branch.grow(Kind.PACKAGE, name, through, needing), open);
      }
    }
    branch.forget();
  }

  /** Returns the dependency of a record that one of those behind a branch fulfils. */
  private static Optional<String> dependency(
      PackageRecord record, Branch on, Map<String, Boolean> known) {
    return record.depends().stream()
        .filter(text -> DependencyName.of(text).equals(on.name()))
        .filter(text -> known.computeIfAbsent(text, any -> accepts(any, on.records())))
        .findFirst();
  }

  private static boolean accepts(String dependency, List<PackageRecord> records) {
    if (records.isEmpty()) {
      return true;
    }
    try {
      MatchSpec spec = MatchSpec.parseLenient(dependency);
      return records.stream().anyMatch(spec::matches);
    } catch (InvalidSpecException e) {
      // what nobody can read nothing can fulfil
      return false;
    }
  }

  /** Returns the records of a name that may count. */
  private Collection<PackageRecord> considered(String name) {
    Set<PackageRecord> records = new LinkedHashSet<>();
    for (PackageSource source : sources) {
      Map<String, List<PackageRecord>> byChannel =
          source.recordsOnce(name).stream().collect(Collectors.groupingBy(PackageRecord::channel));
      byChannel.values().forEach(group -> considered(group).forEach(records::add));
    }
    return records;
  }

  private Stream<PackageRecord> considered(List<PackageRecord> ofOneChannel) {
    if (allRecords) {
      return ofOneChannel.stream();
    }
    Version newest =
        ofOneChannel.stream().map(PackageRecord::version).max(Version::compareTo).orElseThrow();
    return ofOneChannel.stream().filter(record -> record.version().compareTo(newest) == 0);
  }
}

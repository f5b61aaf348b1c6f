package io.jconda.core.query;

import io.jconda.InvalidSpecException;
import io.jconda.core.repodata.DependencyName;
import io.jconda.core.util.OperationContext;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageNode.Kind;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks from a package to what it needs, level by level, so that each package is expanded where it
 * is nearest to the root.
 *
 * <p>Unlike mamba's walk (mamba: {@code libmamba/src/core/query.cpp}), which takes any provider of
 * a dependency, it takes the best one, and stays with what it has chosen of a name where that fits.
 * For one thread.
 */
public final class DependencyWalk {
  private final PackageSource source;
  private final TreeLimits limits;
  private final OperationContext context;
  private final Map<String, PackageRecord> chosen = new HashMap<>();
  private final Set<PackageRecord> expanded = new HashSet<>();
  private final Deque<Branch> open = new ArrayDeque<>();

  /** Makes a walk through one source; the limits may be shared with other walks. */
  public DependencyWalk(PackageSource source, TreeLimits limits, OperationContext context) {
    this.source = source;
    this.limits = limits;
    this.context = context;
  }

  /**
   * Walks from the best record of a name that a spec accepts; may block while indexes are read.
   *
   * @return the root, or nothing if no record fits
   */
  public Optional<PackageNode> from(String name, MatchSpec spec) {
    Optional<PackageRecord> best = Preference.best(source, name, spec, any -> true);
    if (best.isEmpty() || !limits.take()) {
      return Optional.empty();
    }
    Branch root = Branch.root(name, List.of(best.get()));
    visit(root, best.get());
    while (!open.isEmpty()) {
      context.checkpoint();
      expand(open.removeFirst());
    }
    return Optional.of(root.node());
  }

  private void visit(Branch branch, PackageRecord record) {
    chosen.putIfAbsent(record.name(), record);
    if (record.depends().isEmpty()) {
      return;
    }
    if (branch.level() >= limits.depth()) {
      branch.mark(Kind.CUT);
    } else if (expanded.add(record)) {
      open.addLast(branch);
    } else {
      branch.mark(Kind.REPEATED);
    }
  }

  private void expand(Branch branch) {
    List<String> dependencies = branch.newest().depends();
    for (String dependency : dependencies) {
      if (!limits.take()) {
        branch.mark(Kind.CUT);
        return;
      }
      follow(branch, dependency, dependencies);
    }
  }

  private void follow(Branch parent, String dependency, List<String> siblings) {
    String name = DependencyName.of(dependency);
    if (name.startsWith("__")) {
      parent.grow(Kind.VIRTUAL, name, dependency, List.of());
      return;
    }
    Optional<MatchSpec> spec = read(dependency);
    if (spec.isEmpty()) {
      parent.grow(Kind.UNREADABLE, name, dependency, List.of());
      return;
    }
    // of several constraints on one name all are in force, so "python" and "python 3.13.*" are one
    List<MatchSpec> together =
        siblings.stream()
            .filter(text -> DependencyName.of(text).equals(name))
            .flatMap(text -> read(text).stream())
            .toList();
    Optional<PackageRecord> record =
        provider(spec.get(), together).or(() -> provider(spec.get(), List.of()));
    if (record.isEmpty()) {
      parent.grow(Kind.MISSING, name, dependency, List.of());
    } else if (parent.hangsOn(record.get().name())) {
      parent.grow(Kind.CYCLE, record.get().name(), dependency, List.of(record.get()));
    } else {
      Branch child =
          parent.grow(Kind.PACKAGE, record.get().name(), dependency, List.of(record.get()));
      visit(child, record.get());
    }
  }

  private static Optional<MatchSpec> read(String dependency) {
    try {
      return Optional.of(MatchSpec.parseLenient(dependency));
    } catch (InvalidSpecException e) {
      // the tree says so where the dependency stands
      return Optional.empty();
    }
  }

  private Optional<PackageRecord> provider(MatchSpec spec, List<MatchSpec> together) {
    for (String name : Search.names(source, spec)) {
      PackageRecord before = chosen.get(name);
      if (before != null && spec.matches(before) && all(together, before)) {
        return Optional.of(before);
      }
      Optional<PackageRecord> best =
          Preference.best(source, name, spec, record -> all(together, record));
      if (best.isPresent()) {
        return best;
      }
    }
    return Optional.empty();
  }

  private static boolean all(List<MatchSpec> specs, PackageRecord record) {
    return specs.stream().allMatch(spec -> spec.matches(record));
  }
}

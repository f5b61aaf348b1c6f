package io.jconda.core.solver;

import io.jconda.core.repodata.DependencyName;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts records into the order in which they are to be linked: what a record depends on stands
 * before it.
 *
 * <p>Packages may depend on each other in a circle; then one of them has to come first. Python
 * comes before whatever depends on it, also if it depends on that itself (pip), and before every
 * noarch Python package, which cannot be linked without it (conda: {@code models/prefix_graph.py}).
 * Equal input in any order gives equal output.
 */
public final class TopologicalOrder {
  private static final String PYTHON = "python";

  private final Map<String, PackageRecord> records = new TreeMap<>();
  private final Map<String, NavigableSet<String>> needs = new LinkedHashMap<>();
  private final Set<String> done = new HashSet<>();
  private final Set<String> open = new HashSet<>();
  private final List<PackageRecord> order = new ArrayList<>();

  private TopologicalOrder(Collection<PackageRecord> records) {
    for (PackageRecord record : records) {
      this.records.put(record.name(), record);
    }
  }

  /**
   * Sorts records.
   *
   * @param records records with different names; dependencies on names that are not among them, or
   *     that cannot be read, are left out of account
   */
  public static List<PackageRecord> of(Collection<PackageRecord> records) {
    return new TopologicalOrder(records).sort();
  }

  private List<PackageRecord> sort() {
    for (PackageRecord record : records.values()) {
      needs.put(record.name(), needsOf(record));
    }
    NavigableSet<String> ofPython = needs.get(PYTHON);
    if (ofPython != null) {
      ofPython.removeIf(this::dependsOnPython);
    }
    for (String name : records.keySet()) {
      visit(name);
    }
    return List.copyOf(order);
  }

  private NavigableSet<String> needsOf(PackageRecord record) {
    NavigableSet<String> names = new TreeSet<>();
    for (String dependency : record.depends()) {
      names.add(DependencyName.of(dependency));
    }
    if (record.noarch().equals(Optional.of(NoarchType.PYTHON))) {
      names.add(PYTHON);
    }
    names.retainAll(records.keySet());
    names.remove(record.name());
    return names;
  }

  private NavigableSet<String> needsAmongAll(String name) {
    return Objects.requireNonNull(needs.get(name));
  }

  private boolean dependsOnPython(String name) {
    Set<String> reached = new HashSet<>();
    Deque<String> waiting = new ArrayDeque<>(List.of(name));
    while (!waiting.isEmpty()) {
      String next = waiting.remove();
      if (next.equals(PYTHON)) {
        return true;
      }
      if (reached.add(next)) {
        waiting.addAll(needsAmongAll(next));
      }
    }
    return false;
  }

  /** Visits in depth first, with a stack of its own: chains may be longer than a thread's. */
  private void visit(String root) {
    Deque<String> stack = new ArrayDeque<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      String name = stack.peek();
      if (done.contains(name)) {
        stack.pop();
      } else if (open.add(name)) {
        // The stack turns the order round, so the last one pushed is the first in the alphabet.
        for (String need : needsAmongAll(name).descendingSet()) {
          if (!open.contains(need)) {
            stack.push(need);
          }
        }
      } else {
        stack.pop();
        done.add(name);
        order.add(Objects.requireNonNull(records.get(name)));
      }
    }
  }
}

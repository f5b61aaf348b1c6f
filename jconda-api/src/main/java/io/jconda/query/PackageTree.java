package io.jconda.query;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Shows what packages need, or who needs them. Immutable.
 *
 * <p>The children of a package stand once, where it is nearest to a root; wherever else it appears
 * it is {@link PackageNode.Kind#REPEATED} or, below itself, {@link PackageNode.Kind#CYCLE}. So the
 * tree is finite, and not much larger than the number of packages in it.
 */
public final class PackageTree {
  private final Direction direction;
  private final MatchSpec spec;
  private final List<PackageNode> roots;
  private final boolean truncated;

  /** Tells which way a tree grows. */
  public enum Direction {
    /** Children are what their parent needs. */
    DEPENDS,
    /** Children are what needs their parent. */
    WHO_NEEDS
  }

  /**
   * Makes a tree; for JConda itself.
   *
   * @param direction which way it grows
   * @param spec what was asked for
   * @param roots where it begins
   * @param truncated whether nodes are missing because there would be too many
   */
  public PackageTree(
      Direction direction, MatchSpec spec, List<PackageNode> roots, boolean truncated) {
    this.direction = direction;
    this.spec = spec;
    this.roots = List.copyOf(roots);
    this.truncated = truncated;
  }

  /** Returns which way it grows. */
  public Direction direction() {
    return direction;
  }

  /** Returns what was asked for. */
  public MatchSpec spec() {
    return spec;
  }

  /** Returns where it begins. */
  public List<PackageNode> roots() {
    return roots;
  }

  /** Tells whether nodes are missing because there would be more than the query's limit. */
  public boolean isTruncated() {
    return truncated;
  }

  /** Returns all nodes as they stand below each other in {@link #toString()}. */
  public List<PackageNode> nodes() {
    List<PackageNode> nodes = new ArrayList<>();
    Deque<PackageNode> open = new ArrayDeque<>();
    pushReversed(roots, open);
    while (!open.isEmpty()) {
      PackageNode node = open.pop();
      nodes.add(node);
      pushReversed(node.children(), open);
    }
    return List.copyOf(nodes);
  }

  private static void pushReversed(List<PackageNode> nodes, Deque<PackageNode> open) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      open.push(nodes.get(i));
    }
  }

  /** Returns the packages in it, each once, in the order of {@link #nodes()}. */
  public List<PackageRecord> records() {
    Set<PackageRecord> records = new LinkedHashSet<>();
    nodes().forEach(node -> node.record().ifPresent(records::add));
    return List.copyOf(records);
  }

  /**
   * Returns the tree for people: one node a line, with the dependency that leads to it in
   * parentheses.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (PackageNode root : roots) {
      line(text, "", root);
      children(root, "", text);
    }
    if (truncated) {
      line(text, "There is more; this tree ends at the limit of its query.");
    }
    return text.toString().stripTrailing();
  }

  private void children(PackageNode parent, String indent, StringBuilder text) {
    int last = parent.children().size() - 1;
    for (int i = 0; i <= last; i++) {
      PackageNode child = parent.children().get(i);
      line(text, indent + (i == last ? "└─ " : "├─ "), child);
      children(child, indent + (i == last ? "   " : "│  "), text);
    }
  }

  private void line(StringBuilder text, String branch, PackageNode node) {
    line(text, branch + node.describe(direction));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}

package io.jconda.core.query;

import io.jconda.query.PackageNode;
import io.jconda.query.PackageNode.Kind;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Is a node of a tree that still grows. For one thread. */
final class Branch {
  private final @Nullable Branch parent;
  private final String name;
  private final String dependency;
  private final Optional<Summary> summary;
  private List<PackageRecord> records;
  private final List<Branch> children = new ArrayList<>();
  private final int level;
  private Kind kind;

  /** What is left of records when they are forgotten. */
  private record Summary(PackageRecord newest, Version oldest, int count, List<String> subdirs) {
    static Optional<Summary> of(List<PackageRecord> records) {
      return records.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Summary(
                  records.get(records.size() - 1),
                  records.get(0).version(),
                  records.size(),
                  records.stream().map(PackageRecord::subdir).distinct().sorted().toList()));
    }
  }

  private Branch(
      @Nullable Branch parent,
      Kind kind,
      String name,
      String dependency,
      List<PackageRecord> records) {
    this.parent = parent;
    this.kind = kind;
    this.name = name;
    this.dependency = dependency;
    this.summary = Summary.of(records);
    this.records = records;
    this.level = parent == null ? 0 : parent.level + 1;
  }

  /**
   * Makes a root.
   *
   * @param records the records behind it, the newest last; may be none
   */
  static Branch root(String name, List<PackageRecord> records) {
    Kind without = name.startsWith("__") ? Kind.VIRTUAL : Kind.MISSING;
    return new Branch(null, records.isEmpty() ? without : Kind.PACKAGE, name, "", records);
  }

  /** Grows a child. */
  Branch grow(Kind childKind, String childName, String through, List<PackageRecord> behind) {
    Branch child = new Branch(this, childKind, childName, through, behind);
    children.add(child);
    return child;
  }

  void mark(Kind newKind) {
    this.kind = newKind;
  }

  String name() {
    return name;
  }

  int level() {
    return level;
  }

  /** Returns the records behind it, the newest last, until they are forgotten. */
  List<PackageRecord> records() {
    return records;
  }

  /** Returns the newest record behind it, which is never forgotten. */
  PackageRecord newest() {
    return summary.orElseThrow().newest();
  }

  /** Stands in for records where there are none, until they are forgotten; it is not shown. */
  void suppose(PackageRecord record) {
    records = List.of(record);
  }

  /** Lets the records go: there may be hundreds of thousands behind a large tree. */
  void forget() {
    records = List.of();
  }

  /** Tells whether it or a branch that it grows on has that name. */
  boolean hangsOn(String other) {
    for (Branch branch = this; branch != null; branch = branch.parent) {
      if (branch.name.equals(other)) {
        return true;
      }
    }
    return false;
  }

  /** Returns it and what grows on it, grown out. */
  PackageNode node() {
    PackageNode.Builder node =
        PackageNode.builder(kind, name)
            .dependency(dependency)
            .children(children.stream().map(Branch::node).toList());
    summary.ifPresent(
        known -> node.records(known.newest(), known.oldest(), known.count(), known.subdirs()));
    return node.build();
  }
}

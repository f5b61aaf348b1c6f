package io.jconda.query;

import io.jconda.query.PackageTree.Direction;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Is one place in a {@link PackageTree}. Immutable. */
public final class PackageNode {
  private final Kind kind;
  private final String name;
  private final String dependency;
  private final @Nullable PackageRecord record;
  private final @Nullable Version oldest;
  private final int count;
  private final List<String> subdirs;
  private final List<PackageNode> children;

  private PackageNode(Builder builder) {
    this.kind = builder.kind;
    this.name = builder.name;
    this.dependency = builder.dependency;
    this.record = builder.record;
    this.oldest = builder.oldest;
    this.count = builder.count;
    this.subdirs = List.copyOf(builder.subdirs);
    this.children = List.copyOf(builder.children);
  }

  /** Tells what a node is, and why it ends here if it does. */
  public enum Kind {
    /** A package with all its children. */
    PACKAGE,
    /** A package whose children stand at another place of the tree. */
    REPEATED,
    /** A package that stands above itself. */
    CYCLE,
    /**
     * A package whose children are not all shown, for the tree's limit, or, in what it needs, its
     * depth.
     */
    CUT,
    /** A virtual package, which a machine has or has not. */
    VIRTUAL,
    /** A name that there is no fitting package of. */
    MISSING,
    /** A dependency that cannot be read; {@link PackageNode#dependency()} is all of it. */
    UNREADABLE
  }

  /**
   * Starts a node; for JConda itself.
   *
   * @param kind what it is
   * @param name the package's name
   */
  public static Builder builder(Kind kind, String name) {
    return new Builder(kind, name);
  }

  /** Returns what it is. */
  public Kind kind() {
    return kind;
  }

  /** Returns the package's name. */
  public String name() {
    return name;
  }

  /**
   * Returns the dependency that leads here, as the record says it: the parent's on this, or, where
   * the tree shows who needs what, this one's on the parent. Empty for a root.
   */
  public String dependency() {
    return dependency;
  }

  /** Returns the package; the newest of those that count, where several stand for one name. */
  public Optional<PackageRecord> record() {
    return Optional.ofNullable(record);
  }

  /** Returns how many records stand behind this node: more than one only in who needs what. */
  public int count() {
    return count;
  }

  /** Returns the lowest version of the records behind this node. */
  public Optional<Version> oldest() {
    return Optional.ofNullable(oldest);
  }

  /** Returns the subdirs of the records behind this node, sorted. */
  public List<String> subdirs() {
    return subdirs;
  }

  /** Returns what stands below it. */
  public List<PackageNode> children() {
    return children;
  }

  /** Returns its line for people. */
  String describe(Direction direction) {
    StringBuilder text = new StringBuilder();
    if (record == null) {
      text.append(kind == Kind.UNREADABLE ? dependency : name);
    } else {
      text.append(record.name()).append(' ').append(record.version());
      if (!record.build().isEmpty()) {
        text.append(' ').append(record.build());
      }
    }
    if (dependency.isEmpty() && record != null) {
      text.append("  ").append(TextTable.place(record));
    } else if (kind != Kind.UNREADABLE && !dependency.isEmpty()) {
      text.append("  (").append(shown(direction)).append(')');
    }
    if (count > 1) {
      text.append(", %d records from %s on".formatted(count, oldest));
    }
    return switch (kind) {
      case PACKAGE -> text.toString();
      case CUT -> text.append(" …").toString();
      case REPEATED -> text.append(" *").toString();
      default -> text.append(" [" + kind.name().toLowerCase(Locale.ROOT) + "]").toString();
    };
  }

  /** The name of a dependency is on the line already where the line is about it. */
  private String shown(Direction direction) {
    boolean repeats = direction == Direction.DEPENDS && dependency.startsWith(name);
    String rest = repeats ? dependency.substring(name.length()).strip() : dependency;
    return rest.isEmpty() ? "any" : rest;
  }

  /** Returns what the node is, on one line. */
  @Override
  public String toString() {
    return describe(Direction.WHO_NEEDS);
  }

  /** Collects what a node holds. Not safe to share between threads. */
  public static final class Builder {
    private final Kind kind;
    private final String name;
    private String dependency = "";
    private @Nullable PackageRecord record;
    private @Nullable Version oldest;
    private int count;
    private List<String> subdirs = List.of();
    private List<PackageNode> children = List.of();

    private Builder(Kind kind, String name) {
      this.kind = kind;
      this.name = name;
    }

    /** Sets the dependency that leads here. */
    public Builder dependency(String dependency) {
      this.dependency = dependency;
      return this;
    }

    /** Sets the package, as the only record behind the node. */
    public Builder record(PackageRecord record) {
      return records(record, record.version(), 1, List.of(record.subdir()));
    }

    /**
     * Sets the records behind the node.
     *
     * @param newest the newest of them
     * @param oldest the lowest version among them
     * @param count how many there are
     * @param subdirs where they lie, sorted
     */
    public Builder records(PackageRecord newest, Version oldest, int count, List<String> subdirs) {
      this.record = newest;
      this.oldest = oldest;
      this.count = count;
      this.subdirs = subdirs;
      return this;
    }

    /** Sets what stands below it. */
    public Builder children(List<PackageNode> children) {
      this.children = children;
      return this;
    }

    /** Makes the node. */
    public PackageNode build() {
      return new PackageNode(this);
    }
  }
}

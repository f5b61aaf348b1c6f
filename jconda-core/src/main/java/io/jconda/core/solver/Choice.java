package io.jconda.core.solver;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Is something of which at most one option is taken: the candidates of a name, the names that a
 * pattern means, or the ways in which a condition is met. Its needs are worked out once.
 */
final class Choice {
  /** Says what the options are. */
  enum Kind {
    /** The candidates of a name. */
    PACKAGE,
    /** The names that a glob or regular expression means. */
    PATTERN,
    /** The ways to fulfil a spec that has a condition: what it asks for, or not the condition. */
    CONDITION,
    /** The candidates of a name by what a group of its extras asks for. */
    EXTRA,
    /** Nothing at all: a spec that cannot be read. */
    UNREADABLE
  }

  final Kind kind;
  final String name;
  final int size;

  /** The candidates behind the options, if they are such. */
  final @Nullable Candidates candidates;

  private final List<String> labels;
  private final IntFunction<List<Need>> source;
  private final @Nullable List<Need>[] needs;

  private Choice(
      Kind kind,
      String name,
      int size,
      @Nullable Candidates candidates,
      List<String> labels,
      IntFunction<List<Need>> source) {
    this.kind = kind;
    this.name = name;
    this.size = size;
    this.candidates = candidates;
    this.labels = labels;
    this.source = source;
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable List<Need>[] none = new List[size];
    this.needs = none;
  }

  /** Makes the choice among the candidates of a name. */
  static Choice of(Candidates candidates, IntFunction<List<Need>> needs) {
    return new Choice(
        Kind.PACKAGE, candidates.name(), candidates.size(), candidates, List.of(), needs);
  }

  /** Makes a choice among other options, each with what it is in words. */
  static Choice of(Kind kind, String name, List<String> labels, IntFunction<List<Need>> needs) {
    return new Choice(kind, name, labels.size(), null, labels, needs);
  }

  /** Returns what an option asks for, at most one need of each kind on one target. */
  List<Need> needs(int option) {
    List<Need> known = needs[option];
    if (known == null) {
      known = source.apply(option);
      needs[option] = known;
    }
    return known;
  }

  /** Tells whether it is made whether something wants it or not. */
  boolean isGiven() {
    return isVirtual() && size > 0;
  }

  boolean isVirtual() {
    return kind == Kind.PACKAGE && name.startsWith("__");
  }

  BitSet all() {
    BitSet all = new BitSet(size);
    all.set(0, size);
    return all;
  }

  /** Names some options. */
  String describe(BitSet options) {
    if (candidates != null) {
      return Wording.describe(candidates, options);
    }
    return String.join(" or ", options.stream().mapToObj(labels::get).toList());
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.jconda.spec;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says when a conditional spec counts (CEP-43): match specs joined by {@code and} and {@code or},
 * such as {@code python>=3.10 and (__unix or __win)}. As in Python, {@code and} binds tighter.
 *
 * <p>Immutable, no I/O.
 */
public sealed interface Condition {
  /**
   * Reads a condition.
   *
   * @param text specs, {@code and}, {@code or} and parentheses
   * @throws io.jconda.InvalidSpecException if it cannot be read; it points at the character
   */
  static Condition parse(String text) {
    return ConditionParser.parse(Piece.of(text));
  }

  /**
   * Tells whether the condition is true of an environment.
   *
   * @param records all that is there, virtual packages included
   */
  boolean holds(Collection<PackageRecord> records);

  /**
   * Is true where something is there that a spec asks for.
   *
   * @param spec what is asked for; it has no condition of its own
   */
  record Matches(MatchSpec spec) implements Condition {
    @Override
    public boolean holds(Collection<PackageRecord> records) {
      return records.stream().anyMatch(spec::matches);
    }

    @Override
    public String toString() {
      return spec.toString();
    }
  }

  /**
   * Is true where all of its parts are.
   *
   * @param conditions the parts, two or more
   */
  record All(List<Condition> conditions) implements Condition {
    /** Copies the list. */
    public All {
      conditions = List.copyOf(conditions);
    }

    @Override
    public boolean holds(Collection<PackageRecord> records) {
      return conditions.stream().allMatch(condition -> condition.holds(records));
    }

    @Override
    public String toString() {
      return conditions.stream()
          .map(part -> part instanceof Any ? "(" + part + ")" : part.toString())
          .collect(Collectors.joining(" and "));
    }
  }

  /**
   * Is true where one of its parts is.
   *
   * @param conditions the parts, two or more
   */
  record Any(List<Condition> conditions) implements Condition {
    /** Copies the list. */
    public Any {
      conditions = List.copyOf(conditions);
    }

    @Override
    public boolean holds(Collection<PackageRecord> records) {
      return conditions.stream().anyMatch(condition -> condition.holds(records));
    }

    @Override
    public String toString() {
      return conditions.stream().map(Condition::toString).collect(Collectors.joining(" or "));
    }
  }
}

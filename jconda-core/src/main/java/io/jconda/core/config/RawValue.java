package io.jconda.core.config;

import io.jconda.Configuration.Origin;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Is a value as a source wrote it, before anybody asks what type it should have. */
sealed interface RawValue {
  /** Where it was written. */
  Origin origin();

  /** What it says of its place among those of other sources. */
  Flag flag();

  /** Returns the value as it was written, without secrets. */
  String shown();

  /** Is what a comment behind a value says (conda: {@code ParameterFlag}). */
  enum Flag {
    NONE,
    TOP,
    BOTTOM,
    FINAL
  }

  /** Is a text, a number or a truth value: YAML's types are left aside, as conda does. */
  record Scalar(String text, Origin origin, Flag flag) implements RawValue {
    @Override
    public String shown() {
      return Secrets.hide(text);
    }

    /** Leaves secrets out. */
    @Override
    public String toString() {
      return shown();
    }
  }

  /** Is a value of which nothing is said: {@code key:} or {@code key: ~}. */
  record Nothing(Origin origin, Flag flag) implements RawValue {
    @Override
    public String shown() {
      return "null";
    }
  }

  /** Is a list. */
  record Sequence(List<RawValue> items, Origin origin, Flag flag) implements RawValue {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return items.stream().map(RawValue::shown).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** Is a map, in the order of its writing. */
  record Mapping(Map<String, RawValue> entries, Origin origin, Flag flag) implements RawValue {
    @Override
    public String shown() {
      return entries.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + entry.getValue().shown())
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }
}

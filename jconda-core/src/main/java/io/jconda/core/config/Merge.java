package io.jconda.core.config;

import io.jconda.core.config.RawValue.Flag;
import io.jconda.core.config.RawValue.Mapping;
import io.jconda.core.config.RawValue.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts together what several sources say of one key, the weakest source first (conda: {@code
 * common/configuration.py}, the {@code merge} methods).
 *
 * <p>Of single values the first that is final counts, else the last. A list has the elements of
 * stronger sources first; those marked top come before all others, the weakest source's foremost,
 * those marked bottom after all others, the weakest source's last; bottom wins over top; each
 * element once. A map has the names of all, each merged by itself. A list or map that is final
 * shuts out all stronger sources.
 */
final class Merge {
  private Merge() {}

  /**
   * Merges values of one shape.
   *
   * @param values at least one, the weakest first
   */
  static RawValue of(List<RawValue> values) {
    RawValue last = values.get(values.size() - 1);
    if (last instanceof Sequence) {
      return sequence(upToFinal(values));
    }
    if (last instanceof Mapping) {
      return mapping(upToFinal(values));
    }
    return values.stream().filter(value -> value.flag() == Flag.FINAL).findFirst().orElse(last);
  }

  /** Puts what code says over what all other sources say: in a map for its names, else for all. */
  static RawValue code(RawValue others, RawValue code) {
    if (!(code instanceof Mapping mapping)) {
      return code;
    }
    Map<String, RawValue> merged = new LinkedHashMap<>(((Mapping) others).entries());
    merged.putAll(mapping.entries());
    return new Mapping(merged, code.origin(), Flag.NONE);
  }

  private static List<RawValue> upToFinal(List<RawValue> values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).flag() == Flag.FINAL) {
        return values.subList(0, i + 1);
      }
    }
    return values;
  }

  private static RawValue sequence(List<RawValue> values) {
    List<Sequence> weakFirst = values.stream().map(Sequence.class::cast).toList();
    List<Sequence> strongFirst = new ArrayList<>(weakFirst);
    Collections.reverse(strongFirst);
    Map<String, RawValue> downwards = new LinkedHashMap<>();
    weakFirst.forEach(list -> marked(list, Flag.TOP).forEach(item -> put(downwards, item)));
    strongFirst.forEach(list -> list.items().forEach(item -> put(downwards, item)));

    // from the last element to the first, so that of two equal ones a bottom one stays where it is
    List<RawValue> bottom = new ArrayList<>();
    strongFirst.forEach(list -> bottom.addAll(marked(list, Flag.BOTTOM)));
    Collections.reverse(bottom);
    Map<String, RawValue> upwards = new LinkedHashMap<>();
    bottom.forEach(item -> put(upwards, item));
    List<RawValue> others = new ArrayList<>(downwards.values());
    Collections.reverse(others);
    others.forEach(item -> put(upwards, item));
    List<RawValue> merged = new ArrayList<>(upwards.values());
    Collections.reverse(merged);
    return new Sequence(merged, strongFirst.get(0).origin(), Flag.NONE);
  }

  private static List<RawValue> marked(Sequence list, Flag flag) {
    return list.items().stream().filter(item -> item.flag() == flag).toList();
  }

  private static void put(Map<String, RawValue> items, RawValue item) {
    items.putIfAbsent(item instanceof RawValue.Scalar scalar ? scalar.text() : item.shown(), item);
  }

  private static RawValue mapping(List<RawValue> values) {
    Map<String, List<RawValue>> byName = new TreeMap<>();
    for (RawValue value : values) {
      ((Mapping) value)
          .entries()
          .forEach((name, each) -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(each));
    }
    Map<String, RawValue> merged = new LinkedHashMap<>();
    byName.forEach((name, each) -> merged.put(name, entry(each)));
    return new Mapping(merged, values.get(values.size() - 1).origin(), Flag.NONE);
  }

  /** A final entry stands alone, even if it is a list. */
  private static RawValue entry(List<RawValue> values) {
    return values.stream()
        .filter(value -> value.flag() == Flag.FINAL)
        .findFirst()
        .orElseGet(() -> sameShape(values));
  }

  private static RawValue sameShape(List<RawValue> values) {
    RawValue last = values.get(values.size() - 1);
    List<RawValue> alike =
        values.stream().filter(value -> value.getClass() == last.getClass()).toList();
    return of(alike);
  }
}

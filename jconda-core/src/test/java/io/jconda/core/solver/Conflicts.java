package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Says what holds of every explanation, whatever it explains. */
final class Conflicts {
  private static final int MOST_LINES = 42;

  private static final Set<Kind> ROOTS =
      EnumSet.of(
          Kind.REQUESTED, Kind.REMEMBERED, Kind.PINNED, Kind.LOCKED, Kind.FROZEN, Kind.KEPT_PYTHON);

  private Conflicts() {}

  /** Returns all causes of a tree. */
  static List<Cause> all(Conflict conflict) {
    List<Cause> all = new ArrayList<>();
    conflict.causes().forEach(cause -> add(cause, all));
    return all;
  }

  private static void add(Cause cause, List<Cause> all) {
    all.add(cause);
    cause.causes().forEach(below -> add(below, all));
  }

  /** Asserts that it begins with what was asked for, says all, and ends with reasons. */
  static void assertReadsWell(Conflict conflict, String what) {
    String text = conflict.toString();
    String shown = what + "\n" + text;
    List<Cause> all = all(conflict);
    assertThat(conflict.causes()).as(shown).isNotEmpty();
    assertThat(conflict.causes()).as(shown).allMatch(cause -> ROOTS.contains(cause.kind()));
    assertThat(all).as(shown).noneMatch(cause -> cause.kind() == Kind.UNFINISHED);
    assertThat(all)
        .as(shown)
        .noneMatch(cause -> cause.kind() == Kind.ASSUMED && cause.causes().isEmpty());
    assertThat(all).as(shown).noneMatch(cause -> cause.message().isBlank());
    assertThat(text.lines().count()).as(shown).isLessThanOrEqualTo(MOST_LINES);
    if (all.stream().noneMatch(cause -> cause.kind() == Kind.OMITTED)) {
      for (String spec : conflict.specs()) {
        assertThat(all)
            .as(shown)
            .anyMatch(
                cause -> ROOTS.contains(cause.kind()) && cause.spec().orElse("").equals(spec));
      }
    }
    assertThat(conflict.remedy()).as(shown).endsWith(".");
  }
}

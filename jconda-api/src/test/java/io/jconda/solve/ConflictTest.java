package io.jconda.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConflictTest {
  private static Cause asked(String spec, Cause... below) {
    return Cause.builder(Kind.REQUESTED, "'%s' is asked for".formatted(spec))
        .spec(spec)
        .followedBy(List.of(below))
        .build();
  }

  private static Cause requires(String message, Cause... against) {
    return Cause.builder(Kind.REQUIRES, message).obstructedBy(List.of(against)).build();
  }

  private static String text(Cause... causes) {
    return new Conflict(List.of("a"), List.of(causes))
        .toString()
        .replace(System.lineSeparator(), "\n");
  }

  @Test
  void putsWhatFollowsFromACauseOnLinesBelowIt() {
    assertThat(text(asked("a", requires("a 1 requires b")), asked("c")))
        .isEqualTo(
            """
            No set of packages fulfils 'a':
            ├─ 'a' is asked for
            │  └─ a 1 requires b
            └─ 'c' is asked for
            """);
  }

  @Test
  void putsTheOneThingThatStandsAgainstACauseOnTheSameLine() {
    Cause obstructed = requires("a 1 requires b", asked("b<1"));
    assertThat(obstructed.hasOneLine()).isTrue();
    assertThat(text(obstructed)).endsWith("└─ a 1 requires b, but 'b<1' is asked for\n");
  }

  @Test
  void putsMoreThanOneThingThatStandsAgainstACauseBelowIt() {
    assertThat(text(requires("a 1 requires b", asked("b<1"), asked("c", requires("c 1 has no b")))))
        .endsWith(
            """
            └─ a 1 requires b, but
               ├─ 'b<1' is asked for
               └─ 'c' is asked for
                  └─ c 1 has no b
            """);
  }

  @Test
  void isObstructedOnlyByWhatIsThere() {
    assertThat(requires("a 1 requires b").isObstructed()).isFalse();
    assertThat(requires("a 1 requires b", asked("c")).isObstructed()).isTrue();
    assertThat(asked("a", asked("c")).isObstructed()).isFalse();
  }

  @Test
  void saysWhatItIsAboutOnlyIfItIsAboutSomething() {
    Cause plain = Cause.builder(Kind.NO_VERSION, "there is only b 1").build();
    assertThat(plain.packageName()).isEmpty();
    assertThat(plain.spec()).isEmpty();
    assertThat(plain.remedy()).isEmpty();
    Cause full = plain.toBuilder().packageName("b").spec("b >=2").remedy("wait").build();
    assertThat(full.packageName()).contains("b");
    assertThat(full.spec()).contains("b >=2");
    assertThat(full.remedy()).contains("wait");
    assertThat(full.kind()).isEqualTo(Kind.NO_VERSION);
    assertThat(full).isNotEqualTo(plain).isEqualTo(full.toBuilder().build());
  }

  @Test
  void suggestsWhatItsCausesSuggestAndToLoosenTheSpecs() {
    Cause missing = Cause.builder(Kind.MISSING_PACKAGE, "no channel has b").remedy("add b").build();
    Conflict conflict =
        new Conflict(
            List.of("a", "c"),
            List.of(asked("a", requires("a 1 requires b", missing), missing), asked("c")));
    assertThat(conflict.remedy()).isEqualTo("Add b, or loosen or leave out one of 'a' and 'c'.");
  }

  @Test
  void suggestsAnotherChannelWhereItsCausesSuggestNothing() {
    Conflict conflict = new Conflict(List.of("a"), List.of(asked("a", requires("a 1 requires b"))));
    assertThat(conflict.remedy())
        .isEqualTo("Loosen or leave out 'a', or add a channel with other builds.");
  }

  @Test
  void suggestsToLoosenAPinOnce() {
    Cause pinned =
        Cause.builder(Kind.PINNED, "'b <2' is pinned").spec("b <2").remedy("drop the pin").build();
    Conflict conflict = new Conflict(List.of("b <2", "b>=2"), List.of(asked("b>=2"), pinned));
    assertThat(conflict.remedy()).isEqualTo("Drop the pin, or loosen or leave out 'b>=2'.");
  }

  @Test
  void hasASentenceAlsoWhereOnlyWhatIsFixedIsToBlame() {
    Cause locked = Cause.builder(Kind.LOCKED, "'b-1-0' is locked").build();
    Conflict conflict = new Conflict(List.of(), List.of(locked));
    assertThat(conflict.remedy()).isEqualTo("Ask for less.");
    assertThat(conflict.toString()).startsWith("No set of packages fulfils the request:");
  }
}

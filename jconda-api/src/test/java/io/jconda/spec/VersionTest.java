package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  /** From lowest to highest; what is equal stands in one line. */
  private static final List<List<String>> CHAIN =
      List.of(
          List.of("v0.1", "V0.1.0"),
          List.of("0.4", "0.4.0", "00.04"),
          List.of("0.4.1.rc", "0.4.1.RC"),
          List.of("0.4.1+local", "0.4.1+LOCAL"),
          List.of("0.4.1", "0.4.1+0", "0.4.1.0.0+0.0"),
          List.of("0.4.1+1"),
          List.of("0.5a1"),
          List.of("0.5b3"),
          List.of("0.5C1"),
          List.of("0.5"),
          List.of("0.9.6"),
          List.of("0.960923"),
          List.of("1.0.1_"),
          List.of("1.0.1a"),
          List.of("1.0.1"),
          List.of("1.1*"),
          List.of("1.1dev1"),
          List.of("1.1_"),
          List.of("1.1a1"),
          List.of("1.1.0dev1", "1.1.dev1"),
          List.of("1.1.a1", "1.1.0a1", "1.1-A1"),
          List.of("1.1.0rc1"),
          List.of("1.1", "1.1.0", "1.1.0.0", "1.01"),
          List.of("1.1.0post1", "1.1.post1"),
          List.of("1.1post1"),
          List.of("1.2", "1_2", "1-2"),
          List.of("1996.07.12"),
          List.of("20240101123456789012"),
          List.of("20240101123456789013"),
          List.of("120240101123456789013"),
          List.of("1!0.4.1"),
          List.of("1!3.1.1.6"),
          List.of("2!0.1"));

  @Test
  void versionsAreOrderedAsCep33Says() {
    for (int i = 0; i < CHAIN.size(); i++) {
      for (int j = 0; j < CHAIN.size(); j++) {
        for (String left : CHAIN.get(i)) {
          for (String right : CHAIN.get(j)) {
            assertThat(Integer.signum(Version.parse(left).compareTo(Version.parse(right))))
                .as("%s against %s", left, right)
                .isEqualTo(Integer.compare(i, j));
          }
        }
      }
    }
  }

  @Test
  void versionsEqualInOrderAreEqualAndHaveOneHashCode() {
    for (List<String> group : CHAIN) {
      Version first = Version.parse(group.get(0));
      for (String text : group) {
        assertThat(Version.parse(text)).isEqualTo(first).hasSameHashCodeAs(first).hasToString(text);
      }
    }
    assertThat(Version.parse("1.0")).isNotEqualTo(Version.parse("1.1")).isNotEqualTo("1.0");
  }

  @Test
  void shuffledVersionsSortBackIntoOneOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<Version> versions = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        versions.add(Version.parse(SpecGenerator.version(random)));
      }
      List<Version> sorted = new ArrayList<>(versions);
      Collections.sort(sorted);
      // A total order: what is sorted is in order pair by pair, not only from neighbour to
      // neighbour.
      for (int i = 0; i < sorted.size(); i++) {
        for (int j = i; j < sorted.size(); j++) {
          Version low = sorted.get(i);
          Version high = sorted.get(j);
          int order = low.compareTo(high);
          assertThat(order).as("seed %d: %s, %s", seed, low, high).isLessThanOrEqualTo(0);
          assertThat(Integer.signum(high.compareTo(low)))
              .as("seed %d: %s, %s", seed, low, high)
              .isEqualTo(-Integer.signum(order));
          assertThat(low.equals(high)).isEqualTo(order == 0);
          if (order == 0) {
            assertThat(low).as("seed %d", seed).hasSameHashCodeAs(high);
          }
        }
      }
    }
  }

  @Test
  void sourceTextIsKeptButForTheBlanksAround() {
    assertThat(Version.parse(" 1.02-RC1 ")).hasToString("1.02-RC1");
  }

  @Test
  void epochAndLocalAreReadOff() {
    assertThat(Version.parse("3!1.0+ab.1").epoch()).isEqualTo(3);
    assertThat(Version.parse("3!1.0+ab.1").local()).contains("ab.1");
    assertThat(Version.parse("1.0").epoch()).isZero();
    assertThat(Version.parse("1.0").local()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3, 1.2, true",
    "1.2, 1.2.0, true",
    "1.20, 1.2, false",
    "10, 1, false",
    "1.2a1, 1.2, true",
    "1.0alpha, 1.0a, true",
    "1.0a1, 1.0a, true",
    "1.0b, 1.0a, false",
    "1.0, 1.0a, false",
    "1!1.0, 1, false",
    "1!1.0, 1!1, true",
    "1.0+5.6, 1.0+5, true",
    "1.0+6, 1.0+5, false",
    "1.0.1+5, 1.0+5, false",
    "1.0+5, 1, true",
    "1.2post1, 1.2post, true",
    "1.2.3, 1.2.3.0.0, true",
    "1, 1.0a, false",
  })
  void prefixIsComparedPartByPart(String version, String prefix, boolean expected) {
    assertThat(Version.parse(version).startsWith(Version.parse(prefix))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "'   ', 3",
    "1..2, 2",
    ".1, 0",
    "1., 2",
    "1._2, 2",
    "_, 0",
    "_1, 0",
    "1.2?3, 3",
    "1 2, 1",
    "1-2_3, 1",
    "1!2!3, 3",
    "!1, 0",
    "a!1, 0",
    "1!, 2",
    "1+2+3, 3",
    "+1, 0",
    "1+, 2",
    "1+2!3, 3",
    "1+a_, 4",
    "1.0é, 3",
    "1234567890123456789!1, 0",
  })
  void whatIsNoVersionIsRefusedAtItsCharacter(String text, int position) {
    assertThatThrownBy(() -> Version.parse(text))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.position()).isEqualTo(position);
              assertThat(e.text()).isEqualTo(text);
              assertThat(e.remedy()).endsWith(".");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"1__", "1._"})
  void emptyPartBeforeTheLastUnderscoreIsRefusedAsCep33SaysThoughCondaReadsIt(String text) {
    assertThatThrownBy(() -> Version.parse(text)).isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void longRunsOfDigitsAreReadAsInRealChannelsThoughCep33LimitsThem() {
    assertThat(Version.parse("99999999999999999999999"))
        .isGreaterThan(Version.parse("9999999999999999999999"))
        .isEqualTo(Version.parse("099999999999999999999999.0"))
        .hasSameHashCodeAs(Version.parse("099999999999999999999999.0"));
  }
}

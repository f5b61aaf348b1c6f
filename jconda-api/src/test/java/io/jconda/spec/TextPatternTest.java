package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {
  private static boolean matches(String pattern, String text) {
    return TextPattern.parse(pattern, 0, pattern.length()).matches(text);
  }

  @ParameterizedTest
  @CsvSource({
    "py38_0, PY38_0, true",
    "py38_0, py38_01, false",
    "*_cpython, h1_0_cpython, true",
    "*_cpython, cpython, false",
    "py3*, py310, true",
    "*a*b*, xxaxxb, true",
    "*a*b*, xxbxxa, false",
    "*, '', true",
    "a**b, ab, true",
    "1.*, 1x, false",
    "*.+*, a.+b, true",
  })
  void globAndEqualityIgnoreCaseAndTakeOtherCharactersAsTheyAre(
      String pattern, String text, boolean expected) {
    assertThat(matches(pattern, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "^py3.*$, PY310, true",
    "^py3$, py310, false",
    "'^py(3[89]|31\\d)_\\w+$', py312_h1, true",
    "'^py(3[89]|31\\d)_\\w+$', py37_h1, false",
    "'^a{2,3}$', a, false",
    "'^a{2,3}$', aaa, true",
    "'^a{2,3}$', aaaa, false",
    "'^a{2,}$', aaaaa, true",
    "'^(?:ab)*?$', abab, true",
    "'^[^x-z.]+$', abc, true",
    "'^[^x-z.]+$', ab.c, false",
    "'^[]a]+$', a], true",
    "'^a|b$', xxb, true",
    "'^$', '', true",
    "'^(a*)*$', aaa, true",
  })
  void regexIsSearched(String pattern, String text, boolean expected) {
    assertThat(matches(pattern, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'^(?=a)b$', 2",
    "'^(a)\\1$', 5",
    "'^a++$', 3",
    "'^[a$', 1",
    "'^(a$', 1",
    "'^a)$', 2",
    "'^*$', 0",
    "'^+$', 0",
    "'^a{1$', 2",
    "'^(a{500}){500}$', 13",
    "'^é$', 1",
    "'^a', 2",
    "'a$', 1",
  })
  void whatIsWrongOrCannotBeMatchedInLinearTimeIsRefused(String pattern, int position) {
    assertThatThrownBy(() -> matches(pattern, "a"))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> assertThat(e.position()).as(e.getMessage()).isEqualTo(position));
  }

  @Test
  void patternsThatMakeBacktrackersHangAreAnsweredAtOnce() {
    String text = "a".repeat(300) + "!";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(matches("^(a+)+$", text)).isFalse();
          assertThat(matches("^(a|a)*b$", text)).isFalse();
          assertThat(matches("^((a*)*)*b$", text)).isFalse();
          assertThat(matches("*a".repeat(100) + "*b", text)).isFalse();
          assertThat(matches("^" + "(".repeat(40) + "a" + ")*".repeat(40) + "b$", text)).isFalse();
        });
  }

  @Test
  void deepAndLargeExpressionsAreRefusedBeforeTheyCostAnything() {
    assertThatThrownBy(() -> matches("^" + "(".repeat(100_000), "a"))
        .isInstanceOf(InvalidSpecException.class);
    String manyGroups = "^" + "(".repeat(100_000) + "a" + ")".repeat(100_000) + "$";
    assertThatThrownBy(() -> matches(manyGroups, "a")).isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(() -> matches("^" + "a*".repeat(10_000) + "$", "a"))
        .isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(() -> matches("^a" + "{9}".repeat(10_000) + "$", "a"))
        .isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void agreesWithTheRegularExpressionsOfTheJdk() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int hits = 0;
    for (int i = 0; i < 4000; i++) {
      String pattern = "^" + regex(random, 0) + "$";
      Pattern jdk = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
      for (int j = 0; j < 8; j++) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(7);
        for (int k = 0; k < length; k++) {
          text.append("abAB1_.".charAt(random.nextInt(7)));
        }
        boolean expected = jdk.matcher(text).find();
        hits += expected ? 1 : 0;
        assertThat(matches(pattern, text.toString()))
            .as("seed %d: %s on '%s'", seed, pattern, text)
            .isEqualTo(expected);
      }
    }
    assertThat(hits).isBetween(1000, 31_000);
  }

  private static String regex(Random random, int depth) {
    int form = random.nextInt(depth > 3 ? 3 : 9);
    return switch (form) {
      case 0 -> List.of("a", "b", "B", "1", "_", "\\.").get(random.nextInt(6));
      case 1 -> List.of(".", "[ab]", "[^a]", "\\d", "\\w", "[A-Z1]").get(random.nextInt(6));
      case 2 -> "";
      case 3, 4, 5 -> regex(random, depth + 1) + regex(random, depth + 1);
      case 6 -> "(" + regex(random, depth + 1) + "|" + regex(random, depth + 1) + ")";
      default ->
          "(?:"
              + regex(random, depth + 1)
              + ")"
              + List.of("*", "+", "?", "{2}", "{1,2}", "{0,}", "*?").get(random.nextInt(7));
    };
  }
}

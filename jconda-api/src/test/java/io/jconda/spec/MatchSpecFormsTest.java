package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads rarer forms, and those that only the lenient mode takes. */
class MatchSpecFormsTest {
  private static final String MD5 = "0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "p[build=a,build=b]; p[build='b']",
        "p[build=1,optional]; p[build='1']",
        "p[optional,build=1]; p[build='1']",
        "p 1.0[optional]; p==1.0",
        "c::p[build=3](target=x,optional); c::p[build='3']",
        "p[build=3] (optional); p[build='3']",
        "p[version='>=1'] if __unix; p[version='>=1']",
      })
  void lenientReadingTakesWhatCondasOldParserTakesAndStrictReadingDoesNot(
      String text, String canonical) {
    MatchSpec spec = MatchSpec.parseLenient(text);
    assertThat(spec).hasToString(canonical);
    assertThat(MatchSpec.parse(canonical)).isEqualTo(spec);
    assertThatThrownBy(() -> MatchSpec.parse(text)).isInstanceOf(InvalidSpecException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p >=1 <2",
        "p>=",
        "p[test=1]",
        "p[optional",
        "p[optional=]",
        "p[build=1]x",
        "p[build=1](x",
        "p[md5=12]"
      })
  void lenientReadingRefusesWhatItWouldHaveToGuess(String text) {
    assertThatThrownBy(() -> MatchSpec.parseLenient(text)).isInstanceOf(InvalidSpecException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ns:pkg=1.0,pkg=1.0",
    "chan:ns:pkg=1.0,chan::pkg=1.0",
    "chan/linux-64:ns:pkg,chan/linux-64::pkg",
    "chan::pkg,chan::pkg",
    "::pkg,pkg",
    ":pkg,pkg",
    "https://h:8080/c:ns:pkg,https://h:8080/c::pkg",
    "https://h:8080/c/noarch::pkg,https://h:8080/c/noarch::pkg",
    "*:ns:pkg,pkg",
  })
  void aNamespaceIsReadAndDroppedAsInCep29AndIsNeverTheChannel(String text, String canonical) {
    assertThat(MatchSpec.parse(text)).hasToString(canonical);
    assertThat(MatchSpec.parseLenient(text)).isEqualTo(MatchSpec.parse(canonical));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"3; 3", "==3; 3", "=3; 3", "!=3; !=3", ">=3; >=3", ">3; >3", "<=3; <=3", "<3; <3"})
  void everyOperatorOfABuildNumberIsReadAndPrinted(String text, String canonical) {
    MatchSpec spec = MatchSpec.parse("p[build_number='" + text + "']");
    assertThat(spec.buildNumber()).contains(canonical);
    assertThat(MatchSpec.parse(spec.toString())).isEqualTo(spec);
    for (int number = 2; number <= 4; number++) {
      boolean expected =
          canonical.equals("3")
              ? number == 3
              : VersionSpec.parse(canonical).matches(Version.parse(String.valueOf(number)));
      assertThat(spec.matches(PackageRecord.builder("p", "1", "x").buildNumber(number).build()))
          .as("%s against %s", number, text)
          .isEqualTo(expected);
    }
  }

  @Test
  void separatorsOfNamesAreNotOneAnotherAsTheyAreForPip() {
    PackageRecord record = PackageRecord.builder("a-b", "1", "0").build();
    assertThat(MatchSpec.parse("A-B").matches(record)).isTrue();
    assertThat(MatchSpec.parse("a_b").matches(record)).isFalse();
    assertThat(MatchSpec.parse("a.b").matches(record)).isFalse();
  }

  @Test
  void theNameInBracketsNeverReplacesTheOneInFront() {
    MatchSpec spec = MatchSpec.parse("tensorflow[name=pytorch,md5=" + MD5 + "]");
    assertThat(spec.name()).isEqualTo("tensorflow");
    assertThat(spec.matches(PackageRecord.builder("pytorch", "1", "0").md5(MD5).build())).isFalse();
  }
}

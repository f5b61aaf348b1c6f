package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionSpecTest {
  private static boolean accepts(String spec, String version) {
    return VersionSpec.parse(spec).matches(Version.parse(version));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.2; 1.2.0; true",
        "1.2; 1.2.1; false",
        "==1.2; 1.2+0; true",
        "==1.2; 1.2+1; false",
        "=1.2; 1.2.3; true",
        "=1.2; 1.20; false",
        "1.2.*; 1.2; true",
        "1.2*; 1.2.3; true",
        "1.2*; 1.20; false",
        "1*; 10; false",
        "1*; 1.7; true",
        "1.0a*; 1.0alpha; true",
        "1.*; 1!1.0; false",
        "1!1.*; 1!1.0; true",
        "!=1.2.*; 1.2.3; false",
        "!=1.2.*; 1.3; true",
        ">=1.2.*; 1.2; true",
        ">=2.*.*; 2; true",
        ">=2.*.*; 1.9; false",
        "<2.*.*; 2; false",
        "=1.2.*; 1.2.9; true",
        ">1.2.*; 1.2.1; true",
        "<1.2.*; 1.2; false",
        "<=1.2.*; 1.2.1; false",
        "~=1.4.5; 1.4.5; true",
        "~=1.4.5; 1.4.9; true",
        "~=1.4.5; 1.4.4; false",
        "~=1.4.5; 1.5; false",
        "~=1.4; 1.9; true",
        "<2.0; 2.0a0; true",
        "<2.0a0; 2.0a0; false",
        "*; v-odd; true",
        "=*; 3; true",
        "==*; 3; true",
        "1.*.3; 1.7.3; true",
        "1.*.3; 1.3; false",
        "*.3; 1.3; true",
        "!=1.*.3; 1.7.3; false",
        "^1\\.[23]$; 1.2; true",
        "^1\\.[23]$; 1.4; false",
        "^1.*$|2.*; 2.7; true",
        "^(1|2,3)$; 2; false",
      })
  void eachOperatorAcceptsWhatItSays(String spec, String version, boolean expected) {
    assertThat(accepts(spec, version)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1|2,3; 1; true",
        "1|2,3; 2; false",
        "(1|2),>=2; 2; true",
        "(1|2),>=2; 1; false",
        " >= 1.0 , < 2 | == 3 ; 1.5; true",
        " >= 1.0 , < 2 | == 3 ; 3; true",
        " >= 1.0 , < 2 | == 3 ; 2.5; false",
        "((1.5|((1.6|1.7),1.7.*),>1.9|2.0))|2.1; 1.7; false",
        "((1.5|((1.6|1.7),1.7.*),>1.9|2.0))|2.1; 2.1; true",
        ">=1.8,<2,!=1.9.*; 1.9.1; false",
      })
  void andBindsTighterThanOrAndParenthesesGroup(String spec, String version, boolean expected) {
    assertThat(accepts(spec, version)).isEqualTo(expected);
  }

  @Test
  void notEqualNegatesEqualityAsInCondasCodeThoughCep29SaysPrefix() {
    assertThat(accepts("!=1.2", "1.2.3")).isTrue();
    assertThat(accepts("!=1.2", "1.2.0")).isFalse();
  }

  @Test
  void doubleEqualsWithStarIsPrefixAsInCep29ThoughCondaDropsTheStarInAlternatives() {
    assertThat(accepts("==2.7.*", "2.7.18")).isTrue();
    assertThat(accepts(">=3.5|==2.7.*", "2.7.18")).isTrue();
  }

  @Test
  void globInTheMiddleBehindAnOperatorIsRefusedThoughCondaTakesTheStarForTheLowestWord() {
    assertThatThrownBy(() -> VersionSpec.parse(">=1.0.1*.vc11"))
        .isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void compatibleReleaseIsFoundOnTheTextsLastDot() {
    assertThat(accepts("~=1.4.5_1", "1.4.9")).isTrue();
    assertThat(accepts("~=1!1.4.5", "1!1.4.9")).isTrue();
    assertThat(accepts("~=1!1.4.5", "1.4.9")).isFalse();
    assertThat(accepts("~=1.4.0", "1.5")).isFalse();
  }

  @Test
  void upperBoundWithoutAnAcceptsItsOwnPreReleases() {
    assertThat(accepts("<2.0", "2.0a0")).isTrue();
    assertThat(accepts("<2.0", "2.0.0rc1")).isTrue();
    assertThat(accepts("<2.0a0", "2.0a0")).isFalse();
    assertThat(VersionSpec.parse("<2.0a0")).hasToString("<2.0a0");
  }

  @Test
  void versionsEqualInOrderAreTwoSpecsThatAcceptTheSame() {
    assertThat(VersionSpec.parse("==1.0")).isNotEqualTo(VersionSpec.parse("==1.00"));
    assertThat(accepts("==1.0", "1.00")).isTrue();
  }

  @Test
  void starBehindAnOperatorNeedsNoDotThoughCondaTakesItForAVersionsWord() {
    assertThat(accepts(">=1.2*", "1.2")).isTrue();
    assertThat(accepts("=1.2*,<3", "1.2.7")).isTrue();
    assertThat(accepts("!=1.2*", "1.2.7")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.2; ==1.2",
        "=1.2; 1.2.*",
        "1.2*; 1.2.*",
        ">=1.2.*; >=1.2",
        " >= 1 ,(<2| == 3) ; >=1,(<2|==3)",
        "(1,2)|(3|4); ==1,==2|==3|==4",
        "(1,(2,3)); ==1,==2,==3",
        "!=1.2*; !=1.2.*",
        "=*; *",
        "~= 1.4; ~=1.4",
        "^1.*$; ^1.*$",
      })
  void printsItsCanonicalForm(String text, String canonical) {
    assertThat(VersionSpec.parse(text)).hasToString(canonical);
    assertThat(VersionSpec.parse(canonical)).isEqualTo(VersionSpec.parse(text));
  }

  @Test
  void exactVersionIsKnown() {
    assertThat(VersionSpec.parse("1.20").exactVersion()).hasToString("Optional[1.20]");
    assertThat(VersionSpec.exactly(Version.parse("1.20"))).hasToString("==1.20");
    assertThat(VersionSpec.parse("=1.20").exactVersion()).isEmpty();
    assertThat(VersionSpec.parse(">=1.20").exactVersion()).isEmpty();
    assertThat(VersionSpec.parse(" * ")).isSameAs(VersionSpec.ANY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "\"\"; 0",
        ">=; 2",
        ">=1.2,; 6",
        "1|; 2",
        ",1; 0",
        "(1; 2",
        "1); 1",
        "(); 1",
        "=>1; 0",
        "===1; 0",
        "<>1; 0",
        "=!1; 0",
        ">=*; 2",
        ">=1.*.2; 4",
        "~=1.2.*; 5",
        "~=1; 0",
        "1 2; 2",
        "1.2=b; 3",
        ">=1 <2; 4",
        "^1.2; 4",
        "1..2; 2",
        ">=1,<2..; 7",
        "1.?; 2",
        "1.?.*.2; 2",
      })
  void whatIsNoSpecIsRefusedAtItsCharacter(String text, int position) {
    assertThatThrownBy(() -> VersionSpec.parse(text))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.position()).as(e.getMessage()).isEqualTo(position);
              assertThat(e.text()).isEqualTo(text);
              assertThat(e.remedy()).endsWith(".");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(1,", "^", "~", "1,"})
  void endlessSpecsAreAnsweredWithoutOverflow(String piece) {
    String text = piece.repeat(200_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> VersionSpec.parse(text))
                .isInstanceOf(InvalidSpecException.class));
  }
}

package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchSpecErrorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; 0; a spec is expected",
        "../x; 0; cannot begin with '.'",
        "a/x; 1; character '/'",
        "a\\x; 1; character '\\'",
        "nüm; 1; character 'ü'",
        "-x; 0; cannot begin with '-'",
        "a--b; 2; two separators",
        "numpy@1; 5; character '@'",
        "numpy>=; 7; expected after '>='",
        "numpy==; 7; expected after '=='",
        "numpy =; 7; expected after '='",
        "numpy >=1.2,<2..0; 15; empty",
        "numpy >=1 <2; 10; character '<'",
        "numpy 1.2 py_0 x; 14; character ' '",
        "numpy 1.2=; 10; a build string is expected",
        "numpy 1.2=a=b; 11; character '='",
        "numpy =>1; 6; no operator '=>'",
        "numpy (>=1; 10; ')' is expected",
        "numpy[version=1; 15; is missing",
        "numpy[]; 6; a key and '='",
        "numpy[test]; 6; no value",
        "numpy[test=1]; 6; no key 'test'",
        "numpy[build=a,build=b]; 14; twice",
        "numpy[version='1]; 17; not closed",
        "numpy[version='1'x]; 17; expected after the quoted value",
        "numpy[version=]; 14; is missing",
        "numpy[version=[1]]; 6; cannot be a list",
        "numpy[extras=[a,,b]]; 16; empty",
        "numpy[extras=[a b]]; 14; cannot be the name of a group",
        "numpy[extras=A]; 13; cannot be the name of a group",
        "numpy[flags='a:b:c']; 13; cannot be a flag",
        "numpy[md5=12]; 12; 2 digits instead of 32",
        "numpy[md5=xy]; 10; hexadecimal",
        "numpy[build_number='>=x']; 22; digits only",
        "numpy[build_number='~=1']; 20; no operator '~='",
        "numpy[version='>=1,<']; 20; expected after '<'",
        "numpy[build='^a']; 15; end with '$'",
        "numpy[build=a] 2; 15; nothing can follow",
        "numpy if python; 6; no condition",
        "numpy[build=a] if python; 15; no condition",
        "numpy[when='a and']; 17; a spec is expected",
        "numpy[when='(a']; 14; a ')' is expected",
        "numpy[when='a)']; 13; without its '('",
        "numpy[when='a>=']; 15; the condition cannot be read",
        "numpy[when=\"a[when=b]\"]; 12; cannot have conditions of its own",
        "http://host/x:numpy; 5; a namespace cannot have",
        "ch?an::numpy; 0; the channel cannot be read",
        "^py$x; 4; a blank or an operator",
        "^py; 3; end with '$'",
        "https://example.org/c/noarch/numpy.conda; 29; not that of a package",
        "https://example.org/c/noarch/numpy-1..0-0.conda; 37; empty",
        "https://example.org/c/noarch/a%zz-1-0.conda; 30; two hexadecimal digits",
        "https://example.org/c/noarch/a-1-0.conda#12; 43; 2 digits instead of 32",
      })
  void errorPointsAtTheCharacterAndSaysWhatToDo(String text, int position, String problem) {
    assertThatThrownBy(() -> MatchSpec.parse(text))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.problem()).contains(problem);
              assertThat(e.position()).as(e.getMessage()).isEqualTo(position);
              assertThat(e.text()).isEqualTo(text);
              assertThat(e.remedy()).endsWith(".");
            });
  }

  @Test
  void errorNeverShowsSecrets() {
    String text = "https://user:word@example.org/t/tk-123/c::numpy==";
    assertThatThrownBy(() -> MatchSpec.parse(text))
        .isInstanceOfSatisfying(
            InvalidSpecException.class,
            e -> {
              assertThat(e.toString()).doesNotContain("word").doesNotContain("tk-123");
              assertThat(e.text()).hasSameSizeAs(text).endsWith("c::numpy==");
              assertThat(e.position()).isEqualTo(text.length());
            });
  }

  @Test
  void builderRefusesWhatTheParserRefuses() {
    MatchSpec.Builder builder = MatchSpec.builder("numpy");
    List.<Runnable>of(
            () -> MatchSpec.builder("../x"),
            () -> MatchSpec.builder(""),
            () -> builder.md5("12"),
            () -> builder.sha256("xyz"),
            () -> builder.build("^(?=a)$"),
            () -> builder.buildNumber("-1"),
            () -> builder.extras(List.of("A b")),
            () -> builder.flags(List.of("a:b:c")),
            () -> builder.when("a and"))
        .forEach(wrong -> assertThatThrownBy(wrong::run).isInstanceOf(InvalidSpecException.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a[",
        "[",
        "a::",
        "http://",
        "http://a@",
        "http://h/t/",
        "^",
        "a[when='",
        "/t/",
        "a=1,(",
        "'",
        "\\"
      })
  void endlessSpecsAreAnsweredInTime(String piece) {
    String text = piece.repeat(20_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThatThrownBy(() -> MatchSpec.parse(text)).isInstanceOf(InvalidSpecException.class);
          assertThatThrownBy(() -> MatchSpec.parse("x" + text + ".conda"))
              .isInstanceOf(InvalidSpecException.class);
        });
  }
}

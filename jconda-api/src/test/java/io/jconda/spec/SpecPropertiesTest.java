package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.InvalidSpecException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SpecPropertiesTest {
  @Test
  void canonicalVersionSpecReadsBackEqualAndAcceptsTheSame() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      String text = SpecGenerator.versionSpec(random, 0);
      VersionSpec spec = VersionSpec.parse(text);
      VersionSpec again = VersionSpec.parse(spec.toString());
      assertThat(again).as("seed %d: %s", seed, text).isEqualTo(spec).hasToString(spec.toString());
      for (int j = 0; j < 5; j++) {
        Version version = Version.parse(SpecGenerator.version(random));
        assertThat(again.matches(version))
            .as("seed %d: %s on %s", seed, text, version)
            .isEqualTo(spec.matches(version));
      }
    }
  }

  @Test
  void canonicalMatchSpecReadsBackEqualStrictlyAndLeniently() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      String text = SpecGenerator.matchSpec(random);
      MatchSpec spec = MatchSpec.parse(text);
      assertThat(MatchSpec.parse(spec.toString()))
          .as("seed %d: %s", seed, text)
          .isEqualTo(spec)
          .hasSameHashCodeAs(spec)
          .hasToString(spec.toString());
      assertThat(MatchSpec.parseLenient(text)).as("seed %d: %s", seed, text).isEqualTo(spec);
      assertThat(spec.toBuilder().build()).as("seed %d: %s", seed, text).isEqualTo(spec);
    }
  }

  @Test
  void operatorsAgreeWithTheOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      String bound = SpecGenerator.version(random);
      Version version = Version.parse(SpecGenerator.version(random));
      int order = version.compareTo(Version.parse(bound));
      String as = "seed " + seed + ": " + version + " against " + bound;
      assertThat(VersionSpec.parse("<" + bound).matches(version)).as(as).isEqualTo(order < 0);
      assertThat(VersionSpec.parse("<=" + bound).matches(version)).as(as).isEqualTo(order <= 0);
      assertThat(VersionSpec.parse(">" + bound).matches(version)).as(as).isEqualTo(order > 0);
      assertThat(VersionSpec.parse(">=" + bound).matches(version)).as(as).isEqualTo(order >= 0);
      assertThat(VersionSpec.parse("==" + bound).matches(version)).as(as).isEqualTo(order == 0);
      assertThat(VersionSpec.parse("!=" + bound).matches(version)).as(as).isEqualTo(order != 0);
      assertThat(VersionSpec.parse("=" + bound).matches(version))
          .as(as)
          .isNotEqualTo(VersionSpec.parse("!=" + bound + ".*").matches(version));
    }
  }

  @RepeatedTest(3)
  void noTextBringsAnythingButASpecOrTheOneException() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String characters = "ab1.*=<>!~ ,|()[]^$'\"\\:/#@-_+{}?%é\t";
    for (int i = 0; i < 7_000; i++) {
      StringBuilder text = new StringBuilder();
      if (random.nextBoolean()) {
        text.append(SpecGenerator.matchSpec(random));
      }
      int edits = 1 + random.nextInt(6);
      for (int j = 0; j < edits; j++) {
        text.insert(
            random.nextInt(text.length() + 1),
            characters.charAt(random.nextInt(characters.length())));
      }
      for (String suffix : List.of("", ".conda")) {
        String whole = text + suffix;
        try {
          MatchSpec spec = MatchSpec.parseLenient(whole);
          assertThat(MatchSpec.parseLenient(spec.toString()))
              .as("seed %d: %s", seed, whole)
              .isEqualTo(spec);
        } catch (InvalidSpecException e) {
          assertThat(e.position()).as("seed %d: %s", seed, whole).isBetween(0, e.text().length());
          assertThat(e.remedy()).as("seed %d: %s", seed, whole).endsWith(".");
        }
      }
    }
  }
}

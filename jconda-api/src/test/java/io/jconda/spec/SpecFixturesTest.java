package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Fixtures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares with what conda itself says about real versions and specs. */
class SpecFixturesTest {
  @Test
  void everyRealVersionIsRead() {
    for (String line : Fixtures.lines("lists/versions.txt")) {
      assertThat(Version.parse(line)).hasToString(line);
    }
  }

  @Test
  void everyRealSpecIsReadAndReadsBackFromItsCanonicalForm() {
    for (String line : Fixtures.lines("lists/specs.txt")) {
      MatchSpec spec = MatchSpec.parseLenient(line);
      assertThat(MatchSpec.parse(spec.toString()))
          .as(line)
          .isEqualTo(spec)
          .hasToString(spec.toString());
    }
  }

  @Test
  void versionsAreInCondasOrder() {
    List<String> wrong = new ArrayList<>();
    int lastGroup = -1;
    Version last = Version.parse("0.0dev");
    for (String line : Fixtures.lines("truth/versions_order.tsv")) {
      String[] fields = line.split("\t", -1);
      int group = Integer.parseInt(fields[0]);
      Version version = Version.parse(fields[1]);
      int order = Integer.signum(last.compareTo(version));
      if (order != (group == lastGroup ? 0 : -1)
          || (order == 0 && version.hashCode() != last.hashCode())) {
        wrong.add(last + " and " + version);
      }
      lastGroup = group;
      last = version;
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void specsAcceptWhatCondaSaysTheyAccept() {
    List<String> wrong = new ArrayList<>();
    List<String> lines = Fixtures.lines("truth/matches.tsv");
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      PackageRecord record =
          PackageRecord.builder(fields[1], fields[2], fields[3])
              .buildNumber(Long.parseLong(fields[4]))
              .build();
      if (MatchSpec.parseLenient(fields[0]).matches(record) != fields[5].equals("1")) {
        wrong.add(line);
      }
    }
    assertThat(lines).hasSizeGreaterThan(10_000);
    assertThat(wrong).isEmpty();
  }
}

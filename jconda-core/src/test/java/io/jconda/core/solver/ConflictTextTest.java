package io.jconda.core.solver;

import static io.jconda.core.solver.ConflictScenario.assertApproved;
import static io.jconda.core.solver.ConflictScenario.build;
import static io.jconda.core.solver.ConflictScenario.draft;
import static io.jconda.core.solver.ConflictScenario.leaf;
import static io.jconda.core.solver.ConflictScenario.limited;
import static io.jconda.core.solver.ConflictScenario.record;
import static io.jconda.core.solver.ConflictScenario.request;
import static io.jconda.core.solver.ConflictScenario.specs;
import static io.jconda.core.solver.ConflictScenario.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Kind;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the shape of explanations by texts that were read and approved. */
class ConflictTextTest {
  @Test
  void putsTwoChainsThatClashOneAgainstTheOther() throws IOException {
    assertApproved(
        "two-chains",
        request("web", "data", "unrelated"),
        Stream.of(
                versions("web", "1.0 1.1 1.2", "http >=3"),
                versions("http", "3.0 3.1", "ssl >=3,<4"),
                versions("data", "5 6", "store"),
                versions("store", "8 9", "ssl 1.1.*"),
                versions("ssl", "1.1.0 1.1.1 3.0 3.1"),
                versions("unrelated", "1"))
            .flatMap(records -> records));
  }

  @Test
  void mergesVersionsThatFailForTheSameReason() throws IOException {
    assertApproved(
        "merged-ranges",
        request("numpy<2", "python=3.13"),
        Stream.of(
                IntStream.rangeClosed(9, 12)
                    .boxed()
                    .flatMap(
                        minor ->
                            Stream.of("1.21.0", "1.22.0", "1.26.4")
                                .map(
                                    version ->
                                        build(
                                            "numpy",
                                            version,
                                            "py3" + minor,
                                            "python >=3.%d,<3.%d".formatted(minor, minor + 1)))),
                versions("numpy", "2.1.0", "python >=3.10"),
                versions("python", "3.9.1 3.10.2 3.11.3 3.12.4 3.13.5"))
            .flatMap(records -> records));
  }

  @Test
  void saysForEachVersionWhyItFails() throws IOException {
    assertApproved(
        "every-version-its-reason",
        request("app", "python=3.12"),
        record("app", "1.0", "python <3.9"),
        record("app", "1.1", "python <3.9"),
        record("app", "2.0", "ghost"),
        record("app", "3.0", "python >=3.10", "__cuda"),
        record("app", "4.0", "lib >=9"),
        record("lib", "8"),
        record("python", "3.8.1"),
        record("python", "3.12.1"));
  }

  @Test
  void tellsOfAPinAndHowToGetRidOfIt() throws IOException {
    Conflict conflict =
        assertApproved(
            "pin",
            request("app").pins(specs("lib <2")),
            record("app", "1", "lib >=2"),
            record("lib", "1"),
            record("lib", "2"));
    assertThat(conflict.specs()).containsExactly("lib <2", "app");
    assertApproved(
        "pin-against-spec",
        request("lib>=2").pins(specs("lib <2")),
        record("lib", "1"),
        record("lib", "2"));
  }

  @Test
  void tellsThatPythonStaysUnlessItIsNamed() throws IOException {
    PackageRecord installed = record("python", "3.10.4");
    Conflict conflict =
        assertApproved(
            "kept-python",
            request("app").installed(List.of(installed)),
            record("app", "1", "python >=3.12"),
            installed,
            record("python", "3.12.1"));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.KEPT_PYTHON);
  }

  @Test
  void tellsWhatIsLockedAndWhatIsFrozen() throws IOException {
    PackageRecord lib = record("lib", "1");
    PackageRecord[] records = {record("app", "1", "lib >=2"), lib, record("lib", "2")};
    assertApproved("locked", request("app").locked(List.of(lib)), records);
    assertApproved(
        "frozen",
        request("app")
            .installed(List.of(lib))
            .options(SolveOptions.defaults().freezeInstalled(true)),
        records);
  }

  @Test
  void tellsWhatWasAskedForEarlier() throws IOException {
    assertApproved(
        "remembered",
        request("app").remembered(specs("lib <2")),
        record("app", "1", "lib >=2"),
        record("lib", "1"),
        record("lib", "2"));
  }

  @Test
  void tellsWhatIsOnlyLimited() throws IOException {
    assertApproved(
        "constraint",
        request("tool", "app"),
        limited("tool", "1", "lib <2"),
        limited("tool", "2", "lib <2.1"),
        record("app", "1", "lib"),
        record("lib", "3"));
  }

  @Test
  void setsSpecsOnOneNameSideBySide() throws IOException {
    assertApproved("direct-specs", request("lib<2", "lib>=3"), versions("lib", "1 2 3"));
  }

  @Test
  void tellsWhyNoNameOfAPatternWillDo() throws IOException {
    assertApproved(
        "pattern",
        request("py-*", "core>=2"),
        record("py-a", "1", "core <2"),
        record("py-b", "1", "ghost"),
        record("core", "1"),
        record("core", "2"));
  }

  @Test
  void tellsWhatAConditionAsksFor() throws IOException {
    assertApproved(
        "condition",
        request("app", "python=3.8", "typing>=4"),
        record("app", "1", "typing <4[when='python<3.9']"),
        record("typing", "3"),
        record("typing", "4"),
        record("python", "3.8"),
        record("python", "3.9"));
  }

  @Test
  void tellsWhatExtrasAskFor() throws IOException {
    assertApproved(
        "extras",
        request("app[extras=[gui]]"),
        draft("app", "1").extraDepends(Map.of("gui", List.of("qt"))).build(),
        draft("app", "2").extraDepends(Map.of("gui", List.of("qt"))).build());
  }

  @Test
  void followsALongChain() throws IOException {
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      records.add(record("link" + i, "1." + i, i < 12 ? "link" + (i + 1) : "anchor >=2"));
    }
    records.add(record("anchor", "1"));
    records.add(record("anchor", "2"));
    assertApproved("long-chain", request("link1", "anchor<2"), records.stream());
  }

  @Test
  void takesTheShortestOfSeveralChains() throws IOException {
    List<PackageRecord> records = new ArrayList<>();
    records.add(record("app", "1", "far", "near", "wide"));
    records.add(record("far", "1", "far2"));
    records.add(record("far2", "1", "far3"));
    records.add(record("far3", "1", "lib >=2"));
    records.add(record("near", "1", "lib >=2"));
    records.add(record("wide", "1", "far3", "far2"));
    records.add(record("lib", "1"));
    records.add(record("lib", "2"));
    assertApproved("shortest-chain", request("app", "lib<2"), records.stream());
  }

  /** Packages of which no two can have the same slot, of which there is one too few. */
  private static Stream<PackageRecord> pigeons(int count) {
    List<PackageRecord> records = new ArrayList<>();
    for (int pigeon = 0; pigeon < count; pigeon++) {
      for (int slot = 1; slot < count; slot++) {
        List<String> constrains = new ArrayList<>();
        for (int other = 0; other < count; other++) {
          if (other != pigeon) {
            constrains.add("p%d !=%d".formatted(other, slot));
          }
        }
        records.add(limited("p" + pigeon, "" + slot, constrains.toArray(String[]::new)));
      }
    }
    return records.stream();
  }

  @Test
  void triesWhereOnlyTryingShowsIt() throws IOException {
    assertApproved("three-in-two-slots", request("p0", "p1", "p2"), pigeons(3));
  }

  @Test
  void namesWhatExcludesEachOtherWhereThatTakesTooLongToTell() throws IOException {
    String[] names = IntStream.range(0, 8).mapToObj(i -> "p" + i).toArray(String[]::new);
    Conflict conflict = assertApproved("eight-in-seven-slots", request(names), pigeons(8));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.UNFINISHED);
  }

  @Test
  void mergesAttemptsThatFailAlike() throws IOException {
    assertApproved(
        "either-way",
        request("app"),
        Stream.of(
                versions("app", "1 2 3", "left"),
                versions("app", "4 5 6", "right"),
                versions("left", "1 2 3", "core <2", "glue"),
                versions("glue", "1", "core 2"),
                versions("core", "1 2"),
                versions("right", "1 2", "paint"),
                versions("paint", "1", "colour"))
            .flatMap(records -> records));
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.InstallReport;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when packages have different files at the same paths (CEP-32). */
class ClashWarningTest {
  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private PackageRecord build(String name, String version, String... pathsAndTexts) {
    PackageBuilder builder = PackageBuilder.of(name, version).noarch(NoarchType.GENERIC);
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      builder.file(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return bench.build(builder);
  }

  private String warning(String winner, String loser, int paths, String first) {
    return "%s and %s have different files at the same place, %d in all, the first of them %s. Those of %s win; the others come back when nothing overwrites them any more."
        .formatted(winner, loser, paths, prefix.resolve(first), winner);
  }

  @Test
  void aNewEnvironmentTellsOfEveryPairOnce() {
    PackageRecord a = build("a", "1", "share/x", "a", "share/y", "a", "share/same", "the same");
    PackageRecord b = build("b", "1", "share/x", "b", "share/y", "b", "share/same", "the same");
    PackageRecord c = build("c", "1", "share/own", "c");
    InstallReport report = bench.apply(Workbench.create(prefix, a, b, c).build());

    assertThat(prefix.resolve("share/x")).hasContent("b");
    assertThat(report.warnings())
        .containsExactly(warning("b 1 " + b.build(), "a 1 " + a.build(), 2, "share/x"));
  }

  @Test
  void ofThreeTheLastOneWinsOverEachOther() {
    PackageRecord a = build("a", "1", "share/x", "a");
    PackageRecord b = build("b", "1", "share/x", "b");
    PackageRecord c = build("c", "1", "share/x", "c");
    InstallReport report = bench.apply(Workbench.create(prefix, a, b, c).build());

    assertThat(prefix.resolve("share/x")).hasContent("c");
    String winner = "c 1 " + c.build();
    assertThat(report.warnings())
        .containsExactlyInAnyOrder(
            warning(winner, "a 1 " + a.build(), 1, "share/x"),
            warning(winner, "b 1 " + b.build(), 1, "share/x"));
  }

  @Test
  void commandsThatAreMadeAlikeAreTheSameAlsoWhereOneIsThereAlready() {
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.13.0")
                .platform(Platform.current())
                .executable("bin/python3.13", "no real one"));
    PackageRecord[] tools = new PackageRecord[3];
    for (int i = 0; i < 3; i++) {
      tools[i] =
          bench.build(
              PackageBuilder.of("tool" + i, "1")
                  .noarch(NoarchType.PYTHON)
                  .file("site-packages/tool" + i + ".py", "")
                  .entryPoint(i < 2 ? "tool = tool0:main" : "tool = tool2:main"));
    }
    bench.apply(Workbench.create(prefix, python, tools[0]).compileBytecode(false).build());
    assertThat(
            bench
                .apply(
                    Workbench.change(prefix, python, tools[0], tools[1])
                        .compileBytecode(false)
                        .build())
                .warnings())
        .isEmpty();
    assertThat(
            bench
                .apply(
                    Workbench.change(prefix, python, tools[0], tools[1], tools[2])
                        .compileBytecode(false)
                        .build())
                .warnings())
        .containsExactly(
            warning("tool2 1 " + tools[2].build(), "tool1 1 " + tools[1].build(), 1, "bin/tool"));
  }

  @Test
  void nobodyIsToldOfFilesThatAreTheSame() {
    PackageRecord a = build("a", "1", "share/same", "the same");
    PackageRecord b = build("b", "1", "share/same", "the same");
    assertThat(bench.apply(Workbench.create(prefix, a).build()).warnings()).isEmpty();
    assertThat(bench.apply(Workbench.change(prefix, a, b).build()).warnings()).isEmpty();
  }

  @Test
  void whatComesTellsOfWhatItOverwrites() {
    PackageRecord a = build("a", "1", "share/x", "a");
    PackageRecord b = build("b", "1", "share/x", "b");
    bench.apply(Workbench.create(prefix, a).build());
    InstallReport report = bench.apply(Workbench.change(prefix, a, b).build());

    assertThat(prefix.resolve("share/x")).hasContent("b");
    assertThat(report.warnings())
        .containsExactly(warning("b 1 " + b.build(), "a 1 " + a.build(), 1, "share/x"));
  }

  @Test
  void whatComesTellsOfWhatStaysInItsPlace() {
    PackageRecord b = build("b", "1", "share/x", "b");
    bench.apply(Workbench.create(prefix, build("a", "1", "share/x", "a"), b).build());
    PackageRecord newer = build("a", "2", "share/x", "a newer");
    InstallReport report = bench.apply(Workbench.change(prefix, newer, b).build());

    assertThat(prefix.resolve("share/x")).hasContent("b");
    assertThat(report.warnings())
        .containsExactly(warning("b 1 " + b.build(), "a 2 " + newer.build(), 1, "share/x"));
  }

  @Test
  void namesThatDifferInCaseAreOnePlaceWherePlatformsSaySo() {
    PackageRecord a = build("a", "1", "share/Readme", "a");
    PackageRecord b = build("b", "1", "share/README", "b");
    InstallReport report = bench.apply(OtherPlatformTest.plan(prefix, Platform.OSX_ARM64, a, b));

    assertThat(report.warnings())
        .containsExactly(warning("b 1 " + b.build(), "a 1 " + a.build(), 1, "share/README"));
  }
}

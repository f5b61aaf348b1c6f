package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.Change;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.link.Launchers;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lays prefixes out for platforms that the tests do not run on. */
class OtherPlatformTest {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(18) + "end";

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

  private PackageRecord python(Platform platform) {
    return bench.build(
        PackageBuilder.of("python", "3.12.1").platform(platform).file("python.exe", "none"));
  }

  private PackageRecord module() {
    return bench.build(
        PackageBuilder.of("module", "1")
            .noarch(NoarchType.PYTHON)
            .placeholder(PLACEHOLDER)
            .file("site-packages/module.py", "")
            .file("python-scripts/run", "#!" + PLACEHOLDER + "/python.exe\n")
            .entryPoint("module = module:start"));
  }

  static Plan plan(Path prefix, Platform platform, PackageRecord... records) {
    List<Change> changes =
        List.of(records).stream().map(Change.Added::new).map(Change.class::cast).toList();
    return Plan.builder(prefix, platform)
        .creates(true)
        .changes(changes)
        .solution(List.of(records))
        .build();
  }

  @Test
  void startsEntryPointsOfWindowsWithABatchFileWhereThereIsNoLauncher() throws Exception {
    bench.apply(plan(prefix, Platform.WIN_64, python(Platform.WIN_64), module()));

    assertThat(prefix.resolve("Lib/site-packages/module.py")).exists();
    assertThat(prefix.resolve("Scripts/run")).exists();
    assertThat(Files.readString(prefix.resolve("Scripts/module-script.py")))
        .startsWith("# -*- coding: utf-8 -*-\n");
    assertThat(Files.readString(prefix.resolve("Scripts/module.bat")))
        .contains("%~dp0..\\python.exe")
        .contains("module-script.py");
    assertThat(types("module"))
        .contains(PathType.WINDOWS_PYTHON_ENTRY_POINT_SCRIPT)
        .doesNotContain(PathType.UNIX_PYTHON_ENTRY_POINT, PathType.PYC_FILE);
  }

  @Test
  void pathsThatAreTooLongForMuchOfWindowsAreWarnedOf() {
    Path deep = folder.resolve("envs/" + "x".repeat(230 - folder.toString().length()));
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.12.1")
                .platform(Platform.WIN_64)
                .file("python.exe", "none")
                .file("Lib/" + "deep/".repeat(6) + "module.py", "x"));

    InstallReport report = bench.apply(plan(deep, Platform.WIN_64, python));

    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains("1 files", "259", "deep/module.py");
  }

  @Test
  void putsALauncherBesideTheScriptWhereThereIsOne() throws Exception {
    byte[] program = "MZ".getBytes(StandardCharsets.UTF_8);
    Installer installer =
        new Installer(
            bench.cache(Disk.real()),
            new PrefixLocks(
                Locks.at(bench.root.resolve("lock"), Disk.real()),
                PrefixLocks.ofMachine(),
                Disk.real(),
                Duration.ofSeconds(1)),
            Disk.real(),
            bench.root,
            platform -> platform == Platform.WIN_ARM64 ? Optional.of(program) : Optional.empty());
    installer.apply(
        plan(prefix, Platform.WIN_ARM64, python(Platform.WIN_ARM64), module()),
        OperationContext.silent());

    assertThat(prefix.resolve("Scripts/module.exe")).hasBinaryContent(program);
    assertThat(prefix.resolve("Scripts/module.bat")).doesNotExist();
    assertThat(types("module")).contains(PathType.WINDOWS_PYTHON_ENTRY_POINT_EXE);
    assertThat(Launchers.NONE.launcher(Platform.WIN_64)).isEmpty();
  }

  @Test
  void allowsLongerShebangsOnMacOs() throws Exception {
    Path deep = folder.resolve("envs/" + "x".repeat(120));
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.12.1")
                .platform(Platform.OSX_ARM64)
                .file("bin/python3.12", "none"));
    bench.apply(plan(deep, Platform.OSX_ARM64, python, module()));

    assertThat(Files.readString(deep.resolve("bin/module")))
        .startsWith("#!" + deep + "/bin/python3.12\n");
  }

  @Test
  void placesModulesWhereAFreeThreadedPythonLooks() {
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.13.1")
                .platform(Platform.LINUX_AARCH64)
                .pythonSitePackagesPath("lib/python3.13t/site-packages")
                .file("bin/python3.13", "none"));
    bench.apply(plan(prefix, Platform.LINUX_AARCH64, python, module()));

    assertThat(prefix.resolve("lib/python3.13t/site-packages/module.py")).exists();
  }

  private PackageRecord made(Platform platform, String... paths) {
    PackageBuilder builder = PackageBuilder.of("names", "1").platform(platform);
    for (String path : paths) {
      builder.file(path, path.startsWith("same") ? "same" : path);
    }
    return bench.build(builder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "share/aux",
        "share/Con.txt",
        "lpt1.tar.gz/file",
        "share/com\u00b2",
        "share/a:stream",
        "share/what?",
        "share/ends.",
        "ends /file"
      })
  void refusesNamesThatWindowsCannotHoldBeforeAnythingIsThere(String path) {
    PackageRecord hostile = made(Platform.WIN_64, "share/harmless", path);

    assertThatThrownBy(() -> bench.apply(plan(prefix, Platform.WIN_64, hostile)))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("names 1 0", "'" + path + "'", "Windows")
        .hasMessageContaining("another build");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void namesThatOnlyLookLikeThoseOfDevicesAreLetThrough() {
    PackageRecord harmless =
        made(Platform.WIN_64, "share/auxiliary", "share/com10", "share/null", "share/.a b.c");
    bench.apply(plan(prefix, Platform.WIN_64, harmless));

    assertThat(prefix.resolve("share/com10")).exists();
  }

  @Test
  void otherPlatformsHoldNamesThatWindowsCannot() {
    bench.apply(plan(prefix, Platform.OSX_64, made(Platform.OSX_64, "share/aux", "share/a:b")));

    assertThat(prefix.resolve("share/a:b")).exists();
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"WIN_64", "OSX_ARM64"})
  void refusesAPackageOfWhichAFileWouldBeLostWhereCaseIsNotTold(Platform platform) {
    PackageRecord clashing = made(platform, "share/Mark.h", "Share/mark.h");

    assertThatThrownBy(() -> bench.apply(plan(prefix, platform, clashing)))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("names 1 0", "'share/Mark.h'", "'Share/mark.h'")
        .hasMessageContaining("another build");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void aChangeThatIsRefusedForItsNamesLeavesThePrefixAsItWas() throws Exception {
    PackageRecord harmless = made(Platform.WIN_64, "share/a");
    bench.apply(plan(prefix, Platform.WIN_64, harmless));
    var before = Workbench.picture(prefix);
    PackageRecord hostile =
        bench.build(PackageBuilder.of("hostile", "1").platform(Platform.WIN_64).file("nul", "n"));
    Plan change =
        Plan.builder(prefix, Platform.WIN_64)
            .changes(List.of(new Change.Added(hostile)))
            .solution(List.of(harmless, hostile))
            .build();

    assertThatThrownBy(() -> bench.apply(change)).isInstanceOf(InstallException.class);
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void equalFilesWhoseNamesDifferByCaseAreOneFileWhereCaseIsNotTold() throws Exception {
    PackageRecord twice = made(Platform.OSX_64, "same/readme", "same/README");
    bench.apply(plan(prefix, Platform.OSX_64, twice));

    try (var files = Files.list(prefix.resolve("same"))) {
      assertThat(files).singleElement().satisfies(file -> assertThat(file).hasContent("same"));
    }
  }

  @Test
  void linuxTellsUpperCaseFromLower() {
    PackageRecord both = made(Platform.LINUX_AARCH64, "share/Mark.h", "share/mark.h");
    bench.apply(plan(prefix, Platform.LINUX_AARCH64, both));

    assertThat(prefix.resolve("share/Mark.h")).hasContent("share/Mark.h");
    assertThat(prefix.resolve("share/mark.h")).hasContent("share/mark.h");
  }

  private List<PathType> types(String name) {
    return PrefixRecords.read(prefix).get(name).orElseThrow().paths().stream()
        .map(PrefixPath::type)
        .toList();
  }
}

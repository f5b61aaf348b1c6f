package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Change;
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

  private static Plan plan(Path prefix, Platform platform, PackageRecord... records) {
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

  private List<PathType> types(String name) {
    return PrefixRecords.read(prefix).get(name).orElseThrow().paths().stream()
        .map(PrefixPath::type)
        .toList();
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jconda.EnvironmentNotFoundException;
import io.jconda.InstallException;
import io.jconda.StorageException;
import io.jconda.Verification;
import io.jconda.Verification.Damage;
import io.jconda.Verification.Fault;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(18) + "end";

  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;

  @BeforeEach
  void makeAnEnvironment() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
    bench.apply(Workbench.create(prefix, python(), tool(), module()).build());
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private PackageRecord python() {
    return bench.build(
        PackageBuilder.of("python", "3.11")
            .platform(Platform.current())
            .file("bin/python3.11", "no real one"));
  }

  private PackageRecord tool() {
    return bench.build(
        PackageBuilder.of("tool", "1")
            .platform(Platform.current())
            .placeholder(PLACEHOLDER)
            .executable("bin/tool", "#!" + PLACEHOLDER + "/bin/sh\n")
            .file("lib/libtool.so.1", "\u007fELF" + PLACEHOLDER + "/lib\0")
            .file("share/tool/data", "data")
            .symbolicLink("lib/libtool.so", "libtool.so.1"));
  }

  private PackageRecord module() {
    return bench.build(
        PackageBuilder.of("module", "1")
            .noarch(NoarchType.PYTHON)
            .file("site-packages/module.py", "VERSION = 1\n")
            .entryPoint("module = module:start"));
  }

  private Verification verify() {
    return bench.installer().verify(prefix, OperationContext.silent());
  }

  private Verification repair() {
    return bench.installer().repair(prefix, OperationContext.silent());
  }

  private void damage() throws IOException {
    Files.delete(prefix.resolve("lib/libtool.so"));
    Files.createDirectory(prefix.resolve("lib/libtool.so"));
    Files.delete(prefix.resolve("bin/module"));
    Files.delete(prefix.resolve("bin/tool"));
    Files.writeString(prefix.resolve("bin/tool"), "#!/bin/false\n");
    Disk.real().deleteTree(prefix.resolve("share"));
  }

  @Test
  void findsNothingWrongWithAFreshEnvironment() {
    Verification found = verify();

    assertThat(found.isSound()).as(found.toString()).isTrue();
    assertThat(found.pathsChecked()).isEqualTo(7);
  }

  @Test
  void findsWhatIsMissingAlteredAndReplaced() throws Exception {
    damage();

    Verification found = verify();

    assertThat(found.damages())
        .extracting(Damage::path, Damage::fault)
        .containsExactly(
            tuple("bin/module", Fault.MISSING),
            tuple("bin/tool", Fault.ALTERED),
            tuple("lib/libtool.so", Fault.REPLACED),
            tuple("share/tool/data", Fault.MISSING));
    assertThat(found.toString()).contains("bin/tool was altered (tool-1-0)");
  }

  @Test
  void bringsEverythingBackByteForByteAndAddsNothingToTheHistory() throws Exception {
    var before = Workbench.picture(prefix);
    damage();

    assertThat(repair().damages()).hasSize(4);

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void aFileInThePlaceOfAFolderIsNamedAndStays() throws Exception {
    var before = Workbench.picture(prefix);
    Path inTheWay = prefix.resolve("share/tool");
    Disk.real().deleteTree(inTheWay);
    Files.writeString(inTheWay, "somebody's own");

    assertThat(verify().damages())
        .extracting(Damage::path, Damage::fault)
        .containsExactly(tuple("share/tool/data", Fault.MISSING));
    assertThatThrownBy(this::repair)
        .isInstanceOf(InstallException.class)
        .hasMessageContaining(inTheWay.toString())
        .hasMessageContaining("Remove");
    assertThat(inTheWay).hasContent("somebody's own");
    Files.delete(inTheWay);
    repair();

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void bringsBackAFileThatWasAlteredThroughAHardLinkInTheStoreToo() throws Exception {
    Files.writeString(prefix.resolve("share/tool/data"), "DATA");

    assertThat(repair().damages()).extracting(Damage::path).containsExactly("share/tool/data");

    assertThat(prefix.resolve("share/tool/data")).hasContent("data");
  }

  @Test
  void leavesEverythingAsItWasWhateverFails() throws Exception {
    damage();
    var damaged = Workbench.picture(prefix);
    for (int n = 1; ; n++) {
      FaultyDisk disk = FaultyDisk.failingAt(n, FaultyDisk.Fault.BROKEN);
      try {
        bench.installer(disk).repair(prefix, OperationContext.silent());
      } catch (StorageException e) {
        bench.recovery().recover(prefix, OperationContext.silent());
        var found = Workbench.picture(prefix);
        if (!found.equals(damaged)) {
          assertThat(verify().isSound()).describedAs("operation %d", n).isTrue();
          break;
        }
        continue;
      }
      assertThat(n).isGreaterThan(10);
      break;
    }
    repair();
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void whatFailsOnceEverythingIsBackFailsNoRepair() throws Exception {
    damage();
    repair();
    Files.delete(prefix.resolve("share/tool/data"));
    FaultyDisk counting = FaultyDisk.counting();
    bench.installer(counting).repair(prefix, OperationContext.silent());
    Files.delete(prefix.resolve("share/tool/data"));
    // the last operations are those of clearing up
    FaultyDisk disk = FaultyDisk.failingAt(counting.operations() - 1, FaultyDisk.Fault.BROKEN);

    assertThat(bench.installer(disk).repair(prefix, OperationContext.silent()).damages())
        .hasSize(1);

    assertThat(disk.hasFailed()).isTrue();
    assertThat(verify().isSound()).isTrue();
    bench.recovery().recover(prefix, OperationContext.silent());
    assertThat(Journal.isThere(prefix)).isFalse();
  }

  @Test
  void doesNotTouchAFrozenEnvironment() throws Exception {
    Files.writeString(prefix.resolve("conda-meta/frozen"), "");
    assertThat(repair().isSound()).isTrue();
    damage();

    assertThatThrownBy(this::repair)
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("frozen");
  }

  @Test
  void saysWhereThereIsNoEnvironment() {
    assertThatThrownBy(
            () -> bench.installer().verify(folder.resolve("none"), OperationContext.silent()))
        .isInstanceOf(EnvironmentNotFoundException.class);
  }

  @Test
  void aFileOfTwoPackagesIsRightIfItIsThatOfOneOfThem() {
    PackageRecord one = bench.build(plain("one"));
    PackageRecord two = bench.build(plain("two"));
    Path both = folder.resolve("envs/both");
    bench.apply(Workbench.create(both, one, two).build());

    assertThat(bench.installer().verify(both, OperationContext.silent()).isSound()).isTrue();
  }

  @Test
  void aLinkThatLeadsElsewhereIsAlteredAndIsBroughtBack() throws Exception {
    var before = Workbench.picture(prefix);
    Path link = prefix.resolve("lib/libtool.so");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("libtool.so.2"));

    assertThat(verify().damages())
        .extracting(Damage::path, Damage::fault)
        .containsExactly(tuple("lib/libtool.so", Fault.ALTERED));
    repair();

    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void soIsOneAmongTheModulesOfANoarchPackage() throws Exception {
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.13.0")
                .platform(Platform.current())
                .executable("bin/python3.13", "no real one"));
    PackageRecord modules =
        bench.build(
            PackageBuilder.of("modules", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/modules/one.py", "one = 1\n")
                .symbolicLink("site-packages/modules/link.py", "one.py")
                .symbolicLink("python-scripts/command", "python3.13"));
    Path other = folder.resolve("envs/python");
    bench.apply(Workbench.create(other, python, modules).compileBytecode(false).build());
    assertThat(bench.installer().verify(other, OperationContext.silent()).isSound()).isTrue();
    Path link = other.resolve("lib/python3.13/site-packages/modules/link.py");
    Path command = other.resolve("bin/command");
    for (Path one : List.of(link, command)) {
      Files.delete(one);
      Files.createSymbolicLink(one, Path.of("elsewhere"));
    }

    assertThat(bench.installer().repair(other, OperationContext.silent()).damages())
        .extracting(Damage::path, Damage::fault)
        .containsExactly(
            tuple("bin/command", Fault.ALTERED),
            tuple("lib/python3.13/site-packages/modules/link.py", Fault.ALTERED));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("one.py"));
    assertThat(Files.readSymbolicLink(command)).isEqualTo(Path.of("python3.13"));
  }

  @Test
  void whereALinkLeadsIsNotJudgedOnceTheStoreHasLostThePackage() throws Exception {
    Path link = prefix.resolve("lib/libtool.so");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("libtool.so.2"));
    Disk.real().deleteTree(bench.root.resolve("store"));

    assertThat(verify().isSound()).isTrue();
  }

  @Test
  void aLinkOfTwoPackagesIsRightIfItLeadsWhereOneOfThemHasIt() throws Exception {
    PackageRecord one = bench.build(plain("one").symbolicLink("share/link", "one"));
    PackageRecord two = bench.build(plain("two").symbolicLink("share/link", "two"));
    Path both = folder.resolve("envs/both");
    bench.apply(Workbench.create(both, one, two).build());
    Path link = both.resolve("share/link");

    for (String target : List.of("one", "two", "three")) {
      Files.delete(link);
      Files.createSymbolicLink(link, Path.of(target));
      assertThat(bench.installer().verify(both, OperationContext.silent()).isSound())
          .as(target)
          .isEqualTo(!target.equals("three"));
    }
  }

  private static PackageBuilder plain(String name) {
    return PackageBuilder.of(name, "1").noarch(NoarchType.GENERIC).file("share/same", "of " + name);
  }
}

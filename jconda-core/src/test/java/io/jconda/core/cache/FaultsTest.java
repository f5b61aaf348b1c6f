package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.StorageException;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path folder;
  @TempDir Path channel;
  private final Network network = new Network(NetworkSettings.defaults());
  private final TestPackage made =
      TestPackage.named("a")
          .file("bin/a", "first", 0755, TestPackage.TIME)
          .file("share/a", "second")
          .hardLink("share/b", "share/a");

  @AfterEach
  void close() {
    network.close();
  }

  private int operationsOfOneFetch(PackageRecord record) {
    FaultyDisk counting = FaultyDisk.counting();
    new PackageCache(folder.resolve("counted"), counting, network, true).fetch(record, QUIET);
    return counting.operations();
  }

  private void assertARealDiskFinishes(Path root, PackageRecord record) throws Exception {
    StoreCheck.assertSound(root);
    PackageCache cache = new PackageCache(root, Disk.real(), network, true);
    StoredPackage stored = cache.fetch(record, QUIET);
    assertThat(stored.files()).hasSize(3);
    for (StoredFile file : stored.files()) {
      assertThat(Hashes.sha256(cache.usable(stored, file, QUIET)))
          .isEqualTo(file.sha256().orElseThrow());
    }
    StoreCheck.assertSound(root);
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "DENIED", "BROKEN"})
  void aDiskThatFailsAtAnyOperationIsExplainedAndLeavesASoundStore(Fault fault) throws Exception {
    PackageRecord record = made.in(channel);
    int operations = operationsOfOneFetch(record);
    assertThat(operations).isGreaterThan(20);
    int explained = 0;
    for (int n = 1; n <= operations; n++) {
      Path root = folder.resolve(fault + "-" + n);
      FaultyDisk disk = FaultyDisk.failingAt(n, fault);
      PackageCache cache = new PackageCache(root, disk, network, true);
      try {
        cache.fetch(record, QUIET);
      } catch (StorageException e) {
        explained++;
        assertThat(e.remedy()).isNotBlank();
        assertThat(e.problem()).contains(root.toString());
        if (fault == Fault.FULL) {
          assertThat(e.problem()).contains("full");
          assertThat(StoreCheck.leftOvers(root)).isEmpty();
        }
      }
      assertThat(disk.hasFailed()).isTrue();
      assertARealDiskFinishes(root, record);
    }
    // what remains are notes on who holds a lock, and the deletion of what is temporary
    assertThat(explained).isGreaterThan(operations / 2);
  }

  @Test
  void aJvmHaltedAtAnyOperationLeavesASoundStore() throws Exception {
    PackageRecord record = made.in(channel);
    int operations = operationsOfOneFetch(record);
    for (int n = 1; n <= operations; n++) {
      Path root = folder.resolve("halted-" + n);
      try (ChildJvm child =
          ChildJvm.start(
              FetchingChild.class, root, record.url(), record.sha256().orElseThrow(), n)) {
        assertThat(child.exitCode()).as("at operation %d", n).isEqualTo(137);
      }
      assertARealDiskFinishes(root, record);
    }
  }

  @Test
  void aRootThatMayNotBeWrittenIsExplained() throws Exception {
    PackageRecord record = made.in(channel);
    Path root = folder.resolve("file");
    Disk.real().write(root, "a file where the root should be");
    PackageCache cache = new PackageCache(root, Disk.real(), network);
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(root.toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root))).startsWith("rw");
  }

  private Path rootWithTwoPackages(String name) throws Exception {
    Path root = folder.resolve(name);
    PackageCache cache = new PackageCache(root, Disk.real(), network, true);
    cache.fetch(made.in(channel), QUIET);
    cache.fetch(TestPackage.named("b").file("share/b", "second").in(channel), QUIET);
    return root;
  }

  private int operationsOfOneCleaning() throws Exception {
    FaultyDisk counting = FaultyDisk.counting();
    new PackageCache(rootWithTwoPackages("counted-cleaning"), counting, network)
        .care()
        .clean(CleanOptions.defaults(), Set.of(), QUIET);
    return counting.operations();
  }

  @Test
  void aJvmHaltedAtAnyOperationOfACleaningLeavesASoundStore() throws Exception {
    int operations = operationsOfOneCleaning();
    assertThat(operations).isGreaterThan(8);
    for (int n = 1; n <= operations; n++) {
      Path root = rootWithTwoPackages("cleaned-" + n);
      try (ChildJvm child = ChildJvm.start(CleaningChild.class, root, n)) {
        assertThat(child.exitCode()).as("at operation %d", n).isEqualTo(137);
      }
      assertARealDiskFinishes(root, made.in(channel));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "DENIED", "BROKEN"})
  void aDiskThatFailsAtAnyOperationOfACleaningLeavesASoundStore(Fault fault) throws Exception {
    int operations = operationsOfOneCleaning();
    for (int n = 1; n <= operations; n++) {
      Path root = rootWithTwoPackages(fault + "-cleaned-" + n);
      FaultyDisk disk = FaultyDisk.failingAt(n, fault);
      try {
        new PackageCache(root, disk, network)
            .care()
            .clean(CleanOptions.defaults(), Set.of(), QUIET);
      } catch (StorageException e) {
        assertThat(e.remedy()).isNotBlank();
      }
      assertARealDiskFinishes(root, made.in(channel));
      CleanReport rest =
          new PackageCache(root, Disk.real(), network)
              .care()
              .clean(CleanOptions.defaults(), Set.of(), QUIET);
      assertThat(rest.problems()).isEmpty();
      assertThat(StoreCheck.filesBelow(root.resolve("store/v1/files"))).isEmpty();
    }
  }

  @Test
  void aDiskThatFailsAtAnyOperationOfARepairLeavesASoundStore() throws Exception {
    for (int n = 1; n < 60; n++) {
      Path root = rootWithTwoPackages("repaired-" + n);
      PackageCache real = new PackageCache(root, Disk.real(), network, true);
      StoredPackage stored = real.fetch(made.in(channel), QUIET);
      Path content = real.usable(stored, stored.files().get(0), QUIET);
      Files.writeString(content, "f1rst");
      Files.setLastModifiedTime(content, FileTime.from(TestPackage.TIME));
      FaultyDisk disk = FaultyDisk.failingAt(n, Fault.BROKEN);
      try {
        new PackageCache(root, disk, network, true).care().verify(record -> true, QUIET);
      } catch (StorageException e) {
        assertThat(e.remedy()).isNotBlank();
      }
      assertThat(real.care().verify(record -> true, QUIET).isSound()).isTrue();
      assertARealDiskFinishes(root, made.in(channel));
      if (!disk.hasFailed()) {
        return;
      }
    }
    throw new AssertionError("A repair has fewer operations.");
  }
}

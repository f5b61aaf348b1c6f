package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.EnvironmentNotFoundException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.IntegrityException;
import io.jconda.LinkMode;
import io.jconda.Plan;
import io.jconda.StorageException;
import io.jconda.build.PackageBuilder;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.LinkTarget;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out before a prefix is touched, and what others see while it is. */
class ChecksTest {
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

  private PackageRecord tool(String version) {
    return bench.build(
        PackageBuilder.of("tool", version)
            .noarch(NoarchType.GENERIC)
            .file("share/tool/" + version, version)
            .file("share/tool/same", "of " + version));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsFetched() {
    PackageRecord huge = tool("1").toBuilder().sha256("0".repeat(64)).size(1L << 60).build();

    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, huge).build()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("needs " + (1L << 60) + " bytes");
    assertThat(folder.resolve("envs")).doesNotExist();
  }

  @Test
  void whatIsNoHardLinkMustFitToo() {
    PackageRecord record =
        bench.build(PackageBuilder.of("large", "1").file("share/large", "x".repeat(5_000)));
    StoredPackage stored = bench.cache(Disk.real()).fetch(record, OperationContext.silent());
    LinkTarget target = LinkTarget.of(prefix, prefix, Platform.current(), LinkMode.HARD);
    List<PackageLayout> layouts = List.of(PackageLayout.of(stored, target, Launchers.NONE, 0));

    new Room(prefix, 4_000).take(layouts, true);
    assertThatThrownBy(() -> new Room(prefix, 4_000).take(layouts, false))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("needs 5000 bytes more, and its disk has 4000 left");
  }

  @Test
  void aPackageOfAnotherPlatformIsRefused() {
    PackageRecord other =
        bench.build(
            PackageBuilder.of("other", "1").platform(Platform.WIN_ARM64).file("share/other", "x"));

    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, other).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("win-arm64")
        .hasMessageContaining(Platform.current().subdir());
    assertThat(folder.resolve("envs")).doesNotExist();
  }

  @Test
  void aPrefixIsNotTouchedBeforeAllPackagesAreThereAndSound() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1")).build());
    PackageRecord sound =
        bench.build(
            PackageBuilder.of("other", "1").noarch(NoarchType.GENERIC).file("share/other", "x"));
    PackageRecord broken = tool("2").toBuilder().sha256("0".repeat(64)).build();
    FaultyDisk counting = FaultyDisk.counting();

    assertThatThrownBy(
            () ->
                bench
                    .installer(counting)
                    .apply(
                        Workbench.change(prefix, sound, broken).build(), OperationContext.silent()))
        .isInstanceOf(IntegrityException.class);

    assertThat(counting.operations()).isZero();
    assertThat(prefix.resolve("share/tool/1")).exists();
  }

  @Test
  void aPlanWithNothingToDoIsRefusedTooWhereThePrefixChangedMeanwhile() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1")).build());
    Plan plan = Workbench.change(prefix, tool("1")).build();
    assertThat(plan.changesNoPackage()).isTrue();
    assertThat(bench.apply(plan).nothingToDo()).isTrue();
    Files.delete(prefix.resolve("conda-meta/tool-1-0.json"));

    assertThatThrownBy(() -> bench.apply(plan))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("changed since the plan was made");
  }

  @Test
  void aPlanForAPrefixThatWasRemovedOrRenamedIsRefusedAndMakesNothing() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1")).build());
    Plan plan = Workbench.change(prefix, tool("2")).build();
    Path elsewhere = prefix.resolveSibling("renamed");
    Files.move(prefix, elsewhere);
    SortedMap<String, String> renamed = Workbench.picture(elsewhere);

    assertThatThrownBy(() -> bench.apply(plan)).isInstanceOf(EnvironmentNotFoundException.class);

    assertThat(prefix).doesNotExist();
    assertThat(Workbench.picture(elsewhere)).isEqualTo(renamed);
    bench.installer().remove(elsewhere, OperationContext.silent());
    assertThatThrownBy(() -> bench.apply(plan)).isInstanceOf(EnvironmentNotFoundException.class);
    try (var beside = Files.list(prefix.getParent())) {
      assertThat(beside).isEmpty();
    }
  }

  @Test
  void whatAnotherToolChangesWhilePackagesAreFetchedIsSeenToo() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1")).build());
    Plan plan = Workbench.change(prefix, tool("2")).build();
    Path foreign = prefix.resolve("conda-meta/foreign-1-0.json");
    FaultyDisk counting = FaultyDisk.counting();
    Events events =
        new Events(
            event -> {
              if (event instanceof ProgressEvent.PhaseFinished phase
                  && phase.phase() == Phase.FETCH) {
                write(foreign, "{\"name\": \"foreign\", \"version\": \"1\", \"build\": \"0\"}");
              }
            });

    assertThatThrownBy(
            () ->
                bench
                    .installer(counting)
                    .apply(plan, new OperationContext(CancellationToken.create(), events)))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("changed since");

    assertThat(foreign).exists();
    assertThat(counting.operations()).isZero();
    assertThat(prefix.resolve("share/tool/same")).hasContent("of 1");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Is a disk on which what lies in the trash is in use, as a running program is on Windows. */
  private static final class BusyDisk extends Disk {
    @Override
    public boolean deleteIfExists(Path path) throws IOException {
      if (path.toString().contains("trash") && !Files.isDirectory(path)) {
        throw new AccessDeniedException(path.toString());
      }
      return super.deleteIfExists(path);
    }
  }

  @Test
  void filesInUseAreMovedAsideAndDeletedByTheNextOperation() {
    bench.apply(Workbench.create(prefix, tool("1")).build());

    InstallReport report =
        bench
            .installer(new BusyDisk())
            .apply(Workbench.change(prefix, tool("2")).build(), OperationContext.silent());

    assertThat(report.warnings()).anyMatch(text -> text.contains("could be deleted"));
    assertThat(prefix.resolve("share/tool/same")).hasContent("of 2");
    assertThat(prefix.resolve("share/tool/1")).doesNotExist();
    assertThat(Journal.folder(prefix).resolve("trash")).isNotEmptyDirectory();

    bench.recovery().recover(prefix, OperationContext.silent());

    assertThat(Journal.folder(prefix)).doesNotExist();
    assertThat(prefix.resolve("share/tool/same")).hasContent("of 2");
  }

  @Test
  void whoReadsWhileOthersWriteSeesWholeRecordsOnly() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1")).build());
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                for (InstalledPackage installed : PrefixRecords.read(prefix).packages()) {
                  assertThat(installed.files()).hasSize(2);
                }
                looks.incrementAndGet();
              }
            });
    try {
      for (int i = 0; i < 20 && !reader.isDone(); i++) {
        bench.apply(Workbench.change(prefix, tool(i % 2 == 0 ? "2" : "1")).build());
      }
    } finally {
      done.set(true);
    }
    reader.get(1, TimeUnit.MINUTES);
    assertThat(looks).hasPositiveValue();
  }
}

package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.EnvironmentBusyException;
import io.jconda.OperationCancelledException;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.link.Launchers;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusyPrefixTest {
  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;
  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Installer impatient() {
    return new Installer(
        bench.cache(Disk.real()), impatientLocks(), Disk.real(), bench.root, Launchers.NONE);
  }

  private PrefixLocks impatientLocks() {
    return new PrefixLocks(
        Locks.at(bench.root.resolve("lock"), Disk.real()),
        PrefixLocks.ofMachine(),
        Disk.real(),
        Duration.ofMillis(50));
  }

  /** Is an installer whose client has another root: they have the machine in common. */
  private Installer ofAnotherRoot() {
    Path root = folder.resolve("other root");
    return new Installer(
        bench.cache(Disk.real()),
        new PrefixLocks(
            Locks.at(root.resolve("lock"), Disk.real()),
            PrefixLocks.ofMachine(),
            Disk.real(),
            Duration.ofMillis(50)),
        Disk.real(),
        root,
        Launchers.NONE);
  }

  private PackageRecord tool() {
    return tool("1");
  }

  private PackageRecord tool(String version) {
    return bench.build(
        PackageBuilder.of("tool", version).platform(Platform.current()).file("share/tool", "x"));
  }

  /** Begins to create the prefix, and stops in the middle until it is released. */
  private CompletableFuture<Void> slowWriter() throws Exception {
    return slowWriter(Workbench.create(prefix, tool()).build());
  }

  private CompletableFuture<Void> slowWriter(Plan plan) throws Exception {
    Events events =
        new Events(
            event -> {
              if (event instanceof ProgressEvent.PackageLinked) {
                busy.countDown();
                await(release);
              }
            });
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () ->
                bench
                    .installer()
                    .apply(plan, new OperationContext(CancellationToken.create(), events)));
    await(busy);
    return writer;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tellsWhoIsAtWorkWhenTheWaitEnds() throws Exception {
    CompletableFuture<Void> writer = slowWriter();
    try {
      assertThatThrownBy(() -> impatient().remove(prefix, OperationContext.silent()))
          .isInstanceOfSatisfying(
              EnvironmentBusyException.class,
              e -> {
                assertThat(e.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(e.since()).isPresent();
                assertThat(e.prefix()).isEqualTo(prefix);
              });
      assertThat(prefix).doesNotExist();
    } finally {
      release.countDown();
    }
    writer.get(1, TimeUnit.MINUTES);
    assertThat(prefix.resolve("share/tool")).exists();
  }

  @Test
  void clientsOfDifferentRootsKeepEachOtherOut() throws Exception {
    CompletableFuture<Void> writer = slowWriter();
    try {
      assertThatThrownBy(() -> ofAnotherRoot().remove(prefix, OperationContext.silent()))
          .isInstanceOfSatisfying(
              EnvironmentBusyException.class,
              e -> assertThat(e.pid()).isEqualTo(ProcessHandle.current().pid()));
    } finally {
      release.countDown();
    }
    writer.get(1, TimeUnit.MINUTES);
    ofAnotherRoot().remove(prefix, OperationContext.silent());
    assertThat(prefix).doesNotExist();
  }

  /** Is what the other JVM runs, with folders of its own as another user would have them. */
  static final class OtherUser {
    private OtherUser() {}

    /** Holds a prefix until its input ends: folder, prefix. */
    public static void main(String[] arguments) throws IOException {
      locks(Path.of(arguments[0])).acquire(Path.of(arguments[1]), OperationContext.silent());
      System.out.println("held");
      while (System.in.read() >= 0) {
        // until nobody is there any more
      }
    }

    static PrefixLocks locks(Path own) {
      return new PrefixLocks(
          Locks.at(own.resolve("root/lock"), Disk.real()),
          own.resolve("temporary"),
          Disk.real(),
          Duration.ofMillis(100));
    }
  }

  @Test
  void usersWithNothingInCommonButThePrefixKeepEachOtherOut() throws Exception {
    bench.apply(Workbench.create(prefix, tool()).build());
    var before = Workbench.picture(prefix);
    PrefixLocks mine = OtherUser.locks(folder.resolve("mine"));
    try (ChildJvm other = ChildJvm.start(OtherUser.class, folder.resolve("theirs"), prefix)) {
      assertThat(other.line()).isEqualTo("held");

      assertThatThrownBy(() -> mine.acquire(prefix, OperationContext.silent()))
          .isInstanceOfSatisfying(
              EnvironmentBusyException.class,
              e -> {
                assertThat(e.pid()).isEqualTo(other.pid());
                assertThat(e.since()).isPresent();
              });
      other.kill();
    }
    mine.acquire(prefix, OperationContext.silent()).close();
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void whoHasNoTimeAtAllIsToldAllTheSame() throws Exception {
    bench.apply(Workbench.create(prefix, tool()).build());
    PrefixLocks mine =
        new PrefixLocks(
            Locks.at(folder.resolve("mine/own/lock"), Disk.real()),
            folder.resolve("mine/temporary"),
            Disk.real(),
            Duration.ZERO);
    try (ChildJvm other = ChildJvm.start(OtherUser.class, folder.resolve("theirs"), prefix)) {
      assertThat(other.line()).isEqualTo("held");

      assertThatThrownBy(() -> mine.acquire(prefix, OperationContext.silent()))
          .isInstanceOfSatisfying(
              EnvironmentBusyException.class, e -> assertThat(e.pid()).isEqualTo(other.pid()));
      other.kill();
    }
  }

  @Test
  void whatIsFreeIsTakenByWhoHasNoTimeAtAll() {
    PrefixLocks locks =
        new PrefixLocks(
            Locks.at(folder.resolve("own/lock"), Disk.real()),
            folder.resolve("temporary"),
            Disk.real(),
            Duration.ZERO);
    locks.acquire(prefix, OperationContext.silent()).close();
    bench.apply(Workbench.create(prefix, tool()).build());
    locks.acquire(prefix, OperationContext.silent()).close();
  }

  @Test
  void aWriterInAnotherProcessIsNamedWithItsPidAndSinceWhen() throws Exception {
    Path shared = folder.resolve("shared");
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (ChildJvm other = ChildJvm.start(OtherUser.class, shared, prefix)) {
      assertThat(other.line()).isEqualTo("held");

      assertThatThrownBy(() -> OtherUser.locks(shared).acquire(prefix, OperationContext.silent()))
          .isInstanceOfSatisfying(
              EnvironmentBusyException.class,
              e -> {
                assertThat(e.pid()).isEqualTo(other.pid());
                assertThat(e.since().orElseThrow()).isBetween(start, Instant.now());
                assertThat(e.problem())
                    .contains(prefix.toString())
                    .contains("by process " + other.pid())
                    .contains("since " + e.since().orElseThrow());
              });
      other.kill();
    }
    OtherUser.locks(shared).acquire(prefix, OperationContext.silent()).close();
  }

  @Test
  void aChangeThatIsUnderWayIsNotTakenForOneThatWasLeft() throws Exception {
    bench.apply(Workbench.create(prefix, tool()).build());
    CompletableFuture<Void> writer = slowWriter(Workbench.change(prefix, tool("2")).build());
    try {
      assertThat(Journal.isThere(prefix)).isTrue();
      assertThat(PrefixRecords.read(prefix).packages()).isEmpty();
      Recovery recovery = new Recovery(impatientLocks(), Disk.real());
      assertThatThrownBy(() -> recovery.recover(prefix, OperationContext.silent()))
          .isInstanceOf(EnvironmentBusyException.class);
      recovery.recoverUnlessBusy(prefix);
      assertThat(Journal.isThere(prefix)).isTrue();
    } finally {
      release.countDown();
    }
    writer.get(1, TimeUnit.MINUTES);
    assertThat(PrefixRecords.read(prefix).packages())
        .extracting(installed -> installed.record().distName())
        .containsExactly("tool-2-0");
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).isSound()).isTrue();
  }

  @Test
  void aFolderThatIsNotTheUsersOwnIsNotUsed() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
    PrefixLocks locks =
        new PrefixLocks(
            Locks.at(bench.root.resolve("lock"), Disk.real()),
            link,
            Disk.real(),
            Duration.ofMillis(50));

    locks.acquire(prefix, OperationContext.silent()).close();

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(bench.root.resolve("lock/locks")).exists();
  }

  @Test
  void stopsWaitingWhenItIsCancelled() throws Exception {
    CompletableFuture<Void> writer = slowWriter();
    try {
      CancellationToken token = CancellationToken.withTimeout(Duration.ofMillis(50));
      assertThatThrownBy(
              () -> bench.installer().remove(prefix, new OperationContext(token, Events.silent())))
          .isInstanceOf(OperationCancelledException.class);
    } finally {
      release.countDown();
    }
    writer.get(1, TimeUnit.MINUTES);
  }
}

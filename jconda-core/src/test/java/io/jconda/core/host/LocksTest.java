package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.OperationCancelledException;
import io.jconda.StorageException;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Mode;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocksTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Locks locks;

  @BeforeEach
  void open() {
    locks = Locks.at(folder.resolve("lock"), Disk.real());
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private ChildJvm child(String key, Mode mode) throws IOException {
    return ChildJvm.start(LockingChild.class, folder.resolve("lock"), key, mode);
  }

  private Optional<Held> attempt(String key, Mode mode) {
    return locks.tryAcquire(key, mode, QUIET);
  }

  @Test
  void anExclusiveLockKeepsOutEverybodyElse() {
    Held held = locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    assertThat(attempt("a", Mode.EXCLUSIVE)).isEmpty();
    assertThat(attempt("a", Mode.SHARED)).isEmpty();
    held.close();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isPresent();
  }

  @Test
  void aSharedLockKeepsOutOnlyExclusiveOnes() {
    Held first = locks.acquire("a", Mode.SHARED, QUIET);
    Held second = locks.acquire("a", Mode.SHARED, QUIET);
    first.close();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isEmpty();
    second.close();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isPresent();
  }

  @Test
  void anotherKeyIsFree() {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    assertThat(attempt("b", Mode.EXCLUSIVE)).isPresent();
  }

  @Test
  void closingTwiceGivesBackOnce() {
    Held first = locks.acquire("a", Mode.SHARED, QUIET);
    locks.acquire("a", Mode.SHARED, QUIET);
    first.close();
    first.close();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isEmpty();
  }

  @Test
  void manyThreadsEnterOneAfterTheOther() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(
          threads.submit(
              () -> {
                for (int round = 0; round < 20; round++) {
                  Held held = locks.acquire("a", Mode.EXCLUSIVE, QUIET);
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  held.close();
                }
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void anotherJvmIsKeptOutAndNamed() throws Exception {
    Instant before = Instant.now().minusSeconds(1);
    try (ChildJvm child = child("a", Mode.EXCLUSIVE)) {
      assertThat(child.line()).isEqualTo("held");
      assertThat(attempt("a", Mode.SHARED)).isEmpty();
      assertThat(locks.holder("a"))
          .hasValueSatisfying(
              holder -> {
                assertThat(holder.pid()).isEqualTo(child.pid());
                assertThat(holder.host()).isNotBlank();
                assertThat(holder.since()).isBetween(before, Instant.now());
              });
      Future<Held> waiting = threads.submit(() -> locks.acquire("a", Mode.EXCLUSIVE, QUIET));
      assertThat(child.finish()).isZero();
      waiting.get().close();
    }
    assertThat(locks.holder("a")).isEmpty();
  }

  @Test
  void thisJvmKeepsAnotherOut() throws Exception {
    Held held = locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    try (ChildJvm child = child("a", Mode.EXCLUSIVE)) {
      assertThat(child.line()).isEqualTo("refused");
    }
    held.close();
    try (ChildJvm child = child("a", Mode.EXCLUSIVE)) {
      assertThat(child.line()).isEqualTo("held");
    }
  }

  @Test
  void sharedLocksOfTwoJvmsStandBesideEachOther() throws Exception {
    Held held = locks.acquire("a", Mode.SHARED, QUIET);
    try (ChildJvm child = child("a", Mode.SHARED)) {
      assertThat(child.line()).isEqualTo("held");
      held.close();
      assertThat(attempt("a", Mode.EXCLUSIVE)).isEmpty();
    }
  }

  @Test
  void aKilledJvmHoldsNothingAndIsNotNamed() throws Exception {
    try (ChildJvm child = child("a", Mode.EXCLUSIVE)) {
      assertThat(child.line()).isEqualTo("held");
      child.kill();
    }
    assertThat(locks.holder("a")).isEmpty();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isPresent();
  }

  @Test
  void cancellationEndsTheWait() throws Exception {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    CancellationToken token = CancellationToken.create();
    Future<Held> waiting =
        threads.submit(
            () -> locks.acquire("a", Mode.EXCLUSIVE, new OperationContext(token, Events.silent())));
    token.cancel("the test says so");
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(OperationCancelledException.class);
  }

  @Test
  void aTimeLimitEndsTheWait() {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    CancellationToken token = CancellationToken.withTimeout(Duration.ofMillis(20));
    assertThatThrownBy(
            () -> locks.acquire("a", Mode.SHARED, new OperationContext(token, Events.silent())))
        .isInstanceOf(OperationCancelledException.class);
  }

  @Test
  void aListenerHearsForWhomItWaits() throws Exception {
    Held held = locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    CompletableFuture<ProgressEvent> heard = new CompletableFuture<>();
    OperationContext context =
        new OperationContext(CancellationToken.create(), new Events(heard::complete));
    Future<Held> waiting = threads.submit(() -> locks.acquire("a", Mode.EXCLUSIVE, context));
    assertThat(heard.get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            ProgressEvent.Warning.class,
            warning ->
                assertThat(warning.message())
                    .contains("'a'", "process " + ProcessHandle.current().pid()));
    held.close();
    waiting.get().close();
  }

  @Test
  void anInterruptEndsTheWaitAndDropsNoLockOfOthers() throws Exception {
    locks.acquire("held by this thread", Mode.EXCLUSIVE, QUIET);
    CountDownLatch begun = new CountDownLatch(1);
    Future<Boolean> interrupted =
        threads.submit(
            () -> {
              Thread.currentThread().interrupt();
              begun.countDown();
              Held other = attempt("free", Mode.EXCLUSIVE).orElseThrow();
              other.close();
              assertThatThrownBy(() -> locks.acquire("held by this thread", Mode.SHARED, QUIET))
                  .isInstanceOf(OperationCancelledException.class);
              return Thread.interrupted();
            });
    assertThat(interrupted.get()).isTrue();
    try (ChildJvm child = child("held by this thread", Mode.SHARED)) {
      assertThat(child.line()).isEqualTo("refused");
    }
  }

  @Test
  void twoClassLoadersShareTheTable() throws Exception {
    Held held = locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    try (URLClassLoader loader = stranger()) {
      assertThat(attemptOf(loader, "a")).isEmpty();
      Optional<AutoCloseable> other = attemptOf(loader, "b");
      assertThat(other).isPresent();
      assertThat(attempt("b", Mode.SHARED)).isEmpty();
      other.get().close();
      try (ChildJvm child = child("a", Mode.SHARED)) {
        assertThat(child.line()).isEqualTo("refused");
      }
      held.close();
      assertThat(attemptOf(loader, "a")).isPresent();
    }
  }

  private static URLClassLoader stranger() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    URL[] urls =
        Arrays.stream(path.split(java.io.File.pathSeparator))
            .map(LocksTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("unchecked")
  private Optional<AutoCloseable> attemptOf(ClassLoader loader, String key) throws Exception {
    Class<?> foreign = loader.loadClass(Locks.class.getName());
    assertThat(foreign).isNotEqualTo(Locks.class);
    Class<?> disk = loader.loadClass(Disk.class.getName());
    Class<?> context = loader.loadClass(OperationContext.class.getName());
    Class<?> mode = loader.loadClass(Mode.class.getName());
    Object strangeLocks =
        foreign
            .getMethod("at", Path.class, disk)
            .invoke(null, folder.resolve("lock"), disk.getMethod("real").invoke(null));
    return (Optional<AutoCloseable>)
        foreign
            .getMethod("tryAcquire", String.class, mode, context)
            .invoke(
                strangeLocks,
                key,
                mode.getEnumConstants()[1],
                context.getMethod("silent").invoke(null));
  }

  @Test
  void aLockFileThatSomebodyDeletedIsMadeAgainAndExcludes() throws Exception {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET).close();
    Files.delete(folder.resolve("lock/locks"));
    locks.acquire("a", Mode.EXCLUSIVE, QUIET);
    try (ChildJvm child = child("a", Mode.EXCLUSIVE)) {
      assertThat(child.line()).isEqualTo("refused");
    }
  }

  @Test
  void withoutLocksInTheFileSystemThreadsStillExcludeEachOtherAndOneWarningIsHeard() {
    List<String> heard = new ArrayList<>();
    OperationContext context =
        new OperationContext(
            CancellationToken.create(), new Events(event -> heard.add(event.toString())));
    Locks lockless = Locks.at(folder.resolve("lockless"), new LocklessDisk());
    Held held = lockless.acquire("a", Mode.EXCLUSIVE, context);
    assertThat(lockless.tryAcquire("a", Mode.EXCLUSIVE, context)).isEmpty();
    held.close();
    assertThat(lockless.tryAcquire("a", Mode.EXCLUSIVE, context)).isPresent();
    assertThat(heard).singleElement().asString().contains("has no file locks", "local disk");
  }

  @Test
  void aFullDiskKeepsNobodyFromTakingALockThatIsThere() {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET).close();
    Locks full = Locks.at(folder.resolve("lock"), FaultyDisk.failingAt(1, FaultyDisk.Fault.FULL));
    full.acquire("a", Mode.EXCLUSIVE, QUIET).close();
    assertThat(attempt("a", Mode.EXCLUSIVE)).isPresent();
  }

  @Test
  void aFolderThatCannotBeMadeIsExplained() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Locks impossible = Locks.at(file.resolve("lock"), Disk.real());
    assertThatThrownBy(() -> impossible.acquire("a", Mode.SHARED, QUIET))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("lock");
  }

  @Test
  void nothingButTheLockFileIsLeft() throws Exception {
    locks.acquire("a", Mode.EXCLUSIVE, QUIET).close();
    try (Stream<Path> files = Files.list(folder.resolve("lock"))) {
      assertThat(files).containsExactly(folder.resolve("lock/locks"));
    }
  }
}

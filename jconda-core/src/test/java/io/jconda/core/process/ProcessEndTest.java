package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.process.CommandResult;
import io.jconda.process.RunningCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessEndTest {
  @TempDir Path folder;
  private FakePrefix prefix;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CommandRunner runner = new CommandRunner(System.getenv(), executor);

  @BeforeEach
  void makePrefix() throws IOException {
    prefix = FakePrefix.in(folder.resolve("env"));
  }

  @AfterEach
  void close() {
    runner.close();
    executor.shutdownNow();
  }

  private static String mark(String name) {
    return "JCONDA_TEST_MARK=" + name + "-" + ProcessHandle.current().pid();
  }

  private io.jconda.process.Command marked(String name, OperationContext context, String script) {
    String[] mark = mark(name).split("=", -1);
    return prefix.command(runner, context, "/bin/sh", "-c", script).variable(mark[0], mark[1]);
  }

  private static void assumeLinux() {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/environ")),
        "SKIPPED: only Linux shows the environment of a process to this test");
  }

  @Test
  void aTimeLimitEndsTheWholeTree() {
    assumeLinux();
    assertThatThrownBy(
            () ->
                marked("limit", OperationContext.silent(), "sleep 60 & sh -c 'sleep 60; :'; :")
                    .timeout(Duration.ofMillis(300))
                    .run())
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("time limit of PT0.3S");
    assertThat(Carriers.of(mark("limit"))).isEmpty();
  }

  @Test
  void whoIgnoresTheRequestIsForced() {
    assumeLinux();
    assertThatThrownBy(
            () ->
                marked("deaf", OperationContext.silent(), "trap '' TERM; while :; do sleep 1; done")
                    .timeout(Duration.ofMillis(300))
                    .run())
        .isInstanceOf(OperationCancelledException.class);
    assertThat(Carriers.of(mark("deaf"))).isEmpty();
  }

  @Test
  void whoDetachedItselfIsFoundByItsCookie() {
    assumeLinux();
    assertThatThrownBy(
            () ->
                marked(
                        "detached",
                        OperationContext.silent(),
                        "(setsid sleep 60 >/dev/null 2>&1 &) ; sleep 60")
                    .timeout(Duration.ofMillis(500))
                    .run())
        .isInstanceOf(OperationCancelledException.class);
    assertThat(Carriers.of(mark("detached"))).isEmpty();
  }

  @Test
  void cancellingTheOperationEndsTheCommand() throws Exception {
    assumeLinux();
    CancellationToken token = CancellationToken.create();
    CountDownLatch running = new CountDownLatch(1);
    OperationContext context = new OperationContext(token, Events.silent());
    Thread canceller =
        new Thread(
            () -> {
              try {
                running.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              token.cancel("it was enough");
            });
    canceller.start();
    assertThatThrownBy(
            () ->
                marked("token", context, "echo up; sleep 60; :")
                    .onLine(line -> running.countDown())
                    .run())
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("it was enough");
    canceller.join();
    assertThat(Carriers.of(mark("token"))).isEmpty();
  }

  @Test
  void anInterruptEndsTheCommandAndKeepsTheFlag() throws Exception {
    assumeLinux();
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                marked("interrupt", OperationContext.silent(), "echo up; sleep 60; :")
                    .onLine(line -> running.countDown())
                    .run();
              } catch (RuntimeException e) {
                thrown.set(e);
              }
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    running.await();
    caller.interrupt();
    caller.join();
    assertThat(thrown.get())
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("interrupted");
    assertThat(flag.get()).isTrue();
    assertThat(Carriers.of(mark("interrupt"))).isEmpty();
  }

  @Test
  void cancellingTheAsyncCommandReallyEndsItAndSparesItsOperation() throws Exception {
    assumeLinux();
    CountDownLatch running = new CountDownLatch(1);
    OperationContext context = OperationContext.silent();
    Operation<CommandResult> operation =
        marked("async", context, "echo up; sleep 60; :")
            .onLine(line -> running.countDown())
            .runAsync();
    running.await();
    assertThat(operation.cancel()).isTrue();
    assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
    assertThat(operation.isCancelled()).isTrue();
    assertThat(context.token().isCancelled()).isFalse();
    assertThat(Carriers.of(mark("async"))).isEmpty();
  }

  @Test
  void aStartedCommandIsTalkedToThroughItsStreams() throws IOException {
    try (RunningCommand cat = prefix.command(runner, "cat").start()) {
      try (OutputStream in = cat.stdin()) {
        in.write("hello\n".getBytes(StandardCharsets.UTF_8));
      }
      BufferedReader out =
          new BufferedReader(new InputStreamReader(cat.stdout(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("hello");
      assertThat(cat.waitFor()).isZero();
      assertThat(cat.isAlive()).isFalse();
    }
  }

  @Test
  void closingAStartedCommandEndsIt() {
    RunningCommand sleep = prefix.command(runner, "sleep", "60").start();
    assertThat(sleep.isAlive()).isTrue();
    assertThat(sleep.waitFor(Duration.ofMillis(20))).isEmpty();
    assertThat(ProcessHandle.of(sleep.pid())).isPresent();
    sleep.close();
    sleep.close();
    assertThat(sleep.isAlive()).isFalse();
    assertThat(sleep.waitFor(Duration.ofSeconds(1))).contains(143);
  }

  @Test
  void aStartedCommandObeysItsTimeLimitThoughNobodyWaits() {
    RunningCommand sleep =
        prefix.command(runner, "sleep", "60").timeout(Duration.ofMillis(200)).start();
    Carriers.await("the end of the program", () -> !sleep.isAlive());
    assertThatThrownBy(sleep::waitFor)
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("time limit");
  }

  @Test
  void aStartedCommandObeysTheTokenThoughNobodyWaits() {
    CancellationToken token = CancellationToken.create();
    RunningCommand sleep =
        prefix.command(runner, new OperationContext(token, Events.silent()), "sleep", "60").start();
    token.cancel("it was enough");
    Carriers.await("the end of the program", () -> !sleep.isAlive());
  }

  @Test
  void closingTheRunnerEndsAll() {
    List<RunningCommand> many = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      many.add(prefix.command(runner, "sleep", "60").start());
    }
    runner.close();
    assertThat(many).noneMatch(RunningCommand::isAlive);
    assertThatThrownBy(() -> many.get(0).waitFor())
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("client was closed");
  }

  @Test
  void closingTheRunnerEndsWhatCommandsLeftInTheBackground() {
    assumeLinux();
    marked("left", OperationContext.silent(), "sleep 60 >/dev/null 2>&1 &").run();
    assertThat(Carriers.of(mark("left"))).hasSize(1);
    runner.close();
    assertThat(Carriers.of(mark("left"))).isEmpty();
  }

  @Test
  void manyCommandsLeaveNoProcessThreadOrDescriptor() throws Exception {
    assumeLinux();
    for (int i = 0; i < 5; i++) {
      prefix.command(runner, "true").run();
    }
    long descriptors = descriptors();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    for (int i = 0; i < 1000; i++) {
      assertThat(marked("many", OperationContext.silent(), "echo " + i).run().stdout())
          .isEqualTo(i + "\n");
    }
    List<Operation<CommandResult>> atOnce = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      atOnce.add(marked("many", OperationContext.silent(), "cat; echo " + i).stdin("x").runAsync());
    }
    for (int i = 0; i < 50; i++) {
      assertThat(atOnce.get(i).await().stdout()).isEqualTo("x" + i + "\n");
    }
    assertThat(Carriers.of(mark("many"))).isEmpty();
    Carriers.await(
        "the end of our threads",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().matches("jconda-(in|out|err|end)-.*")));
    Carriers.await("the descriptors to be given back", () -> descriptors() <= descriptors + 3);
  }

  private static long descriptors() {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

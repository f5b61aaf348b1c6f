package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.process.CommandResult;
import io.jconda.process.RunningCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands in an environment with a real Python, as users do. */
@Timeout(180)
class EmbeddedCommandsTest {
  @TempDir static Path folder;
  private static CondaClient client;
  private static Environment env;

  @BeforeAll
  static void makeEnvironment() {
    client = CondaClient.builder().root(ChannelWorld.root()).build();
    env =
        client
            .env(folder.resolve("env"))
            .channel("embedded:")
            .compileBytecode(false)
            .python("3.13")
            .create();
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @Test
  void theInterpreterIsTheEnvironmentsOwn() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("where.py"), "import sys; print(sys.prefix, sys.argv[1:])\n");
    assertThat(env.python(script, "a b", "*").run().stdout())
        .isEqualTo(env.prefix() + " ['a b', '*']\n");
    assertThat(env.pythonModule("sysconfig").run().orThrow().stdout())
        .contains(env.prefix().toString());
  }

  @Test
  void aThousandCommandsAndFiftyPythonsAtOnceLeaveNothingBehind() {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fd")),
        "SKIPPED: only Linux shows the descriptors of a process to this test");
    assertThat(env.run("true").exitCode()).isZero();
    assertThat(env.pythonCode("print(0)").runAsync().await().stdout()).isEqualTo("0\n");
    long descriptors = descriptors();
    Set<Long> processes = children();

    for (int i = 0; i < 1000; i++) {
      assertThat(env.run("true").exitCode()).isZero();
    }
    List<Operation<CommandResult>> atOnce = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      atOnce.add(
          env.pythonCode("import sys; print(int(sys.stdin.read()) + 1)").stdin("" + i).runAsync());
    }
    for (int i = 0; i < 50; i++) {
      assertThat(atOnce.get(i).await().orThrow().stdout()).isEqualTo((i + 1) + "\n");
    }

    await(() -> processes.containsAll(children()), "the end of all processes");
    await(() -> descriptors() <= descriptors + 3, "the descriptors to be given back");
    await(() -> ofCommands() == 0, "the end of all threads of commands");
  }

  @Test
  void aHostilePythonEndsAtItsTimeLimitWithAllThatItStarted() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("hostile.py"),
            """
            import os, signal, subprocess, sys, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            sleeper = [sys.executable, '-c',
                       'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(120)']
            subprocess.Popen(sleeper, start_new_session=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(120)
                os._exit(0)
            while True:
                os.write(1, b'\\xff\\xfe flood \\n' * 1000)
            """);
    Set<Long> before = children();
    assertThatThrownBy(
            () -> env.python(script).maxOutput(10_000).timeout(Duration.ofMillis(1500)).run())
        .isInstanceOf(OperationCancelledException.class);
    await(() -> before.containsAll(children()), "the end of all that it started");
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertThat(ofPython()).as("processes of the environment's Python").isZero();
    }
  }

  @Test
  void aServerIsStartedTalkedToAndEnded() throws IOException {
    RunningCommand echo =
        env.pythonCode("for line in iter(input, 'end'): print(line.upper(), flush=True)").start();
    try (echo;
        BufferedReader out =
            new BufferedReader(new InputStreamReader(echo.stdout(), StandardCharsets.UTF_8))) {
      echo.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
      echo.stdin().flush();
      assertThat(out.readLine()).isEqualTo("HELLO");
      assertThat(echo.isAlive()).isTrue();
    }
    assertThat(echo.isAlive()).isFalse();
  }

  private static Set<Long> children() {
    Set<Long> pids = new HashSet<>();
    ProcessHandle.current().descendants().forEach(process -> pids.add(process.pid()));
    return pids;
  }

  /** Counts the processes of the machine whose program lies in the environment. */
  private static long ofPython() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().command().filter(c -> c.startsWith(env.prefix() + "/")).isPresent())
        .count();
  }

  private static long ofCommands() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("jconda-(in|out|err|end)-.*"))
        .count();
  }

  private static long descriptors() {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time for " + what).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}

package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.CanIgnoreReturnValue;
import io.jconda.core.host.OutgoingBlocks.Content;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.spec.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class GuardTest {
  private final String mark = "JCONDA_TEST_MARK=" + UUID.randomUUID();

  /** Starts a sleeper that detaches itself, says so, and waits to be killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) {
      CommandRunner runner = new CommandRunner(System.getenv(), Runnable::run);
      Activation activation = Activation.builder(Platform.current()).build();
      try {
        Path shared =
            runner.newSharedFolder().outgoing().write(Content.of(ByteBuffer.allocate(100_000)));
        System.out.println("shared " + shared);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String script = "(setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' &) ; " + args[0];
      runner
          .command(
              Path.of("/"), activation, List.of("/bin/sh", "-c", script), OperationContext.silent())
          .onLine(System.out::println)
          .run();
      System.out.println("ended");
    }
  }

  @BeforeEach
  void assumeLinux() {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/environ")),
        "SKIPPED: only Linux shows the environment of a process to this test");
  }

  private Process victim(String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            script);
    Map<String, String> environment = builder.environment();
    environment.put(mark.substring(0, mark.indexOf('=')), mark.substring(mark.indexOf('=') + 1));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  @CanIgnoreReturnValue
  private static String awaitLine(Process process, String wanted) throws Exception {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line;
    String shared = "";
    do {
      line = out.readLine();
      assertThat(line).as("the victim's output").isNotNull();
      if (line.startsWith("shared ")) {
        shared = line.substring("shared ".length());
      }
    } while (!line.equals(wanted));
    return shared;
  }

  @Test
  void nothingIsLeftOfAKilledJvmNotEvenWhatDetachedItself() throws Exception {
    Process victim = victim("echo up; sleep 60");
    awaitLine(victim, "up");
    assertThat(Carriers.of(mark)).as("the victim and its children").hasSizeGreaterThan(3);
    victim.destroyForcibly().waitFor();
    Carriers.await("the end of all that the victim started", () -> living().isEmpty());
  }

  @Test
  void nothingIsLeftOfAJvmThatEnded() throws Exception {
    Process victim = victim("echo up");
    awaitLine(victim, "ended");
    victim.waitFor();
    Carriers.await("the end of all that the victim started", () -> living().isEmpty());
  }

  private List<Long> living() {
    // the guard does not carry our mark: its environment holds what it needs and no more
    return Carriers.of(mark);
  }

  @Test
  void nothingIsLeftInSharedMemoryOfAKilledJvm() throws Exception {
    Process victim = victim("echo up; sleep 60");
    Path shared = Path.of(awaitLine(victim, "up"));
    assertThat(shared).isRegularFile();
    Path ofProcess = Objects.requireNonNull(shared.getParent());
    Path ofJvm = Objects.requireNonNull(ofProcess.getParent());
    assertThat(Files.getPosixFilePermissions(ofProcess))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    victim.destroyForcibly().waitFor();
    Carriers.await("the end of the file", () -> !Files.exists(ofJvm));
  }

  @Test
  void theGuardItselfEndsWhenItsWorkIsDone() throws Exception {
    Process victim = victim("echo up; sleep 60");
    awaitLine(victim, "up");
    List<ProcessHandle> guards =
        victim
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains("jconda-guard"))
            .toList();
    assertThat(guards).hasSize(1);
    victim.destroyForcibly().waitFor();
    Carriers.await(
        "the end of the guard",
        () -> guards.stream().noneMatch(g -> g.isAlive() && !g.info().command().isEmpty()));
  }

  @Test
  void aCookieIsAddedToThoseOfTheJvmsAroundUs() {
    String cookie = Guard.ofThisJvm().newRunnerCookie();
    assertThat(Guard.value(cookie)).endsWith(cookie);
    assertThat(Guard.ofThisJvm().newRunnerCookie()).isNotEqualTo(cookie);
    Guard.ofThisJvm().ensureStarted();
    long pid = Guard.ofThisJvm().pid();
    Guard.ofThisJvm().ensureStarted();
    assertThat(pid).isPositive().isEqualTo(Guard.ofThisJvm().pid());
  }
}

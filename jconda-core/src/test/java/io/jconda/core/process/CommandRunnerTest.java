package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.StorageException;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.RunningCommand;
import io.jconda.process.Signal;
import io.jconda.spec.Platform;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandRunnerTest {
  @TempDir Path folder;
  private FakePrefix prefix;
  private final CommandRunner runner = new CommandRunner(System.getenv(), Runnable::run);

  @BeforeEach
  void makePrefix() throws IOException {
    prefix = FakePrefix.in(folder.resolve("env"));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private CommandResult sh(String script) {
    return prefix.command(runner, "/bin/sh", "-c", script).run();
  }

  @Test
  void theResultHoldsBothOutputsAndTheExitCode() {
    CommandResult result = sh("echo out; echo err >&2; exit 3");
    assertThat(result.stdout()).isEqualTo("out\n");
    assertThat(result.stderr()).isEqualTo("err\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.truncated()).isFalse();
    assertThat(result.duration()).isPositive();
    assertThat(result.command()).containsExactly("/bin/sh", "-c", "echo out; echo err >&2; exit 3");
    assertThatThrownBy(result::orThrow)
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("err");
  }

  @Test
  void successPassesThroughOrThrow() {
    CommandResult result = sh("echo fine");
    assertThat(result.orThrow()).isSameAs(result);
  }

  @Test
  void theEnvironmentsProgramComesBeforeThatOfThePath() throws IOException {
    prefix.program("ls", "echo mine");
    assertThat(prefix.command(runner, "ls").run().stdout()).isEqualTo("mine\n");
    assertThat(prefix.command(runner, "expr", "1", "+", "1").run().stdout()).isEqualTo("2\n");
  }

  @Test
  void aMissingProgramIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> prefix.command(runner, "no-such-program", "x").run())
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("no-such-program")
        .hasMessageContaining("install the package that brings it");
  }

  @Test
  void aFileThatIsNoProgramIsExplained() throws IOException {
    Path broken = folder.resolve("env/bin/broken");
    prefix.program("broken", "");
    Files.writeString(broken, "#!/no/such/interpreter\n");
    assertThatThrownBy(() -> prefix.command(runner, "broken").run())
        .isInstanceOfSatisfying(
            CommandFailedException.class, e -> assertThat(e.exitCode()).isEqualTo(-1))
        .hasMessageContaining(broken.toString());
  }

  @Test
  void argumentsArriveAsTheyAreGiven() throws IOException {
    prefix.program("show", "for a in \"$@\"; do echo \"<$a>\"; done");
    assertThat(prefix.command(runner, "show", "a b", "*", "$HOME", "", "\"q'").run().stdout())
        .isEqualTo("<a b>\n<*>\n<$HOME>\n<>\n<\"q'>\n");
  }

  @Test
  void theProgramStartsInItsDirectory() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there")).toRealPath();
    assertThat(prefix.command(runner, "pwd").directory(there).run().stdout())
        .isEqualTo(there + "\n");
    assertThatThrownBy(
            () -> prefix.command(runner, "pwd").directory(folder.resolve("not there")).run())
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("not there");
  }

  @Test
  void theCallersVariablesWinOverActivation() {
    Command show = prefix.command(runner, "/bin/sh", "-c", "echo $CONDA_DEFAULT_ENV-$GREETING");
    assertThat(show.run().stdout()).isEqualTo("fake-\n");
    assertThat(show.variable("GREETING", "hi").withoutVariable("CONDA_DEFAULT_ENV").run().stdout())
        .isEqualTo("-hi\n");
    assertThatThrownBy(() -> show.variable("A=B", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyMethodThatSetsLeavesTheCommandAsItWas() {
    Command plain = prefix.command(runner, "/bin/sh", "-c", "cat; echo $A");
    assertThat(plain.stdin("text").variable("A", "1").run().stdout()).isEqualTo("text1\n");
    assertThat(plain.run().stdout()).isEqualTo("\n");
  }

  @Test
  void standardInputComesFromTextOrAFile() throws IOException {
    String text = "größer\n".repeat(50_000);
    assertThat(prefix.command(runner, "cat").stdin(text).run().stdout()).isEqualTo(text);
    Path file = Files.writeString(folder.resolve("input"), "from a file");
    assertThat(prefix.command(runner, "cat").stdin(file).run().stdout()).isEqualTo("from a file");
    assertThatThrownBy(() -> prefix.command(runner, "cat").stdin(folder.resolve("none")).run())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("none");
  }

  @Test
  void textIsWrittenInTheCommandsCharset() {
    CommandResult result =
        prefix
            .command(runner, "od", "-An", "-tx1")
            .charset(StandardCharsets.ISO_8859_1)
            .stdin("\u00e4")
            .run();
    assertThat(result.stdout().strip()).isEqualTo("e4");
  }

  @Test
  void anAsynchronousCommandIsAFutureLikeAnyOther() throws Exception {
    CompletableFuture<Integer> length =
        prefix
            .command(runner, "echo", "four")
            .runAsync()
            .thenApply(result -> result.stdout().strip().length())
            .toCompletableFuture();
    assertThat(length.get(30, TimeUnit.SECONDS)).isEqualTo(4);
  }

  @Test
  void standardInputComesFromAStreamThatIsNotClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream("of the stream\n".getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    assertThat(prefix.command(runner, "cat").stdin(stream).run().stdout())
        .isEqualTo("of the stream\n");
    assertThat(closed).isFalse();
    assertThat(prefix.command(runner, "cat").stdin(stream).run().stdout()).isEmpty();
  }

  @Test
  void aStreamThatFailsEndsTheProgramAndIsHeardOf() {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] buffer, int from, int length) throws IOException {
            throw new IOException("the line is dead");
          }
        };
    assertThatThrownBy(() -> prefix.command(runner, "cat").stdin(broken).run())
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("the line is dead");
  }

  @Test
  void bothOutputsAreCopiedToAFile() throws IOException {
    Path copy = Files.writeString(folder.resolve("copy.log"), "what was there before\n");
    CommandResult result =
        prefix
            .command(runner, "/bin/sh", "-c", "echo out; echo err >&2; head -c 100000 /dev/zero")
            .teeTo(copy)
            .maxOutput(1000)
            .run();
    assertThat(result.truncated()).isTrue();
    byte[] bytes = Files.readAllBytes(copy);
    assertThat(bytes).hasSize(100_008);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("out\n").contains("err\n");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path nowhere = folder.resolve("no folder/copy.log");
    assertThatThrownBy(
            () -> prefix.command(runner, "/bin/sh", "-c", "sleep 60").teeTo(nowhere).run())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(nowhere.toString());
  }

  @Test
  void linesGoToALogger() {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      prefix
          .command(runner, "/bin/sh", "-c", "echo said; echo wailed >&2")
          .logTo("train.step")
          .run();
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("INFO train.step - said")
        .contains("WARN train.step - wailed");
  }

  @Test
  void aProgramNeedNotReadItsInput() {
    CommandResult result =
        prefix.command(runner, "/bin/sh", "-c", "exit 0").stdin("x".repeat(1_000_000)).run();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void mergedErrorsKeepTheirOrder() {
    CommandResult result =
        prefix.command(runner, "/bin/sh", "-c", "echo 1; echo 2 >&2; echo 3").mergeErrors().run();
    assertThat(result.stdout()).isEqualTo("1\n2\n3\n");
    assertThat(result.stderr()).isEmpty();
  }

  @Test
  void listenersHearLinesAndTheResultHoldsThemToo() {
    List<String> out = Collections.synchronizedList(new ArrayList<>());
    List<String> err = Collections.synchronizedList(new ArrayList<>());
    CommandResult result =
        prefix
            .command(runner, "/bin/sh", "-c", "printf 'a\\nb\\r\\nc\\rd'; echo oops >&2")
            .onLine(out::add)
            .onErrorLine(err::add)
            .run();
    assertThat(out).containsExactly("a", "b", "c", "d");
    assertThat(err).containsExactly("oops");
    assertThat(result.stdout()).isEqualTo("a\nb\r\nc\rd");
  }

  @Test
  void aListenerThatThrowsEndsTheProgramAndIsHeardOf() {
    IllegalStateException failure = new IllegalStateException("enough");
    Command endless =
        prefix
            .command(runner, "/bin/sh", "-c", "while :; do echo y; done")
            .onLine(
                line -> {
                  throw failure;
                });
    assertThatThrownBy(endless::run).isSameAs(failure);
  }

  @Test
  void contradictionsAreRefusedWhereTheyAreMade() {
    Command command = prefix.command(runner, "true");
    assertThatThrownBy(() -> command.inheritIO().onLine(line -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> command.mergeErrors().onErrorLine(line -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> command.onLine(line -> {}).start())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> prefix.command(runner)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void invalidBytesBecomeReplacementCharacters() {
    CommandResult result = sh("printf 'a\\377b\\n'");
    assertThat(result.stdout()).isEqualTo("a\uFFFDb\n");
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Command latin =
        prefix
            .command(runner, "/bin/sh", "-c", "printf 'a\\344b\\n'")
            .charset(StandardCharsets.ISO_8859_1)
            .onLine(lines::add);
    assertThat(latin.run().stdout()).isEqualTo("aäb\n");
    assertThat(lines).containsExactly("aäb");
  }

  @Test
  void aFloodIsKeptInBoundedMemory() {
    CommandResult result =
        prefix
            .command(
                runner,
                "/bin/sh",
                "-c",
                "echo FIRST; head -c 30000000 /dev/zero | tr '\\0' x; echo; echo LAST")
            .maxOutput(1000)
            .run();
    assertThat(result.truncated()).isTrue();
    assertThat(result.stdout())
        .startsWith("FIRST\n")
        .endsWith("LAST\n")
        .contains("bytes are left out here")
        .hasSizeLessThan(1200);
  }

  @Test
  void whatAProgramLeavesInTheBackgroundDoesNotHoldUpItsResult() {
    long before = System.nanoTime();
    CommandResult result = sh("sleep 30 & echo started");
    assertThat(result.stdout()).isEqualTo("started\n");
    assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(15_000);
  }

  @Test
  void aProgramThatClosesItsStreamsIsWaitedFor() {
    assertThat(sh("exec >&- 2>&- <&-; sleep 0.2; exit 7").exitCode()).isEqualTo(7);
  }

  @Test
  void aProgramHearsSignals() throws IOException {
    // neither INT nor HUP: a shell cannot trap what was ignored when it started, as INT is for
    // background jobs, and HUP under nohup
    String script =
        "trap 'echo second' USR2; trap 'echo usr; exit 5' USR1; echo up; while :; do sleep 0.05; done";
    try (RunningCommand running = prefix.command(runner, "/bin/sh", "-c", script).start();
        BufferedReader out =
            new BufferedReader(new InputStreamReader(running.stdout(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("up");
      running.signal(Signal.USER_2);
      assertThat(out.readLine()).isEqualTo("second");
      running.signal(Signal.USER_1);
      assertThat(out.readLine()).isEqualTo("usr");
      assertThat(running.waitFor()).isEqualTo(5);
      running.signal(Signal.USER_1);
    }
  }

  @Test
  void aSignalShowsInTheExitCode() {
    assertThat(sh("kill -9 $$").exitCode()).isEqualTo(137);
  }

  @Test
  void nothingOfTheParentsPythonReachesTheProgram() throws IOException {
    CommandRunner polluted =
        new CommandRunner(
            Map.of("PATH", System.getenv("PATH"), "PYTHONPATH", "/evil", "CONDA_EXE", "/conda"),
            Runnable::run);
    try (polluted) {
      Activation activation =
          Activator.activate(
              prefix.path(), "fake", Platform.current(), polluted.parentEnvironment());
      CommandResult result =
          polluted
              .command(prefix.path(), activation, List.of("env"), OperationContext.silent())
              .run();
      assertThat(result.stdout())
          .contains("CONDA_PREFIX=" + prefix.path())
          .contains("PYTHONNOUSERSITE=1")
          .contains(Guard.VARIABLE + "=")
          .doesNotContain("PYTHONPATH")
          .doesNotContain("CONDA_EXE");
    }
  }

  @Test
  void aClosedRunnerStartsNothing() {
    runner.close();
    assertThatThrownBy(() -> sh("true"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("closed");
  }
}

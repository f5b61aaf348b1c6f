package io.jconda.core.process;

import io.jconda.process.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a program to its end and gathers what it says. */
final class CommandRun {
  /**
   * How long an output must have been silent after the program's end for us to say that whoever
   * still holds it is not the program.
   */
  private static final Duration QUIET = Duration.ofMillis(250);

  private static final Duration SLICE = Duration.ofMillis(20);

  /**
   * How often in a row an output must be found silent: on a machine with more to do than it can,
   * the thread that reads may wait longer for its turn than a silence lasts, but not while this one
   * has so many.
   */
  private static final int LOOKS = 10;

  private final CommandSettings settings;
  private final RunningProcess process;
  private final List<OutputPump> pumps = new ArrayList<>();
  private final @Nullable OutputPump out;
  private final @Nullable OutputPump err;
  private int silentLooks;

  private CommandRun(CommandSettings settings, Tee tee, RunningProcess process) {
    this.settings = settings;
    this.process = process;
    if (settings.inheritsIO()) {
      this.out = null;
      this.err = null;
      return;
    }
    this.out =
        OutputPump.start(
            "jconda-out-" + process.pid(),
            process.stdout(),
            settings.charset(),
            settings.maxOutput(),
            tee.listener(settings.onLine(), false),
            tee.copies());
    pumps.add(out);
    if (settings.mergesErrors()) {
      this.err = null;
      return;
    }
    this.err =
        OutputPump.start(
            "jconda-err-" + process.pid(),
            process.stderr(),
            settings.charset(),
            settings.maxOutput(),
            tee.listener(settings.onErrorLine(), true),
            tee.copies());
    pumps.add(err);
  }

  static CommandResult toItsEnd(
      CommandSettings settings, CommandRunner runner, RunningProcess process) {
    try (Tee tee = Tee.open(settings, runner.disk())) {
      return new CommandRun(settings, tee, process).toItsEnd();
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private CommandResult toItsEnd() {
    process.feed();
    if (settings.input() instanceof CommandSettings.NoInput
        || settings.input() instanceof CommandSettings.FileInput) {
      process.closeStdin();
    }
    int exitCode = process.waitFor(this::throwIfListenerFailed);
    long end = System.nanoTime();
    long nanos = process.nanosSinceStart();
    process.waitUntil(() -> isDrained(end));
    throwIfListenerFailed();
    pumps.forEach(OutputPump::detach);
    process.forget();
    return CommandResult.builder(settings.line())
        .exitCode(exitCode)
        .stdout(out == null ? "" : out.text())
        .stderr(err == null ? "" : err.text())
        .truncated(pumps.stream().anyMatch(OutputPump::isTruncated))
        .duration(Duration.ofNanos(nanos))
        .build();
  }

  private void throwIfListenerFailed() {
    pumps.stream()
        .map(OutputPump::listenerFailure)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** Tells, waiting for a moment, whether all that the program wrote has been read. */
  private boolean isDrained(long end) throws InterruptedException {
    boolean ended = true;
    for (OutputPump pump : pumps) {
      if (pump.awaitEnd(SLICE)) {
        continue;
      }
      ended = false;
      if (!pump.isIdle(QUIET, end)) {
        silentLooks = 0;
        return false;
      }
    }
    return ended || ++silentLooks >= LOOKS;
  }
}

package io.jconda.core.process;

import io.jconda.CondaException;
import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.RunningCommand;
import io.jconda.process.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Is one process of ours, from its start until nothing is left of it. */
final class RunningProcess implements RunningCommand {
  private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);

  /** How soon a waiting thread sees a cancellation. */
  private static final long SLICE_MILLIS = 50;

  private final CommandSettings settings;
  private final Process process;
  private final ProcessTree tree;
  private final CancellationToken token;
  private final Consumer<RunningProcess> onForget;
  private final long startedAt = System.nanoTime();

  /** Why we ended it, once we did. */
  private final AtomicReference<@Nullable Supplier<CondaException>> stopped =
      new AtomicReference<>();

  RunningProcess(
      CommandSettings settings,
      Process process,
      String cookie,
      CancellationToken token,
      Consumer<RunningProcess> onForget) {
    this.settings = settings;
    this.process = process;
    this.tree = ProcessTree.of(process.toHandle(), cookie);
    this.token = token;
    this.onForget = onForget;
  }

  /** Looks at something, waiting a little for it. */
  @FunctionalInterface
  interface Condition {
    boolean isMet() throws InterruptedException;
  }

  /** Gives the program what it is to read, without waiting for it to do so. */
  void feed() {
    if (settings.input() instanceof CommandSettings.TextInput input) {
      byte[] bytes = input.text().getBytes(settings.charset());
      startDaemon("jconda-in-" + pid(), () -> write(out -> out.write(bytes)));
    } else if (settings.input() instanceof CommandSettings.StreamInput input) {
      startDaemon("jconda-in-" + pid(), () -> write(out -> copy(input.stream(), out)));
    }
  }

  /** Lets the program see the end of its standard input. */
  void closeStdin() {
    close(process.getOutputStream());
  }

  /** Writes to the program's standard input. */
  private interface Feeding {
    void to(OutputStream out) throws IOException;
  }

  private void write(Feeding feeding) {
    try (OutputStream out = process.getOutputStream()) {
      feeding.to(out);
    } catch (IOException e) {
      // a program need not read what it is given
      LOG.debug("{} did not read all of its standard input", pid(), e);
    }
  }

  /** Copies what comes as it comes; a failure to read is not the program's, and ends it. */
  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[16_384];
    while (true) {
      int count;
      try {
        count = from.read(buffer);
      } catch (IOException | RuntimeException e) {
        stop(() -> unreadable(e));
        return;
      }
      if (count < 0) {
        return;
      }
      to.write(buffer, 0, count);
      to.flush();
    }
  }

  private CondaException unreadable(Exception cause) {
    return new CondaException(
        "%s was ended: the stream that it was to read failed (%s).".formatted(named(), cause),
        "Look at the cause, and give the command a stream that can be read to its end.",
        cause);
  }

  /** Ends the program at its time limit or cancellation though nobody waits for it. */
  void watch() {
    CancellationToken.Registration registration =
        token.onCancel(() -> startDaemon("jconda-end-" + pid(), () -> stop(this::cancelled)));
    CompletableFuture<?> unused =
        process
            .onExit()
            .thenRun(
                () -> {
                  registration.close();
                  forget();
                });
    Duration limit = settings.timeout();
    long own = limit == null ? Long.MAX_VALUE : saturated(limit);
    long nanos = Math.min(own, token.remaining().toNanos());
    boolean ofOperation = nanos < own;
    if (nanos < Long.MAX_VALUE) {
      CompletableFuture<?> unusedToo =
          process
              .onExit()
              .orTimeout(nanos, TimeUnit.NANOSECONDS)
              .whenComplete(
                  (exited, failure) -> {
                    if (failure instanceof TimeoutException) {
                      Supplier<CondaException> why = ofOperation ? this::cancelled : this::timedOut;
                      startDaemon("jconda-end-" + pid(), () -> stop(why));
                    }
                  });
    }
  }

  private static void startDaemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  @Override
  public void signal(Signal signal) {
    if (!process.isAlive()) {
      return;
    }
    if (signal == Signal.KILL) {
      process.destroyForcibly();
    } else if (signal == Signal.TERMINATE) {
      process.destroy();
    } else {
      Signals.send(process.pid(), signal);
    }
  }

  @Override
  public InputStream stdout() {
    return process.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return process.getErrorStream();
  }

  long nanosSinceStart() {
    return System.nanoTime() - startedAt;
  }

  @Override
  public int waitFor() {
    return waitFor(() -> {});
  }

  /** Waits for the program's end, asking now and then for a reason to give up. */
  int waitFor(Runnable check) {
    waitUntil(
        () -> {
          check.run();
          return process.waitFor(SLICE_MILLIS, TimeUnit.MILLISECONDS);
        });
    throwIfStopped();
    forget();
    return process.exitValue();
  }

  @Override
  public Optional<Integer> waitFor(Duration limit) {
    long deadline = System.nanoTime() + saturated(limit);
    waitUntil(
        () -> {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          return process.waitFor(Math.min(SLICE_MILLIS, Math.max(0, left)), TimeUnit.MILLISECONDS)
              || System.nanoTime() - deadline >= 0;
        });
    throwIfStopped();
    return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
  }

  /** Waits for a condition; ends the program at an interrupt, a cancellation, its time limit. */
  void waitUntil(Condition condition) {
    try {
      while (!condition.isMet()) {
        if (token.isCancelled()) {
          stop(this::cancelled);
        } else if (isOverdue()) {
          stop(this::timedOut);
        }
        throwIfStopped();
      }
    } catch (InterruptedException e) {
      stop(this::interrupted);
      Thread.currentThread().interrupt();
      throwIfStopped();
    }
  }

  private boolean isOverdue() {
    Duration limit = settings.timeout();
    return limit != null && nanosSinceStart() >= saturated(limit);
  }

  private static long saturated(Duration duration) {
    return duration.compareTo(Duration.ofDays(36_500)) > 0
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }

  private void stop(Supplier<CondaException> why) {
    stopped.compareAndSet(null, why);
    endTree();
  }

  private void endTree() {
    tree.end();
    awaitReaped();
    forget();
  }

  /** Waits until Java knows what the system knows: that the process is gone. */
  private void awaitReaped() {
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        LOG.debug("{} was ended, but Java has not seen it", pid());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwIfStopped() {
    Supplier<CondaException> why = stopped.get();
    if (why != null) {
      throw why.get();
    }
  }

  private CondaException cancelled() {
    try {
      token.throwIfCancelled();
    } catch (OperationCancelledException e) {
      return e;
    }
    return new OperationCancelledException(
        "%s was ended with the operation that it belonged to.".formatted(named()),
        "Start it again.");
  }

  private CondaException timedOut() {
    return new OperationCancelledException(
        "%s was ended: its time limit of %s was reached.".formatted(named(), settings.timeout()),
        "Give it more time with timeout(...), or find out what it waits for.");
  }

  private CondaException interrupted() {
    return new OperationCancelledException(
        "%s was ended: the thread that waited for it was interrupted.".formatted(named()),
        "Start it again.");
  }

  private CondaException closed() {
    return new OperationCancelledException(
        "%s was ended: its client was closed.".formatted(named()),
        "Keep the client open until its commands have ended.");
  }

  /** Names the program without its arguments: they may hold secrets. */
  private String named() {
    return "The command '%s' (process %d)".formatted(settings.line().get(0), pid());
  }

  @Override
  public void kill() {
    endTree();
  }

  /** Ends it because nobody may run anything any more. */
  void endWithRunner() {
    stop(this::closed);
  }

  /** Takes it off the books of its runner. */
  void forget() {
    onForget.accept(this);
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
    close(process.getOutputStream());
    close(process.getInputStream());
    close(process.getErrorStream());
  }

  private void close(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      // what could not be flushed had nobody to read it
      LOG.debug("A stream of {} did not close", pid(), e);
    }
  }
}

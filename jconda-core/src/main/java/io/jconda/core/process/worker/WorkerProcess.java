package io.jconda.core.process.worker;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.OperationCancelledException;
import io.jconda.core.host.SharedFolder;
import io.jconda.core.process.OutputPump;
import io.jconda.process.Command;
import io.jconda.process.RunningCommand;
import io.jconda.process.WorkerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is the process of one worker, from its start to its end, and the calls under way. Thread-safe.
 */
final class WorkerProcess {
  /** How long Python may take to end, or to give in to a cancellation, before it is ended. */
  static final Duration GRACE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int REMEMBERED_OUTPUT = 65_536;

  private final RunningCommand process;
  private final List<String> line;
  private final WorkerChannel channel;
  private final OutputPump output;
  private final Links links;
  private final Listeners listeners;
  private final Thread reader;
  private final CompletableFuture<String> version = new CompletableFuture<>();
  private final Map<Long, Conversation> calls = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** Why it cannot be called any more, once it cannot. */
  private final AtomicReference<@Nullable Supplier<CondaException>> ended = new AtomicReference<>();

  private WorkerProcess(
      Command command, RunningCommand process, WorkerOptions options, SharedFolder folder) {
    this.process = process;
    this.line = List.of(command.line().get(0));
    this.links = new Links(folder);
    this.listeners = new Listeners(options);
    this.channel = new WorkerChannel(process.stdout(), process.stdin());
    this.output =
        OutputPump.start(
            "jconda-worker-out-" + process.pid(),
            process.stderr(),
            StandardCharsets.UTF_8,
            REMEMBERED_OUTPUT,
            listeners::line,
            (bytes, count) -> {});
    this.reader = new Thread(this::read, "jconda-worker-" + process.pid());
    reader.setDaemon(true);
  }

  /** Starts a Python and waits until its loop runs. */
  static WorkerProcess start(Command command, WorkerOptions options, SharedFolder folder) {
    WorkerProcess worker = new WorkerProcess(command, command.start(), options, folder);
    worker.reader.start();
    try {
      worker.greet();
      return worker;
    } catch (RuntimeException | Error e) {
      worker.kill(() -> new CondaException("The worker did not start.", "Make another one."));
      throw e;
    }
  }

  private void greet() {
    try {
      channel.greet(links.folder().folders());
    } catch (IOException e) {
      // it has ended already: why is said below
      LOG.debug("The worker {} took no loop", process.pid(), e);
    }
    try {
      String unused = version.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationCancelledException(
          "The worker was not started: the thread that waited for it was interrupted.",
          "Start it again.");
    } catch (TimeoutException e) {
      throw new CondaException(
          "Python did not answer within %s after its start.".formatted(START_LIMIT),
          "Find out what it does at its start; " + said());
    } catch (ExecutionException e) {
      throwIfEnded();
      throw new IllegalStateException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  String pythonVersion() {
    return version.getNow("");
  }

  boolean isAlive() {
    return ended.get() == null && process.isAlive();
  }

  /** Refuses a listener that calls its own worker: the answer could not be read. */
  void requireOutsideListener() {
    if (Thread.currentThread() == reader || output.isReadBy(Thread.currentThread())) {
      throw new IllegalStateException("A listener of a worker cannot call the worker.");
    }
  }

  // reading

  private void read() {
    try {
      channel.awaitHello();
      while (true) {
        Message message = channel.read();
        links.hear(message);
        dispatch(message);
      }
    } catch (IOException e) {
      LOG.debug("The channel of worker {} is closed: {}", process.pid(), e.toString());
    } catch (RuntimeException e) {
      LOG.warn("The channel of worker {} broke; the worker is ended", process.pid(), e);
    } finally {
      finish();
    }
  }

  private void dispatch(Message message) {
    switch (message.operation()) {
      case "hello" -> version.complete(message.text("version"));
      case "progress" -> listeners.progress(message);
      case "log" -> listeners.log(message);
      case "result", "callback" -> {
        Conversation call = calls.get(message.number("id"));
        if (call != null) {
          call.add(message);
          return;
        }
        links.settle(message);
        if (message.operation().equals("callback")) {
          answer(
              message.number("number"),
              out -> out.json().writeStringField("error", "no call from Java is under way"));
        }
      }
      default -> throw new IllegalStateException("A message " + message.operation());
    }
  }

  private void finish() {
    Supplier<CondaException> why = end();
    ended.compareAndSet(null, why);
    version.completeExceptionally(new IOException("ended"));
    calls.values().forEach(call -> call.add(Message.end()));
    try {
      links.folder().close();
    } catch (IOException e) {
      LOG.warn("What worker {} left in shared memory cannot be deleted", process.pid(), e);
    }
  }

  /** Sees to it that nothing of the process is left, and finds out how it ended. */
  private Supplier<CondaException> end() {
    try {
      Optional<Integer> code = process.waitFor(GRACE);
      process.close();
      awaitOutput();
      int exitCode = code.orElse(-1);
      String tail = tail();
      return () ->
          new CommandFailedException(
              line,
              exitCode,
              tail,
              "Make another worker; a pool of workers does that by itself. Exit codes above 128"
                  + " stand for signals, such as 139 for a crash in native code.");
    } catch (OperationCancelledException e) {
      process.close();
      return () -> new OperationCancelledException(e.problem(), e.remedy());
    }
  }

  private void awaitOutput() {
    try {
      if (!output.awaitEnd(Duration.ofMillis(500))) {
        LOG.debug("Somebody still holds the output of worker {}", process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String tail() {
    List<String> all = output.text().strip().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - 20), all.size()));
  }

  private String said() {
    String tail = tail();
    return tail.isEmpty() ? "it has printed nothing." : "it has printed: " + tail;
  }

  // writing

  /** Sends a message. Blocks while Python does not read. */
  void send(Request message) {
    throwIfEnded();
    byte[] frame;
    try {
      frame = Frames.frame(links, message);
    } catch (IOException e) {
      throw new IllegalArgumentException("A value cannot be written: " + e.getMessage(), e);
    }
    try {
      channel.write(frame);
    } catch (IOException e) {
      awaitReader(GRACE);
      throwIfEnded();
      throw new CondaException(
          "The worker %d takes no more calls.".formatted(process.pid()), "Make another one.", e);
    }
  }

  /** Answers a call from Python, unless the worker has ended meanwhile. */
  void answer(long number, Request body) {
    send(
        out -> {
          out.json().writeStringField("op", "answer");
          out.json().writeNumberField("number", number);
          body.write(out);
        });
  }

  /** Begins a call. */
  Conversation begin(Request request, String want) {
    long id = numbers.incrementAndGet();
    Conversation call = new Conversation(this, id);
    calls.put(id, call);
    try {
      send(
          out -> {
            request.write(out);
            out.json().writeNumberField("id", id);
            out.json().writeStringField("want", want);
          });
      return call;
    } catch (RuntimeException e) {
      calls.remove(id);
      throw e;
    }
  }

  void forget(Conversation call) {
    calls.remove(call.id());
  }

  /** Returns what both sides hold for each other. */
  Links links() {
    return links;
  }

  /** Interrupts a call, as Ctrl-C would. */
  void cancel(long id) {
    if (ended.get() != null) {
      return;
    }
    try {
      send(Request.cancel(id));
    } catch (CondaException e) {
      LOG.debug("The worker {} ended before it could be interrupted", process.pid(), e);
    }
  }

  void free(long object) {
    if (ended.get() != null) {
      return;
    }
    try {
      send(Request.free(object));
    } catch (CondaException e) {
      LOG.debug("The worker {} ended before an object was freed", process.pid(), e);
    }
  }

  // ending

  /**
   * Throws if the worker has ended.
   *
   * @throws CondaException that says why
   */
  void throwIfEnded() {
    Supplier<CondaException> why = ended.get();
    if (why != null) {
      throw why.get();
    }
  }

  /** Lets Python end by itself, and ends it if it does not. */
  void close() {
    ended.compareAndSet(
        null,
        () ->
            new CondaException(
                "The worker is closed.", "Make another one, and close it when all is done."));
    calls.values().forEach(call -> call.add(Message.end()));
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("The worker {} had ended before it was closed", process.pid(), e);
    }
    if (!awaitReader(GRACE.plusMillis(500))) {
      process.kill();
      if (!awaitReader(GRACE)) {
        LOG.debug("The channel of worker {} is still held by somebody", process.pid());
      }
    }
  }

  /** Ends it, whatever it does. */
  void kill(Supplier<CondaException> why) {
    ended.compareAndSet(null, why);
    process.kill();
    if (!awaitReader(GRACE)) {
      LOG.debug("The channel of worker {} is still held by somebody", process.pid());
    }
  }

  private boolean awaitReader(Duration limit) {
    if (Thread.currentThread() == reader) {
      return true;
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + limit.toNanos();
    while (reader.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        reader.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !reader.isAlive();
  }
}

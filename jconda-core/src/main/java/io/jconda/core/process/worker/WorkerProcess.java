package io.jconda.core.process.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.OperationCancelledException;
import io.jconda.core.host.SharedFolder;
import io.jconda.core.process.OutputPump;
import io.jconda.process.Command;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonObject;
import io.jconda.process.RunningCommand;
import io.jconda.process.WorkerOptions;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
 * Is the process of one worker, and the channel to it: its standard input and output, which the
 * loop in Python moves out of the way of everything else before any other code runs. Thread-safe.
 */
final class WorkerProcess implements Exchange {
  /** How long Python may take to end, or to give in to a cancellation, before it is ended. */
  static final Duration GRACE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final String LOOP = "worker.py";
  private static final int REMEMBERED_OUTPUT = 65_536;

  /** Without a double quote, which Windows would treat in its own way. */
  static final String BOOTSTRAP =
      "import sys,json;r=sys.stdin.buffer;n,m=map(int,r.readline().split());"
          + "s=json.loads(r.read(n).decode());"
          + "exec(compile(r.read(m),'<jconda worker>','exec'),"
          + "{'__name__':'jconda_worker','START':s})";

  private final RunningCommand process;
  private final List<String> line;
  private final OutputStream out;
  private final OutputPump output;
  private final SharedFolder folder;
  private final Listeners listeners;
  private final Thread reader;
  private final String hello = "JConda " + UUID.randomUUID() + "\n";
  private final CompletableFuture<String> version = new CompletableFuture<>();
  private final Map<Long, Conversation> calls = new ConcurrentHashMap<>();
  private final Map<Long, JavaFunction> functions = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** Why it cannot be called any more, once it cannot. */
  private final AtomicReference<@Nullable Supplier<CondaException>> ended = new AtomicReference<>();

  private WorkerProcess(
      Command command, RunningCommand process, WorkerOptions options, SharedFolder folder) {
    this.process = process;
    this.line = List.of(command.line().get(0));
    this.folder = folder;
    this.listeners = new Listeners(options);
    this.out = process.stdin();
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
      byte[] start =
          Frames.json(
              Map.of(
                  "hello",
                  hello,
                  "logs",
                  true,
                  "folders",
                  folder.folders().stream().map(Path::toString).toList()));
      byte[] loop = loop();
      out.write("%d %d\n".formatted(start.length, loop.length).getBytes(StandardCharsets.US_ASCII));
      out.write(start);
      out.write(loop);
      out.flush();
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

  private static byte[] loop() throws IOException {
    try (InputStream in = WorkerProcess.class.getResourceAsStream(LOOP)) {
      if (in == null) {
        throw new IllegalStateException(LOOP + " is missing from the jar");
      }
      return in.readAllBytes();
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
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.stdout(), 65_536))) {
      awaitHello(in);
      while (true) {
        Message message = Frames.read(in);
        message.json().path("dropped").forEach(number -> functions.remove(number.longValue()));
        for (JsonNode file : message.json().path("released")) {
          folder.release(Path.of(file.textValue()));
        }
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

  /** Skips what was printed before the loop took over, by a {@code .pth} file for instance. */
  private void awaitHello(DataInputStream in) throws IOException {
    byte[] wanted = hello.getBytes(StandardCharsets.US_ASCII);
    int matched = 0;
    while (matched < wanted.length) {
      byte next = in.readByte();
      // no part of the text begins like its beginning: J occurs there once
      matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
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
        } else if (message.operation().equals("callback")) {
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
      folder.close();
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
      frame = Frames.frame(this, message);
    } catch (IOException e) {
      throw new IllegalArgumentException("A value cannot be written: " + e.getMessage(), e);
    }
    try {
      synchronized (out) {
        out.write(frame);
        out.flush();
      }
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

  /** Interrupts a call, as Ctrl-C would. */
  void cancel(long id) {
    if (ended.get() != null) {
      return;
    }
    try {
      send(
          out -> {
            out.json().writeStringField("op", "cancel");
            out.json().writeNumberField("id", id);
          });
    } catch (CondaException e) {
      LOG.debug("The worker {} ended before it could be interrupted", process.pid(), e);
    }
  }

  void free(long object) {
    if (ended.get() != null) {
      return;
    }
    try {
      send(
          out -> {
            out.json().writeStringField("op", "free");
            out.json().writeArrayFieldStart("ids");
            out.json().writeNumber(object);
            out.json().writeEndArray();
          });
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
      out.close();
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

  // what values refer to

  @Override
  public SharedFolder folder() {
    return folder;
  }

  @Override
  public long idOf(PythonObject object) {
    if (!(object instanceof CoreObject known) || known.process() != this) {
      throw new IllegalArgumentException(
          "The object %s lives in another worker.".formatted(object.typeName()));
    }
    return known.id();
  }

  @Override
  public long register(JavaFunction function) {
    long number = numbers.incrementAndGet();
    functions.put(number, function);
    return number;
  }

  @Override
  public JavaFunction function(long number) {
    JavaFunction function = functions.get(number);
    if (function == null) {
      throw new IllegalStateException("There is no function " + number);
    }
    return function;
  }

  @Override
  public PythonObject object(long id, String typeName) {
    throw new IllegalStateException("An object came where a value was asked for.");
  }
}

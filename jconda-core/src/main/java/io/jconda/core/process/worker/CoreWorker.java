package io.jconda.core.process.worker;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.SharedFolder;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.Command;
import io.jconda.process.PythonObject;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerOptions;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** Is one worker: lets its calls take turns. */
public final class CoreWorker extends CoreCalls implements PythonWorker {
  private final WorkerProcess process;
  private final Optional<Duration> limit;
  private final Waiting waiting;
  private final ReentrantLock turn = new ReentrantLock(true);

  private CoreWorker(WorkerProcess process, WorkerOptions options, Executor executor) {
    this.process = process;
    this.limit = options.timeout();
    this.waiting = new Waiting(executor, options.maxWaiting());
  }

  /** Returns the code that a worker's Python is started with: it reads the rest. */
  public static String bootstrap() {
    return WorkerChannel.BOOTSTRAP;
  }

  /**
   * Starts a worker. Blocks until its Python answers.
   *
   * @param command a Python with {@link #bootstrap()} as its code, not started yet
   * @param options how it shall be
   * @param folder where large arrays pass; closed with the worker
   * @param executor what asynchronous calls run on
   * @throws io.jconda.CommandFailedException if Python ended at its start
   * @throws CondaException if it does not answer
   */
  public static CoreWorker start(
      Command command, WorkerOptions options, SharedFolder folder, Executor executor) {
    Command configured = command;
    if (options.directory().isPresent()) {
      configured = configured.directory(options.directory().get());
    }
    for (Map.Entry<String, String> variable : options.variables().entrySet()) {
      configured = configured.variable(variable.getKey(), variable.getValue());
    }
    CoreWorker worker =
        new CoreWorker(WorkerProcess.start(configured, options, folder), options, executor);
    if (!options.startCode().isEmpty()) {
      try {
        worker.exec(options.startCode());
      } catch (RuntimeException | Error e) {
        worker.close();
        throw e;
      }
    }
    return worker;
  }

  WorkerProcess process() {
    return process;
  }

  @Override
  Optional<Duration> limit() {
    return limit;
  }

  @Override
  <T> T ask(Request request, Class<T> type, CancellationToken token, Optional<Duration> own) {
    String want = type == PythonObject.class ? "object" : "value";
    return Conversions.to(exchange(request, want, type, token, own), type);
  }

  @Override
  void tell(Request request, CancellationToken token, Optional<Duration> own) {
    Object nothing = exchange(request, "nothing", Object.class, token, own);
    assert nothing.equals(Optional.empty());
  }

  private Object exchange(
      Request request,
      String want,
      Class<?> type,
      CancellationToken token,
      Optional<Duration> own) {
    process.requireOutsideListener();
    Waiting.await(turn::tryLock, token);
    try {
      return process.begin(request, want).result(type, token, own, this);
    } finally {
      turn.unlock();
    }
  }

  @Override
  <T> Operation<T> askAsync(Request request, Class<T> type, Optional<Duration> own) {
    return waiting.start(token -> ask(request, type, token, own));
  }

  @Override
  public void exec(String code, Map<String, ?> inputs) {
    tell(Request.exec(code, inputs), CancellationToken.create(), limit);
  }

  @Override
  public PythonObject load(Path script) {
    Path file = script.toAbsolutePath().normalize();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw DiskFailure.explain(
          "load a script into a worker",
          file,
          Files.exists(file)
              ? new AccessDeniedException(file.toString())
              : new NoSuchFileException(file.toString()));
    }
    String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    return ask(Request.load(file, name), PythonObject.class, CancellationToken.create(), limit);
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public String pythonVersion() {
    return process.pythonVersion();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void kill() {
    process.kill(() -> new CondaException("The worker was killed.", "Make another one."));
  }

  @Override
  public void close() {
    process.close();
  }

  /** Returns one line: the process, and which Python it is. */
  @Override
  public String toString() {
    return "PythonWorker[process %d, Python %s]".formatted(pid(), pythonVersion());
  }
}

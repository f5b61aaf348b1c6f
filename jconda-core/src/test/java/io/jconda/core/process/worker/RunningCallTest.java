package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.core.client.RealPython;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerLogRecord;
import io.jconda.process.WorkerOptions;
import io.jconda.process.WorkerProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a call of Python tells while it runs, and how one is ended before its time. */
class RunningCallTest extends SharedWorker {
  @Test
  void progressAndLogRecordsComeWhileTheCallRuns() throws Exception {
    STEPS.clear();
    LOGGED.clear();
    python.exec(
        """
        import jconda, logging
        jconda.progress(0.25, 'a quarter')
        logging.getLogger('train').warning('too %s', 'hot')
        logging.getLogger('train').debug('nobody wants this')
        jconda.progress(message='done')
        """);
    assertThat(STEPS.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new WorkerProgress(OptionalDouble.of(0.25), "a quarter"));
    assertThat(STEPS.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new WorkerProgress(OptionalDouble.empty(), "done"));
    assertThat(LOGGED.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new WorkerLogRecord(30, "train", "too hot"));
    assertThat(LOGGED).isEmpty();
  }

  @Test
  void aListenerCannotCallItsWorker() throws Exception {
    CompletableFuture<PythonWorker> worker = new CompletableFuture<>();
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    WorkerOptions options =
        WorkerOptions.defaults()
            .onProgress(
                step -> {
                  try {
                    worker.join().exec("1");
                  } catch (IllegalStateException e) {
                    thrown.add(e);
                  }
                });
    try (PythonWorker own = RealPython.environment().worker(options)) {
      worker.complete(own);
      own.exec("import jconda; jconda.progress(1)");
      assertThat(thrown.poll(20, TimeUnit.SECONDS)).hasMessageContaining("listener");
    }
  }

  @Test
  void aTimeLimitInterruptsTheCallAndTheWorkerGoesOn() {
    python.exec("import time\nkept_on = []");
    assertThatThrownBy(
            () -> python.timeout(Duration.ofMillis(300)).call("time.sleep", 60, Object.class))
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("PT0.3S");
    assertThatThrownBy(
            () ->
                python
                    .timeout(Duration.ofMillis(300))
                    .eval("[0 for _ in iter(int, 1)]", Object.class))
        .isInstanceOf(OperationCancelledException.class);
    assertThat(python.eval("'alive'", String.class)).isEqualTo("alive");
  }

  @Test
  void aCallThatDoesNotGiveInIsEndedWithItsWorker() {
    try (PythonWorker deaf = fresh()) {
      deaf.exec(
          """
          import time
          def deaf():
              while True:
                  try: time.sleep(60)
                  except KeyboardInterrupt: pass
          """);
      assertThatThrownBy(() -> deaf.timeout(Duration.ofMillis(200)).call("deaf", Object.class))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(deaf.isAlive()).isFalse();
      assertThat(living(deaf.pid())).isEmpty();
      assertThatThrownBy(() -> deaf.eval("1", Integer.class))
          .isInstanceOf(CondaException.class)
          .hasMessageContaining("did not give in");
    }
  }

  @Test
  void cancellingTheOperationInterruptsTheCall() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    JavaFunction up =
        arguments -> {
          running.countDown();
          return Optional.empty();
        };
    python.exec("def wait(f):\n    import time\n    f()\n    time.sleep(60)");
    Operation<Object> operation = python.callAsync("wait", Object.class, up);
    running.await();
    assertThat(operation.cancel()).isTrue();
    assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
    assertThat(operation.isCancelled()).isTrue();
    assertThat(python.eval("'alive'", String.class)).isEqualTo("alive");
  }

  @Test
  void anInterruptOfTheCallerInterruptsTheCall() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    JavaFunction up =
        arguments -> {
          running.countDown();
          return Optional.empty();
        };
    python.exec("def wait(f):\n    import time\n    f()\n    time.sleep(60)");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                python.run("wait", up);
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
    assertThat(python.eval("'alive'", String.class)).isEqualTo("alive");
  }

  @Test
  void whatPythonTellsWaitsForASlowListener() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<WorkerProgress> heard = new ArrayList<>();
    WorkerOptions options =
        WorkerOptions.defaults()
            .onProgress(
                step -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  heard.add(step);
                });
    Path told = folder.resolve("told");
    try (PythonWorker own = RealPython.environment().worker(options)) {
      own.exec(
          """
          import jconda, os
          def tell(path):
              told = os.open(path, os.O_CREAT | os.O_WRONLY)
              for i in range(5000):
                  jconda.progress(i / 5000, 'x' * 1000)
                  os.pwrite(told, b'%4d' % i, 0)
              os.close(told)
          """);
      assumeTrue(Files.exists(Path.of("/proc/self/stat")), "SKIPPED: needs /proc");
      Operation<Object> call = own.callAsync("tell", Object.class, told.toString());
      // once it has begun it sleeps only where the pipe is full
      Path state = Path.of("/proc/" + own.pid() + "/stat");
      while (!Files.exists(told)
          || Files.size(told) == 0
          || !Files.readString(state).contains(") S ")) {
        Thread.onSpinWait();
      }
      assertThat(Integer.parseInt(Files.readString(told).strip())).isLessThan(1000);
      go.countDown();
      Object nothing = call.await();
      assertThat(nothing).isEqualTo(Optional.empty());
      assertThat(heard).hasSize(5000);
    }
  }
}

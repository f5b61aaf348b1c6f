package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.PythonException;
import io.jconda.core.client.RealPython;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a worker starts and ends, and how it says why. */
class WorkerEndTest extends SharedWorker {
  @Test
  void aWorkerThatDiesSaysHow() {
    try (PythonWorker doomed = fresh()) {
      assertThatThrownBy(
              () ->
                  doomed.exec(
                      "import os, sys, signal; print('my last words', file=sys.stderr);"
                          + " os.kill(os.getpid(), signal.SIGSEGV)"))
          .isInstanceOfSatisfying(
              CommandFailedException.class,
              e -> {
                assertThat(e.exitCode()).isEqualTo(139);
                assertThat(e.stderrTail()).contains("my last words");
              });
      assertThat(doomed.isAlive()).isFalse();
      assertThatThrownBy(() -> doomed.exec("1")).isInstanceOf(CommandFailedException.class);
    }
  }

  @Test
  void aWorkerThatClosesItsChannelIsDead() {
    try (PythonWorker doomed = fresh()) {
      assertThatThrownBy(() -> doomed.exec("import os; os.closerange(3, 100)"))
          .isInstanceOf(CondaException.class);
      assertThat(doomed.isAlive()).isFalse();
      assertThat(living(doomed.pid())).isEmpty();
    }
  }

  @Test
  void aForkedChildCannotTalkInItsParentsName() {
    python.exec(
        """
        import os, jconda
        pid = os.fork()
        if pid == 0:
            try: jconda.progress(0.5)
            except RuntimeError: os._exit(7)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        """);
    assertThat(python.eval("status", Integer.class)).isEqualTo(7);
  }

  @Test
  void closingEndsTheProcessAndWhatItStarted() {
    PythonWorker worker = fresh();
    worker.exec("import subprocess; child = subprocess.Popen(['sleep', '60'])");
    long child = worker.eval("child.pid", Long.class);
    worker.close();
    worker.close();
    assertThat(living(worker.pid())).isEmpty();
    assertThat(living(child)).isEmpty();
    assertThatThrownBy(() -> worker.eval("1", Integer.class))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingCancelsTheCallThatRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    JavaFunction up =
        arguments -> {
          running.countDown();
          return Optional.empty();
        };
    PythonWorker worker = fresh();
    Operation<Object> operation =
        worker.evalAsync("(f(), __import__('time').sleep(60))", Map.of("f", up), Object.class);
    running.await();
    worker.close();
    assertThatThrownBy(operation::await)
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void whatAPthFilePrintsAtTheStartDoesNoHarm() throws IOException {
    Path pth =
        RealPython.environment().prefix().resolve("lib/python3.13/site-packages/zz-loud.pth");
    Files.writeString(pth, "import sys; sys.stdout.write('J JConda loud\\n' * 1000)\n");
    try (PythonWorker worker = fresh()) {
      assertThat(worker.eval("1 + 1", Integer.class)).isEqualTo(2);
    } finally {
      Files.delete(pth);
    }
  }

  @Test
  void aPythonThatEndsAtItsStartIsExplained() throws IOException {
    Files.writeString(
        folder.resolve("sitecustomize.py"),
        "import os\nprint('no way', file=__import__('sys').stderr, flush=True)\nos._exit(4)\n");
    assertThatThrownBy(
            () ->
                RealPython.environment()
                    .worker(WorkerOptions.defaults().variable("PYTHONPATH", folder.toString())))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("exit code 4")
        .hasMessageContaining("no way");
  }

  @Test
  void startCodeThatFailsLeavesNoWorker() {
    assertThatThrownBy(
            () ->
                RealPython.environment()
                    .worker(WorkerOptions.defaults().startCode("import no_such_module")))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("no_such_module");
  }
}

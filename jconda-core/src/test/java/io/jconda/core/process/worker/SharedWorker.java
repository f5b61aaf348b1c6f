package io.jconda.core.process.worker;

import io.jconda.core.client.RealPython;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerLogRecord;
import io.jconda.process.WorkerOptions;
import io.jconda.process.WorkerProgress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Has one worker of the embedded channel's real Python for all tests of a class. */
@Timeout(120)
abstract class SharedWorker {
  static final BlockingQueue<String> PRINTED = new LinkedBlockingQueue<>();
  static final BlockingQueue<WorkerProgress> STEPS = new LinkedBlockingQueue<>();
  static final BlockingQueue<WorkerLogRecord> LOGGED = new LinkedBlockingQueue<>();
  static PythonWorker python;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    python =
        RealPython.environment()
            .worker(
                WorkerOptions.defaults()
                    .onLine(PRINTED::add)
                    .onProgress(STEPS::add)
                    .onLog(LOGGED::add)
                    .startCode("import sys\nbegun = 'begun'"));
  }

  @AfterAll
  static void close() {
    python.close();
  }

  static PythonWorker fresh() {
    return RealPython.environment().worker();
  }

  /** Returns the process unless it is gone; one that is dead and not yet buried has no command. */
  static Optional<ProcessHandle> living(long pid) {
    return ProcessHandle.of(pid).filter(p -> p.isAlive() && p.info().command().isPresent());
  }
}

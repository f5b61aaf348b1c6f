package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.core.client.RealPython;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.WorkerOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PythonWorkerPoolTest {
  private static PythonWorkerPool pool(int size, WorkerOptions options) {
    return RealPython.environment().workers(size, options);
  }

  @Test
  void callsRunAtOnceInDifferentWorkers() {
    WorkerOptions options = WorkerOptions.defaults().startCode("import os\nready = 7");
    try (PythonWorkerPool pool = pool(3, options)) {
      CyclicBarrier together = new CyclicBarrier(3);
      JavaFunction meet =
          arguments -> {
            together.await(60, TimeUnit.SECONDS);
            return true;
          };
      List<Operation<Long>> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(pool.evalAsync("(f(), os.getpid())[1]", Map.of("f", meet), Long.class));
      }
      Set<Long> processes = new HashSet<>();
      calls.forEach(call -> processes.add(call.await()));
      assertThat(processes).hasSize(3);
      assertThat(pool.eval("ready", Integer.class)).isEqualTo(7);
      assertThat(pool.size()).isEqualTo(3);
      assertThat(pool.restarts()).isZero();
    }
  }

  @Test
  void aWorkerThatDiedIsReplaced() {
    try (PythonWorkerPool pool = pool(1, WorkerOptions.defaults().startCode("import os"))) {
      long first = pool.call("os.getpid", Long.class);
      assertThat(pool.call("os.getpid", Long.class)).isEqualTo(first);
      assertThatThrownBy(() -> pool.run("os._exit", 3))
          .isInstanceOfSatisfying(
              CommandFailedException.class, e -> assertThat(e.exitCode()).isEqualTo(3));
      assertThat(pool.call("os.getpid", Long.class)).isNotEqualTo(first);
      assertThat(pool.restarts()).isEqualTo(1);
    }
  }

  @Test
  void aWorkerThatWasKilledWhileItWasIdleIsReplacedUnseen() throws Exception {
    try (PythonWorkerPool pool = pool(1, WorkerOptions.defaults().startCode("import os"))) {
      PythonWorker[] idle = new PythonWorker[1];
      long first =
          pool.with(
              worker -> {
                idle[0] = worker;
                return worker.pid();
              });
      ProcessHandle process = ProcessHandle.of(first).orElseThrow();
      process.destroyForcibly();
      process.onExit().get();
      while (idle[0].isAlive()) {
        Thread.onSpinWait();
      }
      assertThat(pool.call("os.getpid", Long.class)).isNotEqualTo(first);
      assertThat(pool.restarts()).isEqualTo(1);
    }
  }

  @Test
  void oneWorkerIsLentForSeveralCalls() {
    try (PythonWorkerPool pool = pool(2, WorkerOptions.defaults())) {
      int total =
          pool.with(
              worker -> {
                worker.exec("total = 0");
                IntStream.range(0, 10).forEach(i -> worker.exec("total += n", Map.of("n", i)));
                return worker.eval("total", Integer.class);
              });
      assertThat(total).isEqualTo(45);
    }
  }

  @Test
  void whoAsksTooMuchWaits() throws Exception {
    Semaphore go = new Semaphore(0);
    JavaFunction wait =
        arguments -> {
          go.acquire();
          return true;
        };
    AtomicBoolean submitted = new AtomicBoolean();
    try (PythonWorkerPool pool = pool(1, WorkerOptions.defaults().maxWaiting(1))) {
      List<Operation<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        calls.add(pool.evalAsync("f()", Map.of("f", wait), Boolean.class));
      }
      Thread third =
          new Thread(
              () -> {
                Operation<Boolean> call = pool.evalAsync("True", Map.of(), Boolean.class);
                submitted.set(true);
                calls.add(call);
              });
      third.start();
      third.join(300);
      assertThat(submitted).isFalse();
      go.release(2);
      third.join();
      assertThat(calls).hasSize(3).allSatisfy(call -> assertThat(call.await()).isTrue());
    }
  }

  @Test
  void aClosedPoolTakesNoMore() {
    PythonWorkerPool pool = pool(1, WorkerOptions.defaults());
    long process = pool.eval("__import__('os').getpid()", Long.class);
    pool.close();
    pool.close();
    assertThat(ProcessHandle.of(process).filter(p -> p.isAlive() && p.info().command().isPresent()))
        .isEmpty();
    assertThatThrownBy(() -> pool.eval("1", Integer.class))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> RealPython.environment().workers(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

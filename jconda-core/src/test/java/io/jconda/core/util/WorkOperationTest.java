package io.jconda.core.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkOperationTest {
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final CancellationToken token = CancellationToken.create();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void awaitReturnsWhatTheWorkYields() {
    assertThat(WorkOperation.start(executor, token, () -> 42).await()).isEqualTo(42);
  }

  @Test
  void awaitThrowsTheVeryFailureOfTheWork() {
    CondaException failure = new CondaException("It broke.", "Mend it.");
    Operation<String> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              throw failure;
            });
    assertThatThrownBy(operation::await).isSameAs(failure);
    assertThatThrownBy(operation::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThat(operation.isCancelled()).isFalse();
  }

  @Test
  void failuresOfOtherKindsPassAsTheyAre() {
    Error error = new AssertionError("a bug");
    Operation<String> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              throw error;
            });
    assertThatThrownBy(operation::await).isSameAs(error);
  }

  @Test
  void aCancelledOperationIsDoneOnlyWhenItsWorkHasEnded() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayUndo = new CountDownLatch(1);
    List<String> undone = new ArrayList<>();
    Operation<String> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              running.countDown();
              waitFor(mayUndo);
              undone.add("undone");
              token.throwIfCancelled();
              return "not cancelled";
            });
    running.await();
    assertThat(operation.cancel()).isTrue();
    assertThat(operation.isDone()).isFalse();
    assertThat(operation.cancel()).isFalse();
    mayUndo.countDown();
    assertThatThrownBy(operation::await)
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("cancelled by the caller");
    assertThat(undone).containsExactly("undone");
    assertThat(operation.isCancelled()).isTrue();
    assertThatThrownBy(operation::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void workThatHadNotBegunNeverBegins() {
    List<Runnable> held = new ArrayList<>();
    List<String> begun = new ArrayList<>();
    Operation<Boolean> operation = WorkOperation.start(held::add, token, () -> begun.add("begun"));
    assertThat(operation.cancel()).isTrue();
    assertThat(operation.isDone()).isTrue();
    held.forEach(Runnable::run);
    assertThat(begun).isEmpty();
    assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
  }

  @Test
  void anInterruptOfTheWaiterCancelsTheWorkAndKeepsTheFlag() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    token.onCancel(cancelled::countDown);
    Operation<String> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              running.countDown();
              waitFor(cancelled);
              token.throwIfCancelled();
              return "not cancelled";
            });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                operation.await();
              } catch (RuntimeException e) {
                thrown.set(e);
              }
              flag.set(Thread.currentThread().isInterrupted());
            });
    waiter.start();
    running.await();
    waiter.interrupt();
    waiter.join();
    assertThat(thrown.get())
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("interrupted");
    assertThat(flag.get()).isTrue();
  }

  @Test
  void aTimeLimitIsAFailureRatherThanACancellation() {
    CancellationToken hurried = CancellationToken.withTimeout(Duration.ZERO);
    Operation<String> operation = WorkOperation.start(executor, hurried, () -> "late");
    assertThatThrownBy(operation::await)
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("time limit");
    assertThat(operation.isCancelled()).isFalse();
    assertThat(operation.cancel()).isFalse();
  }

  @Test
  void whatIsDoneIsNotCancelled() {
    Operation<String> operation = WorkOperation.start(executor, token, () -> "done");
    assertThat(operation.await()).isEqualTo("done");
    assertThat(operation.cancel()).isFalse();
    assertThat(token.isCancelled()).isFalse();
    assertThat(operation.await()).isEqualTo("done");
  }

  @Test
  void cancellingADependentStageLeavesTheWorkAlone() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    Operation<String> operation =
        WorkOperation.start(
            executor,
            token,
            () -> {
              waitFor(mayEnd);
              return "done";
            });
    CompletableFuture<Integer> length = operation.thenApply(String::length).toCompletableFuture();
    assertThat(length.cancel(true)).isTrue();
    assertThat(operation.toCompletableFuture().cancel(true)).isTrue();
    assertThat(token.isCancelled()).isFalse();
    mayEnd.countDown();
    assertThat(operation.await()).isEqualTo("done");
    assertThat(operation.thenApply(String::length).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isEqualTo(4);
  }

  @Test
  void anExecutorThatTakesNoMoreWorkSaysSo() {
    executor.shutdown();
    assertThatThrownBy(() -> WorkOperation.start(executor, token, () -> 1))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

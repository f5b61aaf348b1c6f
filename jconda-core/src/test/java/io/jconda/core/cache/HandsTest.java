package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandsTest {
  @Test
  void aTurnThatNobodyHasIsLent() throws Exception {
    Turns turns = new Turns(2);
    CountDownLatch done = new CountDownLatch(1);
    try (Turns.Turn own = turns.begin();
        Hands hands = new Hands(turns, own)) {
      assertThat(hands.lend(done::countDown)).isTrue();
      done.await();
    }
  }

  @Test
  void nothingIsLentWhereEveryTurnIsTaken() {
    Turns turns = new Turns(2);
    try (Turns.Turn own = turns.begin();
        Turns.Turn other = turns.begin();
        Hands hands = new Hands(turns, own)) {
      assertThat(hands.lend(HandsTest::doNothing)).isFalse();
      other.pause();
      assertThat(hands.lend(HandsTest::doNothing)).isTrue();
    }
  }

  @Test
  void whatIsLentIsWantedBackWhenAnotherOneWaits() throws Exception {
    Turns turns = new Turns(2);
    CountDownLatch begun = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              Turns.Turn turn = turns.begin();
              begun.countDown();
              turn.close();
            });
    try (Turns.Turn own = turns.begin();
        Hands hands = new Hands(turns, own)) {
      CountDownLatch asked = new CountDownLatch(1);
      Runnable untilWanted =
          () -> {
            asked.countDown();
            while (!hands.areWanted()) {
              Thread.onSpinWait();
            }
          };
      assertThat(hands.lend(untilWanted)).isTrue();
      asked.await();
      assertThat(hands.areWanted()).isFalse();

      other.start();

      // only what was lent can have become its turn: the own one is still held
      begun.await();
    }
    other.join();
  }

  @Test
  void closingWaitsUntilNobodyIsAtWorkAndGivesTheOwnTurnAway() throws Exception {
    Turns turns = new Turns(2);
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Turns.Turn own = turns.begin();
    Hands hands = new Hands(turns, own);
    hands.lend(
        () -> {
          worker.complete(Thread.currentThread());
          begun.countDown();
          awaitWhatever(mayEnd);
        });
    begun.await();
    Thread other =
        new Thread(
            () -> {
              // a turn is free only because closing does not keep the own one
              Turns.Turn turn = turns.begin();
              mayEnd.countDown();
              turn.close();
            });
    other.start();
    hands.close();

    assertThat(worker.join().isAlive()).isFalse();
    other.join();
  }

  @Test
  void anInterruptedThreadClosesAllTheSameAndStaysInterrupted() throws Exception {
    Turns turns = new Turns(2);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread reader =
        new Thread(
            () -> {
              try (Turns.Turn own = turns.begin();
                  Hands hands = new Hands(turns, own)) {
                hands.lend(
                    () -> {
                      awaitWhatever(mayEnd);
                      ended.set(true);
                    });
                Thread.currentThread().interrupt();
              }
              interrupted.set(ended.get() && Thread.currentThread().isInterrupted());
            });
    reader.start();
    mayEnd.countDown();
    reader.join();

    assertThat(interrupted).isTrue();
  }

  @Test
  void whoWaitsForAnothersWorkLetsOthersHaveTheOwnTurn() throws Exception {
    Turns turns = new Turns(1);
    FutureTask<String> work = new FutureTask<>(() -> "done");
    Thread other =
        new Thread(
            () -> {
              Turns.Turn turn = turns.begin();
              work.run();
              turn.close();
            });
    try (Turns.Turn own = turns.begin();
        Hands hands = new Hands(turns, own)) {
      other.start();
      hands.await(work);

      assertThat(work.get()).isEqualTo("done");
    }
    other.join();
  }

  @Test
  void anInterruptedThreadWaitsToTheEndAndStaysInterrupted() throws Exception {
    Turns turns = new Turns(1);
    FutureTask<String> work = new FutureTask<>(() -> "done");
    AtomicBoolean right = new AtomicBoolean();
    Thread reader =
        new Thread(
            () -> {
              try (Turns.Turn own = turns.begin();
                  Hands hands = new Hands(turns, own)) {
                Thread.currentThread().interrupt();
                hands.await(work);
                right.set(work.isDone() && Thread.currentThread().isInterrupted());
              }
            });
    reader.start();
    while (reader.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    work.run();
    reader.join();

    assertThat(right).isTrue();
  }

  private static void doNothing() {}

  private static void awaitWhatever(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
  @Test
  void noMoreWorkAtOnceThanThereAreTurnsAndAllComeToAnEnd() throws Exception {
    int atOnce = 3;
    Turns turns = new Turns(atOnce);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Random random = new Random(20261125);
    List<Long> seeds = random.longs(12).boxed().toList();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (long seed : seeds) {
        all.add(threads.submit(() -> work(turns, new Random(seed), working, most)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(working).hasValue(0);
    assertThat(most.get()).isBetween(1, atOnce);
  }

  private static void work(Turns turns, Random random, AtomicInteger working, AtomicInteger most) {
    try (Turns.Turn turn = turns.begin()) {
      working.incrementAndGet();
      for (int i = 0; i < 200; i++) {
        most.accumulateAndGet(working.get(), Math::max);
        if (random.nextInt(3) == 0) {
          Thread.onSpinWait();
        }
        working.decrementAndGet();
        turn.pause();
        turn.resume();
        working.incrementAndGet();
      }
      working.decrementAndGet();
    }
  }

  @Test
  void whoBeganFirstGoesFirst() throws Exception {
    Turns turns = new Turns(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Turns.Turn first = turns.begin();
    first.pause();
    Turns.Turn second = turns.begin();
    Thread early = thread(first::resume, order, "first", first);
    Turns.Turn[] begun = new Turns.Turn[1];
    CountDownLatch waits = new CountDownLatch(1);
    Thread late =
        new Thread(
            () -> {
              waits.countDown();
              begun[0] = turns.begin();
              order.add("third");
              begun[0].close();
            });
    late.start();
    waits.await();
    awaitWaiting(late);
    early.start();
    awaitWaiting(early);

    second.close();
    early.join();
    late.join();

    assertThat(order).containsExactly("first", "third");
  }

  @Test
  void anInterruptedThreadGetsItsTurnAndStaysInterrupted() throws Exception {
    Turns turns = new Turns(1);
    Turns.Turn held = turns.begin();
    List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
    Thread other =
        new Thread(
            () -> {
              Turns.Turn turn = turns.begin();
              interrupted.add(Thread.currentThread().isInterrupted());
              turn.close();
            });
    other.start();
    awaitWaiting(other);
    other.interrupt();
    held.close();
    other.join();

    assertThat(interrupted).containsExactly(true);
  }

  private static Thread thread(Runnable resume, List<String> order, String name, Turns.Turn turn) {
    return new Thread(
        () -> {
          resume.run();
          order.add(name);
          turn.close();
        });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}

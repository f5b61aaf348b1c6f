package io.jconda.core.util;

import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the events of one operation to its listener: in order, one at a time, under no lock.
 *
 * <p>Whoever emits while another thread delivers leaves its event in a queue for that thread.
 * Thread-safe.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long operation = NUMBERS.incrementAndGet();
  private final ProgressListener listener;
  private final Queue<ProgressEvent> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean muted;

  /** Makes the events of a new operation, with a number of its own. */
  public Events(ProgressListener listener) {
    this.listener = listener;
  }

  /** Makes events that nobody hears. */
  public static Events silent() {
    return new Events(event -> {});
  }

  /** Delivers an event, made with the operation's number. */
  public void emit(LongFunction<ProgressEvent> event) {
    if (muted) {
      return;
    }
    queue.add(event.apply(operation));
    if (waiting.getAndIncrement() == 0) {
      do {
        deliver(queue.remove());
      } while (waiting.decrementAndGet() > 0);
    }
  }

  /** Delivers a warning. */
  public void warn(String message) {
    emit(number -> new ProgressEvent.Warning(number, message));
  }

  private void deliver(ProgressEvent event) {
    if (muted) {
      return;
    }
    try {
      listener.on(event);
    } catch (RuntimeException e) {
      muted = true;
      LOG.warn(
          "A progress listener failed and hears nothing more of this operation: {}", listener, e);
    }
  }
}

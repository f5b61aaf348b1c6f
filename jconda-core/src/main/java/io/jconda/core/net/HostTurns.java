package io.jconda.core.net;

import io.jconda.core.util.CancellationToken;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many requests to one server are under way at once. Who comes first is served first; a
 * cancelled operation gives up its place in the queue. Thread-safe.
 */
final class HostTurns {
  private static final Logger LOG = LoggerFactory.getLogger(HostTurns.class);

  private final int limit;
  private final Map<String, Server> servers = new ConcurrentHashMap<>();

  HostTurns(int limit) {
    this.limit = limit;
  }

  /** Is the right to one request; giving it back again does nothing. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for a turn with the server of a URL.
   *
   * @throws io.jconda.OperationCancelledException if the operation is cancelled meanwhile
   */
  Turn take(URI uri, CancellationToken token) {
    String server = uri.getScheme() + "://" + uri.getHost() + ":" + Origin.port(uri);
    return servers
        .computeIfAbsent(server.toLowerCase(Locale.ROOT), key -> new Server(limit))
        .take(token);
  }

  private static final class Waiter {
    private final CountDownLatch woken = new CountDownLatch(1);
    private boolean served;
  }

  private static final class Server {
    private final Queue<Waiter> waiting = new ArrayDeque<>();
    private int free;

    Server(int free) {
      this.free = free;
    }

    Turn take(CancellationToken token) {
      Waiter waiter = new Waiter();
      synchronized (this) {
        if (free > 0) {
          free--;
          return new Taken(this);
        }
        waiting.add(waiter);
      }
      sleep(waiter, token);
      synchronized (this) {
        if (waiter.served) {
          return new Taken(this);
        }
        waiting.remove(waiter);
      }
      Interrupts.check(token);
      throw new IllegalStateException("Nobody wakes a waiter but its turn or its cancellation.");
    }

    private static void sleep(Waiter waiter, CancellationToken token) {
      CancellationToken.Registration registration = token.onCancel(waiter.woken::countDown);
      try {
        if (!waiter.woken.await(token.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
          LOG.debug("A request's time was up before its turn came.");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        registration.close();
      }
    }

    private synchronized void giveBack() {
      Waiter next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
      next.served = true;
      next.woken.countDown();
    }
  }

  private static final class Taken implements Turn {
    private final Server server;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Taken(Server server) {
      this.server = server;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        server.giveBack();
      }
    }
  }
}

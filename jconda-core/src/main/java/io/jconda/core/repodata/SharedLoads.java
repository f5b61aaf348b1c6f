package io.jconda.core.repodata;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Lets threads that want the same thing at the same time share one load of it.
 *
 * <p>The first loads on its own thread; the others wait, each for as long as its own operation is
 * not cancelled. When the first is cancelled, another one takes over.
 */
final class SharedLoads<K, V> {
  private final Map<K, CompletableFuture<V>> underWay = new ConcurrentHashMap<>();

  V load(K key, OperationContext context, Supplier<V> loader) {
    while (true) {
      context.checkpoint();
      CompletableFuture<V> mine = new CompletableFuture<>();
      CompletableFuture<V> first = underWay.putIfAbsent(key, mine);
      if (first == null) {
        return lead(key, mine, loader);
      }
      try {
        return follow(first, context.token());
      } catch (LeaderCancelled e) {
        // its operation ended, not this one: another round, with another leader
        context.checkpoint();
      }
    }
  }

  private V lead(K key, CompletableFuture<V> mine, Supplier<V> loader) {
    try {
      V value = loader.get();
      underWay.remove(key, mine);
      mine.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      underWay.remove(key, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private V follow(CompletableFuture<V> first, CancellationToken token) throws LeaderCancelled {
    try {
      // a copy, so that ending this wait does not end the load
      return LoadWait.await(first.copy(), token);
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(ExecutionException failure) throws LeaderCancelled {
    Throwable cause = failure.getCause();
    if (cause instanceof OperationCancelledException) {
      throw new LeaderCancelled(cause);
    }
    return cause instanceof RuntimeException e ? e : new CompletionException(failure);
  }

  private static final class LeaderCancelled extends Exception {
    LeaderCancelled(Throwable cause) {
      super(cause);
    }
  }
}

package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the records of names, each name once; once told to, also those of the names that they
 * depend on, ahead of whoever asks for them.
 *
 * <p>Fetching waits on many threads, decoding works on as many as there are processors beside the
 * one that asks. Whoever asks for a name that nobody has begun loads it itself, and waits for one
 * that is under way. So what is followed changes how soon an answer is there, and never the answer.
 * Thread-safe.
 */
final class RecordLoads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordLoads.class);
  private static final int MOST_REQUESTS = 16;
  private static final int MOST_DECODERS =
      Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  private static final long LONGEST_END_S = 10;

  private final List<LoadedSubdir> loaded;
  private final OperationContext context;

  /** Ends what was begun ahead, without ending the operation. */
  private final CancellationToken ahead = CancellationToken.create();

  private final OperationContext aheadContext;
  private final CancellationToken.Registration registration;
  private final Map<String, Loading> loadings = new ConcurrentHashMap<>();
  private final Set<String> missing = ConcurrentHashMap.newKeySet();
  private @Nullable ThreadPoolExecutor fetchers;
  private @Nullable ThreadPoolExecutor decoders;
  private volatile boolean following;
  private boolean closed;

  RecordLoads(List<LoadedSubdir> loaded, OperationContext context) {
    this.loaded = loaded;
    this.context = context;
    this.aheadContext = new OperationContext(ahead, context.events());
    this.registration = context.token().onCancel(() -> ahead.cancel("the operation ended"));
  }

  /**
   * Returns the records of a name.
   *
   * @param name the name, in lower case
   */
  List<PackageRecord> records(String name) {
    Loading loading = loading(name, List.of());
    loading.read.run();
    return loading.result();
  }

  /** Returns the records of a name without keeping them, and without a warning. */
  List<PackageRecord> once(String name) {
    return loadings.containsKey(name) ? records(name) : new Loading(name, List.of()).read();
  }

  private Loading loading(String name, List<MatchSpec> wanted) {
    Loading known = loadings.get(name);
    return known != null ? known : loadings.computeIfAbsent(name, key -> new Loading(key, wanted));
  }

  /**
   * Begins to load names and what they depend on. Blocks for nothing.
   *
   * @param specs what is wanted; records that a spec of their name shuts out lead to no other name;
   *     where nothing is, nothing is ever loaded but what is asked for
   */
  void follow(Collection<MatchSpec> specs) {
    if (specs.isEmpty()) {
      return;
    }
    following = true;
    Map<String, List<MatchSpec>> byName = new LinkedHashMap<>();
    for (MatchSpec spec : specs) {
      // a glob names no shard; what it means is known to who has all names
      if (RecordChecks.isName(spec.name())) {
        byName.computeIfAbsent(spec.name(), name -> new ArrayList<>()).add(spec);
      }
    }
    for (Map.Entry<String, List<MatchSpec>> named : byName.entrySet()) {
      begin(named.getKey(), named.getValue());
    }
  }

  private void begin(String name, List<MatchSpec> wanted) {
    if (!loadings.containsKey(name)) {
      Loading loading = new Loading(name, wanted);
      if (loadings.putIfAbsent(name, loading) == null) {
        submit(loading::ahead, false);
      }
    }
  }

  private synchronized void submit(Runnable work, boolean waits) {
    if (closed) {
      return;
    }
    ThreadPoolExecutor threads = waits ? fetchers : decoders;
    if (threads == null) {
      int count = waits ? MOST_REQUESTS : MOST_DECODERS;
      threads =
          new ThreadPoolExecutor(
              count, count, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RecordLoads::thread);
      threads.allowCoreThreadTimeOut(true);
      if (waits) {
        fetchers = threads;
      } else {
        decoders = threads;
      }
    }
    threads.execute(work);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "jconda-records");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the names whose records are not in the cache and could not be fetched. */
  Set<String> missing() {
    return Set.copyOf(missing);
  }

  /** Ends what was begun ahead, and returns when it has ended. */
  @Override
  public void close() {
    List<ThreadPoolExecutor> ending = new ArrayList<>();
    synchronized (this) {
      closed = true;
      if (fetchers != null) {
        ending.add(fetchers);
      }
      if (decoders != null) {
        ending.add(decoders);
      }
    }
    registration.close();
    ahead.cancel("nobody needs it any more");
    for (ThreadPoolExecutor threads : ending) {
      threads.getQueue().clear();
      threads.shutdown();
    }
    for (ThreadPoolExecutor threads : ending) {
      awaitEnd(threads);
    }
  }

  private static void awaitEnd(ThreadPoolExecutor threads) {
    try {
      if (!threads.awaitTermination(LONGEST_END_S, TimeUnit.SECONDS)) {
        LOG.debug("A load that nobody needs any more goes on for now.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Is what becomes of one name. */
  private final class Loading {
    private final String name;
    private final List<MatchSpec> wanted;
    private final List<String> warnings = new ArrayList<>();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Reads the records; whoever runs it first does so. */
    final FutureTask<List<PackageRecord>> read = new FutureTask<>(this::read);

    Loading(String name, List<MatchSpec> wanted) {
      this.name = name;
      this.wanted = wanted;
    }

    /** Loads on a thread that nobody waits for yet. */
    void ahead() {
      if (read.isDone() || ahead.isCancelled()) {
        return;
      }
      if (isAtHand()) {
        read.run();
      } else {
        submit(this::fetch, true);
      }
    }

    private boolean isAtHand() {
      for (LoadedSubdir one : loaded) {
        if (!one.index().isAtHand(name)) {
          return false;
        }
      }
      return true;
    }

    private void fetch() {
      if (read.isDone() || ahead.isCancelled()) {
        return;
      }
      try {
        for (LoadedSubdir one : loaded) {
          if (!one.index().isAtHand(name)) {
            one.index().fetch(name, one, aheadContext);
          }
        }
      } catch (IOException | RuntimeException e) {
        // whoever asks for the name asks the server anew, and says what is wrong
        LOG.debug("{} could not be fetched ahead.", name, e);
        return;
      }
      submit(read, false);
    }

    private List<PackageRecord> read() {
      context.checkpoint();
      List<PackageRecord> records = new ArrayList<>();
      for (LoadedSubdir one : loaded) {
        read(one, records);
      }
      if (following) {
        for (String dependency : followed(records)) {
          begin(dependency, List.of());
        }
      }
      return List.copyOf(records);
    }

    private void read(LoadedSubdir from, List<PackageRecord> records) {
      Subdir subdir = from.subdir();
      try {
        from.index().read(name, from, context, new Taking(subdir, records));
      } catch (IOException e) {
        throw new ChannelException(
            "Channel %s: its index for %s cannot be read from the cache any more (%s)."
                .formatted(subdir.channel(), subdir.platform(), e.getMessage()),
            "Try again; it will be loaded anew.",
            e);
      }
    }

    /** Returns the names that records depend on, but for those that no spec lets in. */
    private Set<String> followed(List<PackageRecord> records) {
      Set<String> texts = new HashSet<>();
      for (PackageRecord record : records) {
        if (isWanted(record)) {
          texts.addAll(record.depends());
        }
      }
      Set<String> names = new HashSet<>();
      for (String text : texts) {
        String dependency = DependencyName.of(text);
        if (RecordChecks.isName(dependency)) {
          names.add(dependency);
        }
      }
      return names;
    }

    private boolean isWanted(PackageRecord record) {
      for (MatchSpec spec : wanted) {
        if (!spec.matches(record)) {
          return false;
        }
      }
      return true;
    }

    /** Waits for the records. */
    List<PackageRecord> result() {
      List<PackageRecord> records = awaited();
      if (!warned.getAndSet(true)) {
        for (String warning : warnings) {
          context.events().warn(warning);
        }
      }
      return records;
    }

    private List<PackageRecord> awaited() {
      CancellationToken token = context.token();
      if (read.isDone()) {
        token.throwIfCancelled();
      }
      try {
        return LoadWait.await(read, token);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new CompletionException(e.getCause());
      }
    }

    /** Takes what an index has of the name. */
    private final class Taking implements SubdirIndex.Sink {
      private final Subdir subdir;
      private final List<PackageRecord> records;

      Taking(Subdir subdir, List<PackageRecord> records) {
        this.subdir = subdir;
        this.records = records;
      }

      @Override
      public void record(PackageRecord record) {
        records.add(record);
      }

      @Override
      public void leftOut(String fileName, String reason) {
        LOG.debug("The record of {} in {} is left out: {}", fileName, subdir, reason);
        warnings.add(
            "The record of %s in %s is left out: %s. Tell the owner of the channel."
                .formatted(printable(fileName), subdir, reason));
      }

      @Override
      public void missing() {
        missing.add(name);
        warnings.add(
            "The records of %s in %s are not in the cache, and JConda is offline: it goes on without them."
                .formatted(name, subdir));
      }
    }
  }

  private static String printable(String fileName) {
    return fileName.replaceAll("\\p{Cntrl}", "?");
  }
}

package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.OfflineException;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Loads the indexes of channels: from servers by way of a cache, from folders in place.
 *
 * <p>Thread-safe; threads that want the same index at the same time share one load. Owns no thread
 * and no connection between calls.
 */
public final class Repodata {
  private static final int MOST_AT_ONCE = 8;

  private final Network network;
  private final Settings settings;
  private final Disk disk;
  private final Clock clock;
  private final View view;
  private final SharedLoads<String, IndexDownload.Answer> loads;
  private final SharedLoads<String, byte[]> shardLoads;
  private final OpenIndexes open;

  /**
   * Makes a loader.
   *
   * @param network how servers are asked; its offline view makes no request
   * @param settings say where the cache is, where channels are, how long an index is fresh, and
   *     which forms are asked for
   * @param disk what the cache is written through
   */
  public Repodata(Network network, Settings settings, Disk disk) {
    this(network, settings, disk, Clock.systemUTC());
  }

  Repodata(Network network, Settings settings, Disk disk, Clock clock) {
    this(
        network,
        settings,
        disk,
        clock,
        new View(false, false, settings.useShards(), settings.useZst()),
        new SharedLoads<>(),
        new SharedLoads<>(),
        new OpenIndexes(disk));
  }

  private Repodata(
      Network network,
      Settings settings,
      Disk disk,
      Clock clock,
      View view,
      SharedLoads<String, IndexDownload.Answer> loads,
      SharedLoads<String, byte[]> shardLoads,
      OpenIndexes open) {
    this.network = network;
    this.settings = settings;
    this.disk = disk;
    this.clock = clock;
    this.view = view;
    this.loads = loads;
    this.shardLoads = shardLoads;
    this.open = open;
  }

  /** Says how a loader differs from others that share its loads. */
  private record View(boolean refresh, boolean whole, boolean shards, boolean zst) {}

  /**
   * Tells loads apart: one of another kind may fail, or give something else, than this would. A
   * text, as the first hash of a record costs a JVM that has just started as much as a load.
   */
  private String loadKey(Subdir subdir) {
    return subdir.url()
        + " "
        + subdir.channel()
        + (view.refresh ? " refresh" : "")
        + (view.whole ? " whole" : "")
        + (view.shards ? " shards" : "")
        + (view.zst ? " zst" : "")
        + (network.isOffline() ? " offline" : "");
  }

  private Repodata with(Network other, View otherView) {
    return new Repodata(other, settings, disk, clock, otherView, loads, shardLoads, open);
  }

  /**
   * Returns a view of this loader that is offline or is not, for one request among others.
   *
   * @param offline whether only folders and the cache may be used
   */
  public Repodata offline(boolean offline) {
    return with(network.offline(offline), view);
  }

  /**
   * Returns a view of this loader that asks servers however fresh the cached indexes are, and also
   * for the forms that they did not have. An index that has not changed is not sent again.
   *
   * @param refresh whether to do so
   */
  public Repodata refreshing(boolean refresh) {
    return with(network, new View(refresh, view.whole, view.shards, view.zst));
  }

  /**
   * Returns a view of this loader for those who look at all records: it takes whole indexes where a
   * channel has them, because to fetch every shard takes a request for each name. A channel that
   * has nothing but shards is read shard by shard.
   */
  public Repodata whole() {
    return with(network, new View(view.refresh, true, view.shards, view.zst));
  }

  /** Returns a view that asks for some forms only, whatever the settings say. */
  Repodata forms(boolean shards, boolean zst) {
    return with(network, new View(view.refresh, view.whole, shards, zst));
  }

  /**
   * Loads the indexes of a platform and of noarch from channels, several at once, and blocks until
   * they are there; where a channel has shards (CEP-16), only what says which. Emits an {@code
   * IndexLoaded} for each.
   *
   * <p>A subdir that a channel does not have is empty. A channel without noarch is refused, unless
   * it has the platform: then there is a warning (CEP-26 wants noarch, many private channels lack
   * it).
   *
   * @param channels the channels, highest priority first; {@code defaults} stands for several, the
   *     embedded channel must have been turned into a folder
   * @param platform the platform that packages are wanted for
   * @param context the operation; cancelling it ends the requests
   * @throws ChannelException if a channel is not there, cannot be reached, or has no valid index
   * @throws io.jconda.OfflineException if an index is not in the cache and the network must not be
   *     used
   * @throws io.jconda.StorageException if the cache cannot be written or read
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  public ChannelIndexes load(List<Channel> channels, Platform platform, OperationContext context) {
    LinkedHashSet<Channel> expanded = new LinkedHashSet<>();
    for (Channel channel : channels) {
      network.addCredentials(channel);
      expanded.addAll(settings.expand(channel, platform));
    }
    for (Channel channel : settings.channelsWithSecrets()) {
      network.addCredentials(channel);
    }
    List<Channel> all = List.copyOf(expanded);
    List<Platform> platforms =
        platform == Platform.NOARCH ? List.of(platform) : List.of(platform, Platform.NOARCH);
    List<Subdir> subdirs = new ArrayList<>();
    for (Channel channel : all) {
      URI url = settings.channelUrl(channel);
      for (Platform one : platforms) {
        subdirs.add(Subdir.of(channel, url, one));
      }
    }
    List<IndexDownload.Answer> answers = loadAll(subdirs, context);
    List<LoadedSubdir> loaded = new ArrayList<>();
    for (int i = 0; i < subdirs.size(); i += platforms.size()) {
      checkNoarch(subdirs, answers, i, platforms.size(), context);
      for (int j = i; j < i + platforms.size(); j++) {
        SubdirIndex index = answers.get(j).index().orElse(CompactIndex.EMPTY);
        loaded.add(LoadedSubdir.of(subdirs.get(j), index));
      }
    }
    return new ChannelIndexes(all, loaded, context);
  }

  /**
   * Returns records as their channels serve them, as JSON, with the fields that JConda does not
   * know. Of whole indexes the cache keeps what a solve needs, so they are asked for once more;
   * offline their records are not found, as are those that the channel has changed meanwhile.
   * Blocks.
   *
   * @param indexes what the records are of
   * @param records the records
   * @return what was found, by {@code subdir/file name}
   * @throws ChannelException if an index cannot be fetched or read
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  public Map<String, ObjectNode> originals(
      ChannelIndexes indexes, Collection<PackageRecord> records, OperationContext context) {
    return new Originals(network, settings, disk, clock, open, view.zst)
        .of(indexes, records, context);
  }

  /** Looks at the answers of one channel, of which noarch is the last. */
  private static void checkNoarch(
      List<Subdir> subdirs,
      List<IndexDownload.Answer> answers,
      int first,
      int count,
      OperationContext context) {
    Subdir noarch = subdirs.get(first + count - 1);
    IndexDownload.Answer answer = answers.get(first + count - 1);
    if (answer.index().isPresent()) {
      return;
    }
    Channel channel = noarch.channel();
    if (count > 1 && answers.get(first).index().isPresent()) {
      context
          .events()
          .warn(
              "Channel %s has no noarch index, which every channel should have. Its owner can add one."
                  .formatted(channel));
      return;
    }
    if (noarch.isFolder()) {
      Path folder = Path.of(noarch.url()).resolveSibling("");
      throw new ChannelException(
          Files.isDirectory(folder)
              ? "The folder %s is no channel: it has no noarch/repodata.json.".formatted(folder)
              : "The folder %s of a channel does not exist.".formatted(folder),
          "Check its path, or write its index, for example with jconda index.");
    }
    throw new ChannelException(
        "Channel %s is not there: %s was answered with HTTP status %d."
            .formatted(channel, noarch.file(Variant.JSON), answer.status()),
        answer.status() == 403
            ? "Check the channel's name and URL, and its user, password or token."
            : "Check the channel's name and URL.");
  }

  private List<IndexDownload.Answer> loadAll(List<Subdir> subdirs, OperationContext context) {
    if (subdirs.isEmpty()) {
      return List.of();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(subdirs.size(), settings.indexThreads().orElse(MOST_AT_ONCE)),
            Repodata::thread);
    try {
      // not CompletableFuture, which allocates to fail: short of memory it would never complete
      List<Future<IndexDownload.Answer>> futures = new ArrayList<>();
      for (Subdir subdir : subdirs) {
        futures.add(threads.submit(() -> load(subdir, context)));
      }
      return awaitAll(futures, context);
    } finally {
      threads.shutdown();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "jconda-index");
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for all, and throws the first failure in the order of the channels. */
  private static List<IndexDownload.Answer> awaitAll(
      List<Future<IndexDownload.Answer>> futures, OperationContext context) {
    List<IndexDownload.Answer> answers = new ArrayList<>();
    CondaException failure = null;
    for (Future<IndexDownload.Answer> future : futures) {
      try {
        answers.add(await(future, context));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof CondaException conda)) {
          throw new CompletionException(e.getCause());
        }
        if (failure == null) {
          failure = conda;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return answers;
  }

  /** Waits to the end; an interrupt cancels the operation, which ends the load. */
  private static <T> T await(Future<T> future, OperationContext context) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
          context.token().cancel("its thread was interrupted");
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private IndexDownload.Answer load(Subdir subdir, OperationContext context) {
    long start = System.nanoTime();
    IndexDownload.Answer answer =
        loads.load(
            loadKey(subdir),
            context,
            () -> subdir.isFolder() ? fromFolder(subdir, context) : fromServer(subdir, context));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    if (answer.index().isPresent()) {
      int size = answer.index().get().size();
      context
          .events()
          .emit(
              operation ->
                  new ProgressEvent.IndexLoaded(
                      operation,
                      subdir.channel().name(),
                      subdir.platform().subdir(),
                      size,
                      elapsed));
    }
    return answer;
  }

  /** Asks for the forms in their order; shards come first, unless all records are wanted. */
  private IndexDownload.Answer fromServer(Subdir subdir, OperationContext context) {
    IndexDownload.Freshness freshness =
        new IndexDownload.Freshness(settings.indexLifetime(), view.refresh, view.zst);
    if (view.shards && !view.whole) {
      IndexDownload.Answer shards = shards(subdir, freshness, context);
      if (shards.index().isPresent()) {
        return shards;
      }
    }
    IndexDownload whole =
        new IndexDownload(
            subdir, network, disk, settings.indexFolder(), open, freshness, clock, context);
    return view.shards && view.whole
        ? wholeOrShards(whole, () -> shards(subdir, freshness, context))
        : whole.load();
  }

  private static IndexDownload.Answer wholeOrShards(
      IndexDownload whole, Supplier<IndexDownload.Answer> shards) {
    IndexDownload.Answer answer;
    try {
      answer = whole.load();
    } catch (OfflineException e) {
      IndexDownload.Answer instead = shards.get();
      if (instead.index().isPresent()) {
        return instead;
      }
      throw e;
    }
    if (answer.index().isPresent()) {
      return answer;
    }
    IndexDownload.Answer instead = shards.get();
    return instead.index().isPresent() ? instead : answer;
  }

  private IndexDownload.Answer shards(
      Subdir subdir, IndexDownload.Freshness freshness, OperationContext context) {
    Path folder = settings.indexFolder();
    ShardStore store = new ShardStore(network, disk, folder.resolve("shards"), shardLoads);
    return new ShardsDownload(subdir, network, disk, folder, store, freshness, clock, context)
        .load();
  }

  private IndexDownload.Answer fromFolder(Subdir subdir, OperationContext context) {
    IndexFiles files = new IndexFiles(disk, settings.indexFolder(), "folder-", subdir, clock);
    FolderIndex folder = new FolderIndex(subdir, network, disk, files, open, context);
    Optional<FolderIndex.Stamp> stamp = folder.stamp();
    return stamp.isEmpty()
        ? new IndexDownload.Answer(Optional.empty(), 404)
        : new IndexDownload.Answer(Optional.of(folder.load(stamp.get())), 200);
  }
}

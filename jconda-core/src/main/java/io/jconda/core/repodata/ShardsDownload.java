package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what says which shards one subdir has, from a server by way of the cache; not the shards.
 */
final class ShardsDownload {
  private static final Logger LOG = LoggerFactory.getLogger(ShardsDownload.class);
  // conda: _private/shards/shards.py, ZSTD_MAX_SHARD_INDEX_SIZE
  private static final int LARGEST = 1 << 27;
  private static final Duration BETWEEN_SWEEPS = Duration.ofDays(1);

  private final Subdir subdir;
  private final Network network;
  private final IndexFiles files;
  private final ShardStore store;
  private final IndexDownload.Freshness freshness;
  private final Clock clock;
  private final OperationContext context;

  ShardsDownload(
      Subdir subdir,
      Network network,
      Disk disk,
      Path folder,
      ShardStore store,
      IndexDownload.Freshness freshness,
      Clock clock,
      OperationContext context) {
    this.subdir = subdir;
    this.network = network;
    this.files = new IndexFiles(disk, folder, "shards-", subdir, clock);
    this.store = store;
    this.freshness = freshness;
    this.clock = clock;
    this.context = context;
  }

  /**
   * Returns the index in shards, or the status with which the server said that there is none; that
   * is remembered for a while.
   *
   * @throws ChannelException if the server gives something that is none
   */
  IndexDownload.Answer load() {
    IndexState state = files.state();
    Instant now = clock.instant();
    if (state.isAbsent(now, IndexDownload.ABSENCE) && !freshness.refresh()) {
      return new IndexDownload.Answer(Optional.empty(), 404);
    }
    Zstandard.lookAhead();
    Optional<ShardedIndex> cached = open(state);
    if (network.isOffline() || (cached.isPresent() && freshness.allows(state, now))) {
      return new IndexDownload.Answer(
          cached.map(SubdirIndex.class::cast), cached.isPresent() ? 200 : 404);
    }
    Map<String, String> conditions =
        cached.isPresent() ? state.conditions(Variant.SHARDS) : Map.of();
    try {
      return new IndexServer(subdir, network, context)
          .ask(
              subdir.file(Variant.SHARDS),
              freshness.headers(conditions),
              response -> answer(response, state, cached));
    } catch (ChannelException e) {
      throw cached.isPresent() ? IndexDownload.remindingOf(state, e) : e;
    }
  }

  private IndexDownload.Answer answer(
      Response response, IndexState state, Optional<ShardedIndex> cached) throws IOException {
    int status = response.status();
    if (status == 304 && cached.isPresent()) {
      files.write(state.confirmed(response, clock.instant()));
      return new IndexDownload.Answer(cached.map(SubdirIndex.class::cast), status);
    }
    if (status == 200) {
      return new IndexDownload.Answer(Optional.of(download(response, state, cached)), status);
    }
    if (IndexDownload.isNo(status)) {
      files.write(state.gone(clock.instant()));
      return new IndexDownload.Answer(Optional.empty(), status);
    }
    throw new IndexServer.StatusException(status);
  }

  private SubdirIndex download(Response response, IndexState state, Optional<ShardedIndex> cached)
      throws IOException {
    byte[] body = response.body().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      throw new MalformedIndexException("it is larger than %d bytes".formatted(LARGEST));
    }
    ShardTable table = ShardTable.read(Zstandard.decompress(body, LARGEST));
    ShardedIndex index = index(table);
    subdir.archives(table.baseUrl());
    context.checkpoint();
    Path file = files.unused(".msgpack.zst");
    files.publish(file, body);
    Instant now = clock.instant();
    IndexState next =
        state.served(response, Variant.SHARDS, file.getFileName().toString(), sum(body), now);
    boolean sweeps = now.isAfter(state.swept().plus(BETWEEN_SWEEPS));
    files.write(sweeps ? next.sweptAt(now) : next);
    files.sweep(file);
    if (sweeps) {
      store.sweep(cached.map(old -> dropped(old.table(), table)).orElseGet(Set::of), now);
    }
    return index;
  }

  private static Set<String> dropped(ShardTable old, ShardTable current) {
    Set<String> dropped = new HashSet<>(old.hashes());
    dropped.removeAll(current.hashes());
    return dropped;
  }

  private ShardedIndex index(ShardTable table) throws MalformedIndexException {
    return ShardedIndex.of(table, subdir, store, () -> files.write(files.state().outdated()));
  }

  private static long sum(byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(content);
    return sum.getValue();
  }

  private Optional<ShardedIndex> open(IndexState state) {
    if (state.dataFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] body = Files.readAllBytes(files.file(state.dataFile()));
      if (sum(body) != state.sum()) {
        throw new EOFException("its checksum is wrong");
      }
      return Optional.of(index(ShardTable.read(Zstandard.decompress(body, LARGEST))));
    } catch (IOException e) {
      LOG.debug("The cached index of shards of {} is of no use.", subdir, e);
      return Optional.empty();
    }
  }
}

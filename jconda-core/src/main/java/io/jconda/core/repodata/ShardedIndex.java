package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.net.Redacted;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Is the index of a subdir in shards, one for each name (CEP-16). */
final class ShardedIndex implements SubdirIndex {
  // conda: _private/shards/shards.py, ZSTD_MAX_SHARD_SIZE
  private static final int LARGEST_SHARD = 1 << 24;

  private final ShardTable table;
  private final URI shards;
  private final ShardStore store;
  private final Runnable outdated;

  private ShardedIndex(ShardTable table, URI shards, ShardStore store, Runnable outdated) {
    this.table = table;
    this.shards = shards;
    this.store = store;
    this.outdated = outdated;
  }

  /**
   * Makes the index.
   *
   * @param outdated told if the server lacks a shard that the table names, and so has a newer table
   * @throws MalformedIndexException if the table leads to where no shard may be
   */
  static ShardedIndex of(ShardTable table, Subdir subdir, ShardStore store, Runnable outdated)
      throws MalformedIndexException {
    String base = table.shardsBaseUrl();
    URI shards;
    try {
      shards = subdir.url().resolve(base.isEmpty() || base.endsWith("/") ? base : base + "/");
    } catch (IllegalArgumentException e) {
      throw new MalformedIndexException("its shards_base_url is no URL");
    }
    String scheme = String.valueOf(shards.getScheme()).toLowerCase(Locale.ROOT);
    // a server must not make its readers read their own disks
    if ((!scheme.equals("https") && !scheme.equals("http")) || shards.getHost() == null) {
      throw new MalformedIndexException("its shards_base_url is no http URL");
    }
    return new ShardedIndex(table, shards, store, outdated);
  }

  ShardTable table() {
    return table;
  }

  @Override
  public List<String> names() {
    return table.names();
  }

  @Override
  public int size() {
    return table.size();
  }

  @Override
  public String baseUrl() {
    return table.baseUrl();
  }

  @Override
  public boolean isAtHand(String name) {
    String hash = table.hash(name);
    return hash == null || store.isOffline() || store.has(hash);
  }

  @Override
  public void fetch(String name, LoadedSubdir from, OperationContext context) throws IOException {
    String hash = table.hash(name);
    if (hash != null && !from.fetched().containsKey(name)) {
      from.fetched().put(name, fetchShard(hash, from.subdir(), context));
    }
  }

  private byte[] fetchShard(String hash, Subdir subdir, OperationContext context) {
    return store.fetch(url(hash), hash, subdir, outdated, context);
  }

  private URI url(String hash) {
    return shards.resolve(hash + ".msgpack.zst");
  }

  @Override
  public void read(String name, LoadedSubdir from, OperationContext context, Sink sink)
      throws IOException {
    String hash = table.hash(name);
    if (hash == null) {
      return;
    }
    byte @Nullable [] shard = from.fetched().remove(name);
    if (shard == null) {
      shard = store.find(hash);
    }
    if (shard == null) {
      if (store.isOffline()) {
        sink.missing();
        return;
      }
      shard = fetchShard(hash, from.subdir(), context);
    }
    read(shard, name, hash, from, sink).forEach(sink::record);
  }

  private List<PackageRecord> read(
      byte[] shard, String name, String hash, LoadedSubdir from, Sink sink) {
    try {
      byte[] plain = Zstandard.decompress(shard, LARGEST_SHARD);
      return ShardReader.read(plain, name, from.subdir(), from.archives(), sink::leftOut);
    } catch (IOException e) {
      // its hash is right, so this is what the channel's owner made
      throw new ChannelException(
          "Channel %s: the shard of %s at %s is of no use: %s."
              .formatted(from.subdir().channel(), name, Redacted.url(url(hash)), e.getMessage()),
          "Tell the owner of the channel.",
          e);
    }
  }
}

package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.ChannelException;
import io.jconda.core.net.Redacted;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    byte @Nullable [] shard = shard(name, hash, from, context);
    if (shard == null) {
      sink.missing();
      return;
    }
    read(shard, name, hash, from, sink).forEach(sink::record);
  }

  /** Returns a shard as it was received, or null if it is not there and must not be fetched. */
  private byte @Nullable [] shard(
      String name, String hash, LoadedSubdir from, OperationContext context) throws IOException {
    byte @Nullable [] shard = from.fetched().remove(name);
    if (shard == null) {
      shard = store.find(hash);
    }
    return shard == null && !store.isOffline() ? fetchShard(hash, from.subdir(), context) : shard;
  }

  /**
   * Returns records of a name as JSON, with all that the shard says of them; by file name. Blocks
   * if the shard is not there any more.
   *
   * @throws IOException if the shard cannot be read
   */
  Map<String, ObjectNode> originals(
      String name, Set<String> wanted, LoadedSubdir from, OperationContext context)
      throws IOException {
    String hash = table.hash(name);
    byte @Nullable [] shard = hash == null ? null : shard(name, hash, from, context);
    return shard == null
        ? Map.of()
        : ShardOriginals.of(Zstandard.decompress(shard, LARGEST_SHARD), wanted);
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

package io.jconda.core.repodata;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps shards as they were received, each under the SHA-256 of its bytes, whatever channel it is
 * of; that name proves the content at each read, so that no damage goes unnoticed (CEP-16).
 *
 * <p>Thread-safe; several processes may use one folder.
 */
final class ShardStore {
  private static final Logger LOG = LoggerFactory.getLogger(ShardStore.class);
  private static final String ENDING = ".msgpack.zst";
  // conda-forge's largest has half a megabyte
  private static final int LARGEST = 1 << 25;
  private static final Duration KEPT = Duration.ofDays(180);

  private final Network network;
  private final Disk disk;
  private final Path folder;
  private final SharedLoads<String, byte[]> loads;

  ShardStore(Network network, Disk disk, Path folder, SharedLoads<String, byte[]> loads) {
    this.network = network;
    this.disk = disk;
    this.folder = folder;
    this.loads = loads;
  }

  boolean isOffline() {
    return network.isOffline();
  }

  private Path file(String hash) {
    return folder.resolve(hash + ENDING);
  }

  /** Tells whether a shard seems to be there. */
  boolean has(String hash) {
    return Files.exists(file(hash));
  }

  /** Returns a shard that is there and whole, or null. */
  byte @Nullable [] find(String hash) throws IOException {
    try {
      byte[] shard = Files.readAllBytes(file(hash));
      if (Hashes.sha256(shard).equals(hash)) {
        return shard;
      }
      LOG.debug("{} is damaged and is fetched anew.", file(hash));
      return null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Fetches a shard that is not there, checks it and keeps it. Blocks.
   *
   * @param gone told if the server has no such shard any more
   * @throws io.jconda.ChannelException if the server does not give it
   * @throws io.jconda.StorageException if it cannot be kept
   */
  byte[] fetch(URI url, String hash, Subdir subdir, Runnable gone, OperationContext context) {
    IndexServer server = new IndexServer(subdir, network, context);
    return loads.load(
        hash, context, () -> server.ask(url, Map.of(), answer -> taken(answer, hash, gone)));
  }

  private byte[] taken(Response answer, String hash, Runnable gone) throws IOException {
    if (answer.status() != 200) {
      if (answer.status() == 404 || answer.status() == 410) {
        gone.run();
      }
      throw new IndexServer.StatusException(answer.status());
    }
    byte[] body = answer.body().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      throw new MalformedIndexException("it is larger than %d bytes".formatted(LARGEST));
    }
    String found = Hashes.sha256(body);
    if (!found.equals(hash)) {
      throw new IndexServer.WrongHashException(hash, found);
    }
    save(hash, body);
    return body;
  }

  /** Puts a shard in place; not forced to the disk, as its name tells whether it is whole. */
  private void save(String hash, byte[] body) {
    try {
      IndexFiles.publish(disk, file(hash), body);
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", file(hash), e);
    }
  }

  /**
   * Deletes shards that an index named and does not any more, and very old ones, which may be of a
   * channel that nobody uses. Who still needs one fetches it anew.
   */
  void sweep(Set<String> dropped, Instant now) {
    Instant limit = now.minus(KEPT);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String hash = file.getFileName().toString().replace(ENDING, "");
        if (dropped.contains(hash) || IndexFiles.isOlder(file, limit)) {
          disk.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("There are no shards in {} yet.", folder);
    } catch (IOException e) {
      // nothing depends on it; what could not be deleted is tried again another day
      LOG.debug("Old shards could not be deleted.", e);
    }
  }
}

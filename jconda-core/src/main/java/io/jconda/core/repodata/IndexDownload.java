package io.jconda.core.repodata;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.net.Network;
import io.jconda.core.net.Redacted;
import io.jconda.core.net.Refusal;
import io.jconda.core.net.Response;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the index of one subdir from a server by way of the cache.
 *
 * <p>A cached index has a file name of its own that is never used again, and the state beside says
 * which one counts; both appear in one step. So readers see one index or the other, and two
 * processes that refresh at once do no harm.
 */
final class IndexDownload {
  private static final Logger LOG = LoggerFactory.getLogger(IndexDownload.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  // how long the absence of the compressed form is remembered
  private static final Duration ABSENCE = Duration.ofDays(7);
  // a file this old that no state names is read by nobody any more
  private static final Duration GRACE = Duration.ofHours(2);

  private final Subdir subdir;
  private final Network network;
  private final Disk disk;
  private final Path folder;
  private final Optional<Duration> lifetime;
  private final Clock clock;
  private final String key;
  private final OperationContext context;

  IndexDownload(
      Subdir subdir,
      Network network,
      Disk disk,
      Path folder,
      Optional<Duration> lifetime,
      Clock clock,
      OperationContext context) {
    this.subdir = subdir;
    this.network = network;
    this.disk = disk;
    this.folder = folder;
    this.lifetime = lifetime;
    this.clock = clock;
    this.context = context;
    this.key = key(subdir.url().toString());
  }

  /** Is the index of a subdir, or the status with which the server said that there is none. */
  record Answer(Optional<CompactIndex> index, int status) {}

  /**
   * Returns the index: the cached one while it is fresh or the server confirms it, else a new one.
   *
   * @throws ChannelException if the server gives no index, or something that is none
   * @throws OfflineException if nothing is cached and the network must not be used
   */
  Answer load() {
    IndexState state = readState();
    Optional<CompactIndex> cached = open(state);
    if (network.isOffline()) {
      if (state.absent()) {
        return new Answer(Optional.empty(), 404);
      }
      return new Answer(Optional.of(cached.orElseThrow(this::notCached)), 200);
    }
    Instant now = clock.instant();
    if (cached.isPresent() && state.isFresh(now, lifetime)) {
      return new Answer(cached, 200);
    }
    IndexState known = state;
    int status = 404;
    for (Variant variant : Variant.values()) {
      if (variant == Variant.ZST && now.isBefore(known.noZstUntil())) {
        continue;
      }
      Answer answer = ask(variant, known, cached);
      if (answer.index().isPresent()) {
        return answer;
      }
      status = answer.status();
      if (variant == Variant.ZST) {
        known = known.withoutZstUntil(now.plus(ABSENCE));
      }
    }
    write(state.gone(now));
    return new Answer(Optional.empty(), status);
  }

  private OfflineException notCached() {
    return new OfflineException(
        "The index of %s is not in the cache, and JConda is offline.".formatted(subdir),
        "Allow the network, or load it once while online.");
  }

  private Answer ask(Variant variant, IndexState state, Optional<CompactIndex> cached) {
    for (int attempt = 0; ; attempt++) {
      try {
        return askOnce(variant, state, cached);
      } catch (MalformedIndexException e) {
        throw noIndex(variant, e);
      } catch (ZstdIOException e) {
        boolean cut = e.getErrorCode() == Zstd.errSrcSizeWrong();
        if (!cut || attempt >= network.settings().retries()) {
          throw noIndex(variant, e);
        }
        LOG.debug("The download of {} is begun anew.", subdir, e);
      } catch (IOException e) {
        // the body broke off, which may not happen again
        if (attempt >= network.settings().retries()) {
          throw e instanceof EOFException ? noIndex(variant, e) : broken(variant, e);
        }
        LOG.debug("The download of {} is begun anew.", subdir, e);
      }
    }
  }

  private ChannelException noIndex(Variant variant, IOException cause) {
    return new ChannelException(
        "Channel %s: %s is no conda index: %s."
            .formatted(subdir.channel(), Redacted.url(subdir.file(variant)), cause.getMessage()),
        "Check the channel's URL, and whether a proxy or a login page answers in its place.",
        cause);
  }

  private ChannelException broken(Variant variant, IOException cause) {
    ChannelException e = Refusal.of(subdir.file(variant), cause);
    return new ChannelException(
        "Channel %s: %s".formatted(subdir.channel(), e.problem()), e.remedy(), cause);
  }

  private Answer askOnce(Variant variant, IndexState state, Optional<CompactIndex> cached)
      throws IOException {
    Map<String, String> conditions = new HashMap<>();
    if (cached.isPresent() && state.variant() == variant) {
      putUnlessEmpty(conditions, "If-None-Match", state.etag());
      putUnlessEmpty(conditions, "If-Modified-Since", state.lastModified());
    }
    try (Response response = request(variant, conditions)) {
      int status = response.status();
      if (status == 304 && cached.isPresent()) {
        write(state.after(response, variant, state.dataFile(), clock.instant()));
        return new Answer(cached, status);
      }
      if (status == 200) {
        return new Answer(Optional.of(download(response, variant, state)), status);
      }
      boolean absent = status == 404 || status == 403 || status == 410;
      if (absent || (variant == Variant.ZST && status >= 400 && status < 500)) {
        return new Answer(Optional.empty(), status);
      }
      ChannelException e = Refusal.ofStatus(subdir.file(variant), status);
      throw named(e);
    }
  }

  private static void putUnlessEmpty(Map<String, String> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(name, value);
    }
  }

  private Response request(Variant variant, Map<String, String> conditions) {
    try {
      return network.exchange(subdir.file(variant), conditions, context);
    } catch (ChannelException e) {
      throw named(e);
    }
  }

  private ChannelException named(ChannelException e) {
    return new ChannelException(
        "Channel %s: %s".formatted(subdir.channel(), e.problem()), e.remedy(), e);
  }

  private CompactIndex download(Response response, Variant variant, IndexState state)
      throws IOException {
    String unique =
        "%s-%x-%x-%x"
            .formatted(
                key, clock.millis(), ProcessHandle.current().pid(), NUMBERS.incrementAndGet());
    Path temporary = folder.resolve(unique + ".tmp");
    Path file = folder.resolve(unique + ".idx");
    try (CompactIndexFile writing = new CompactIndexFile(disk, temporary);
        CompactIndexBuilder builder = new CompactIndexBuilder(writing);
        InputStream json = variant.decode(response.body())) {
      IndexScanner.scan(json, builder);
      IndexTable table = builder.finish();
      subdir.archives(table.baseUrl);
      context.checkpoint();
      CompactIndex index = writing.publish(table, file);
      write(state.after(response, variant, file.getFileName().toString(), clock.instant()));
      sweep(file);
      return index;
    }
  }

  private Optional<CompactIndex> open(IndexState state) {
    if (state.dataFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(CompactIndexFile.open(folder.resolve(state.dataFile())));
    } catch (IOException e) {
      LOG.debug("The cached index of {} is of no use and is loaded anew.", subdir, e);
      return Optional.empty();
    }
  }

  private Path stateFile() {
    return folder.resolve(key + ".json");
  }

  private IndexState readState() {
    try {
      return IndexState.read(stateFile(), subdir.url().toString());
    } catch (IOException e) {
      throw DiskFailure.explain("read a cached index", stateFile(), e);
    }
  }

  private void write(IndexState state) {
    try {
      disk.createDirectories(folder);
      disk.publish(stateFile(), state.toBytes());
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", stateFile(), e);
    }
  }

  /** Deletes what earlier downloads left; what is young may still be read or written. */
  private void sweep(Path current) {
    Instant limit = clock.instant().minus(GRACE);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, key + "-*.{idx,tmp}")) {
      for (Path file : files) {
        if (!file.equals(current) && isOlder(file, limit)) {
          disk.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // the index is in place; what could not be deleted is tried again at the next refresh
      LOG.debug("An old index could not be deleted.", e);
    }
  }

  private static boolean isOlder(Path file, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static String key(String url) {
    return Hashes.sha256(url).substring(0, 16);
  }
}

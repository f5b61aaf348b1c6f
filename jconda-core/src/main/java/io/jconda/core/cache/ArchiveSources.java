package io.jconda.core.cache;

import io.jconda.ChannelException;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where one archive can be read: kept in a store, in a folder of another tool, or behind its
 * URL. What lies on this machine is tried once, before the URL. For one thread.
 */
final class ArchiveSources {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveSources.class);
  private static final int OK = 200;

  private final PackageRecord record;
  private final Network network;
  private final Patience patience;
  private final OperationContext context;
  private final Deque<Path> local = new ArrayDeque<>();

  /**
   * An archive that can be read; whoever opened it closes it.
   *
   * @param body its bytes
   * @param length how many there are, -1 if nobody knows
   * @param place where it lies on this machine; empty if it comes from its URL
   * @param owner what is to be closed
   */
  record Source(InputStream body, long length, Optional<Path> place, AutoCloseable owner)
      implements AutoCloseable {
    @Override
    public void close() {
      try {
        owner.close();
      } catch (Exception e) {
        LOG.debug("Closing an archive failed after all of it was read or given up.", e);
      }
    }
  }

  /** Looks for an archive; nothing is opened yet. */
  ArchiveSources(
      PackageRecord record,
      List<Store> stores,
      List<CondaFolder> folders,
      Network network,
      Patience patience,
      OperationContext context) {
    this.record = record;
    this.network = network;
    this.patience = patience;
    this.context = context;
    // loops: this runs once for a package, and first of all for many at once
    String sha256 = Digests.normal(record.sha256().orElse(""));
    if (Digests.isSha256(sha256)) {
      for (Store store : stores) {
        local.add(store.layout().archive(sha256));
      }
    }
    for (CondaFolder folder : folders) {
      Optional<Path> archive = folder.archive(record);
      if (archive.isPresent()) {
        local.add(archive.get());
      }
    }
  }

  /** Opens the best that has not been tried; the URL any number of times. */
  Source open() {
    while (!local.isEmpty()) {
      Optional<Source> source = openFile(local.removeFirst());
      if (source.isPresent()) {
        return source.get();
      }
    }
    Response response = network.get(uri(), Map.of(), context);
    if (response.status() != OK) {
      response.close();
      throw new ChannelException(
          "The archive %s is not there (the server answered %d)."
              .formatted(record.url(), response.status()),
          "Load the channel's index again and solve anew: the package may have been withdrawn.");
    }
    boolean hashed = record.sha256().isPresent() || record.md5().isPresent();
    ResumingBody body = new ResumingBody(network, uri(), response, hashed, patience, context);
    return new Source(body, response.contentLength(), Optional.empty(), body);
  }

  private static Optional<Source> openFile(Path archive) {
    try {
      InputStream in = Files.newInputStream(archive);
      return Optional.of(new Source(in, Files.size(archive), Optional.of(archive), in));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is passed over: {}", archive, e.toString());
      return Optional.empty();
    }
  }

  private URI uri() {
    try {
      return URI.create(record.url());
    } catch (IllegalArgumentException e) {
      throw new ChannelException(
          "The record of %s has no proper URL: '%s'.".formatted(record.distName(), record.url()),
          "Load the channel's index again, or tell who serves it.",
          e);
    }
  }
}

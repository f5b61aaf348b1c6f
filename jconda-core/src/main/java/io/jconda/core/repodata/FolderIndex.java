package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the index of one subdir from a folder; what is made of it is kept in the cache. */
final class FolderIndex {
  private static final Logger LOG = LoggerFactory.getLogger(FolderIndex.class);
  // shards save a network, which a folder does not need
  private static final List<Variant> FORMS = List.of(Variant.ZST, Variant.JSON);

  private final Subdir subdir;
  private final Network network;
  private final Disk disk;
  private final IndexFiles files;
  private final OpenIndexes open;
  private final OperationContext context;

  FolderIndex(
      Subdir subdir,
      Network network,
      Disk disk,
      IndexFiles files,
      OpenIndexes open,
      OperationContext context) {
    this.subdir = subdir;
    this.network = network;
    this.disk = disk;
    this.files = files;
    this.open = open;
    this.context = context;
  }

  /**
   * Identifies the content of an index file as far as its folder tells.
   *
   * @param variant which file it is
   * @param size its size
   * @param modified when it was written
   * @param inode the file's key, which changes when another file takes its place
   */
  record Stamp(Variant variant, long size, FileTime modified, String inode) {
    /**
     * Returns a text that no other stamp has. Written out, as a JVM that has just started takes 10
     * ms to make up that of a record.
     */
    @Override
    public String toString() {
      Instant time = modified.toInstant();
      return variant
          + " "
          + size
          + " "
          + time.getEpochSecond()
          + "."
          + time.getNano()
          + " "
          + inode;
    }
  }

  /** Returns the stamp of the newest index file, or empty if the subdir has none. */
  Optional<Stamp> stamp() {
    Stamp newest = null;
    for (Variant variant : FORMS) {
      Stamp stamp = stamp(variant);
      // a compressed index that is older than the plain one was forgotten by whoever wrote that
      if (stamp != null && (newest == null || stamp.modified().compareTo(newest.modified()) > 0)) {
        newest = stamp;
      }
    }
    return Optional.ofNullable(newest);
  }

  private @Nullable Stamp stamp(Variant variant) {
    Path file = Path.of(subdir.file(variant));
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isDirectory()
          ? null
          : new Stamp(
              variant,
              attributes.size(),
              attributes.lastModifiedTime(),
              String.valueOf(attributes.fileKey()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private ChannelException unreadable(Path file, IOException cause) {
    return new ChannelException(
        "Channel %s: %s cannot be read (%s).".formatted(subdir.channel(), file, cause.getMessage()),
        "Check its owner and permissions.",
        cause);
  }

  /**
   * Returns the index: from the file that was made of it earlier, else it makes that file.
   *
   * @throws ChannelException if it cannot be read or is no index
   * @throws io.jconda.StorageException if the cache cannot be written
   */
  CompactIndex load(Stamp stamp) {
    Path file = files.named(Hashes.sha256(stamp.toString()).substring(0, 16) + ".idx");
    try {
      return open.of(subdir.url().toString(), file);
    } catch (IOException e) {
      LOG.debug("{} is read whole, as {} is of no use.", subdir, file, e);
    }
    try {
      write(stamp, file);
      return open.of(subdir.url().toString(), file);
    } catch (IOException e) {
      throw new ChannelException(
          "Channel %s: %s is no conda index: %s."
              .formatted(subdir.channel(), Path.of(subdir.file(stamp.variant())), e.getMessage()),
          "Write the channel's index anew, for example with jconda index.",
          e);
    }
  }

  /**
   * Goes over the index file itself.
   *
   * @throws IOException if it cannot be read or is no index
   */
  void scan(Stamp stamp, IndexScanner.Sink sink) throws IOException {
    try (Response response = network.get(subdir.file(stamp.variant()), Map.of(), context);
        InputStream json = stamp.variant().decode(response.body())) {
      IndexScanner.scan(json, sink);
    }
  }

  private void write(Stamp stamp, Path file) throws IOException {
    try (Response response = network.get(subdir.file(stamp.variant()), Map.of(), context);
        InputStream json = stamp.variant().decode(response.body());
        CompactIndexWriter writing = new CompactIndexWriter(disk, files.unused(".tmp"))) {
      IndexScanner.scan(json, writing);
      subdir.archives(writing.baseUrl());
      context.checkpoint();
      writing.publish(file);
    }
    files.sweep(file);
  }
}

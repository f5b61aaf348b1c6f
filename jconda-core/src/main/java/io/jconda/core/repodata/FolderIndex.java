package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads the index of one subdir from a folder, in place: nothing of it goes to the cache. */
final class FolderIndex {
  // shards save a network, which a folder does not need
  private static final List<Variant> FORMS = List.of(Variant.ZST, Variant.JSON);

  private final Subdir subdir;
  private final Network network;
  private final OperationContext context;

  FolderIndex(Subdir subdir, Network network, OperationContext context) {
    this.subdir = subdir;
    this.network = network;
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
  record Stamp(Variant variant, long size, FileTime modified, String inode) {}

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
   * Reads the index.
   *
   * @throws ChannelException if it cannot be read or is no index
   */
  CompactIndex load(Stamp stamp) {
    List<byte[]> blocks = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    try (Response response = network.get(subdir.file(stamp.variant()), Map.of(), context);
        InputStream json = stamp.variant().decode(response.body());
        CompactIndexBuilder builder =
            new CompactIndexBuilder(
                (compressed, length) -> {
                  blocks.add(compressed);
                  lengths.add(length);
                })) {
      IndexScanner.scan(json, builder);
      IndexTable table = builder.finish();
      subdir.archives(table.baseUrl);
      return new CompactIndex(table, new Blocks.InHeap(List.copyOf(blocks), List.copyOf(lengths)));
    } catch (IOException e) {
      throw new ChannelException(
          "Channel %s: %s is no conda index: %s."
              .formatted(subdir.channel(), Path.of(subdir.file(stamp.variant())), e.getMessage()),
          "Write the channel's index anew, for example with jconda index.",
          e);
    }
  }
}

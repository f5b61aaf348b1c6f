package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.ChannelException;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds records as their channels serve them: in shards, in the files of folders, and of whole
 * indexes by asking the server once more, because the cache keeps of them what a solve needs.
 * Thread-safe.
 */
final class Originals {
  private final Network network;
  private final Settings settings;
  private final Disk disk;
  private final Clock clock;
  private final OpenIndexes open;
  private final boolean zst;

  Originals(
      Network network, Settings settings, Disk disk, Clock clock, OpenIndexes open, boolean zst) {
    this.network = network;
    this.settings = settings;
    this.disk = disk;
    this.clock = clock;
    this.open = open;
    this.zst = zst;
  }

  /** Returns what {@link Repodata#originals} does. */
  Map<String, ObjectNode> of(
      ChannelIndexes indexes, Collection<PackageRecord> records, OperationContext context) {
    Map<String, ObjectNode> originals = new HashMap<>();
    for (LoadedSubdir from : indexes.loaded()) {
      Subdir subdir = from.subdir();
      Map<String, Set<String>> byName = new TreeMap<>();
      for (PackageRecord record : records) {
        if (record.channel().equals(subdir.channel().name())
            && record.subdir().equals(subdir.platform().subdir())) {
          byName.computeIfAbsent(record.name(), name -> new HashSet<>()).add(record.fileName());
        }
      }
      if (!byName.isEmpty()) {
        of(from, byName, context)
            .forEach((file, node) -> originals.put(subdir.platform().subdir() + "/" + file, node));
      }
    }
    return originals;
  }

  private Map<String, ObjectNode> of(
      LoadedSubdir from, Map<String, Set<String>> byName, OperationContext context) {
    Map<String, ObjectNode> found = new HashMap<>();
    OriginalRecords whole =
        new OriginalRecords(
            byName.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
    Subdir subdir = from.subdir();
    try {
      if (from.index() instanceof ShardedIndex shards) {
        for (Map.Entry<String, Set<String>> named : byName.entrySet()) {
          found.putAll(shards.originals(named.getKey(), named.getValue(), from, context));
        }
        return found;
      }
      if (subdir.isFolder()) {
        IndexFiles files = new IndexFiles(disk, settings.indexFolder(), "folder-", subdir, clock);
        FolderIndex folder = new FolderIndex(subdir, network, disk, files, open, context);
        Optional<FolderIndex.Stamp> stamp = folder.stamp();
        if (stamp.isPresent()) {
          folder.scan(stamp.get(), whole);
        }
        return whole.found();
      }
    } catch (IOException e) {
      throw new ChannelException(
          "Channel %s: the index for %s cannot be read again: %s."
              .formatted(subdir.channel(), subdir.platform(), e.getMessage()),
          "Try again; if it stays so, tell the owner of the channel.",
          e);
    }
    return network.isOffline() ? Map.of() : fromServer(subdir, whole.wanted(), context);
  }

  private Map<String, ObjectNode> fromServer(
      Subdir subdir, Set<String> wanted, OperationContext context) {
    IndexServer server = new IndexServer(subdir, network, context);
    for (Variant variant : zst ? List.of(Variant.ZST, Variant.JSON) : List.of(Variant.JSON)) {
      Map<String, String> headers =
          variant == Variant.JSON ? Map.of("Accept-Encoding", "gzip") : Map.of();
      Optional<Map<String, ObjectNode>> found =
          server.ask(
              subdir.file(variant),
              headers,
              response -> {
                if (response.status() != 200) {
                  return Optional.empty();
                }
                OriginalRecords originals = new OriginalRecords(wanted);
                try (InputStream json = Unpacked.of(response, variant)) {
                  IndexScanner.scan(json, originals);
                }
                return Optional.of(originals.found());
              });
      if (found.isPresent()) {
        return found.get();
      }
    }
    return Map.of();
  }
}

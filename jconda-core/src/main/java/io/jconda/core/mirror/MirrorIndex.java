package io.jconda.core.mirror;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.github.luben.zstd.ZstdInputStream;
import io.jconda.ChannelException;
import io.jconda.core.archive.ChannelIndexWriter;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.repodata.StandaloneRecord;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Is the index of one subdir of a mirror (CEP-36): what the folder's index file says of packages
 * that were there before, every field of it, and what the source channels say of those that are
 * added. For one thread.
 */
final class MirrorIndex {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLAIN = "repodata.json";
  private static final String COMPRESSED = "repodata.json.zst";
  private static final List<String> PARTS = List.of("packages", "packages.conda");

  /** What a record says of where it lies; in an index its place says that. */
  private static final List<String> PLACE = List.of("channel", "fn", "url");

  /** What would lead from the mirror back to where a record was. */
  private static final List<String> OLD_PLACE = List.of("channel", "url");

  private final Path folder;
  private final ObjectNode index;
  private final Map<String, ObjectNode> records = new TreeMap<>();

  private MirrorIndex(Path folder, ObjectNode index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * Reads the index of a subdir, or begins an empty one if there is none.
   *
   * @throws ChannelException if there is something else in its place
   * @throws io.jconda.StorageException if it cannot be read
   */
  static MirrorIndex read(Path mirror, Platform platform) {
    Path folder = mirror.resolve(platform.subdir());
    Optional<byte[]> json = bytes(folder);
    MirrorIndex index =
        new MirrorIndex(
            folder,
            json.isPresent() ? parse(folder, json.get()) : ChannelIndexWriter.emptyIndex(platform));
    for (String part : PARTS) {
      JsonNode node = index.index.path(part);
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        if (!(entry.getValue() instanceof ObjectNode record)) {
          throw noIndex(folder, "a record in it is no object", null);
        }
        index.records.put(entry.getKey(), record);
      }
    }
    return index;
  }

  private static Optional<byte[]> bytes(Path folder) {
    Path plain = folder.resolve(PLAIN);
    Path compressed = folder.resolve(COMPRESSED);
    try {
      if (Files.isRegularFile(plain)) {
        return Optional.of(Files.readAllBytes(plain));
      }
      if (!Files.isRegularFile(compressed)) {
        return Optional.empty();
      }
      try (InputStream in = new ZstdInputStream(Files.newInputStream(compressed))) {
        return Optional.of(in.readAllBytes());
      }
    } catch (IOException e) {
      throw DiskFailure.explain("read the index of the mirror", folder, e);
    }
  }

  private static ObjectNode parse(Path folder, byte[] json) {
    try {
      if (!(JSON.readTree(json) instanceof ObjectNode index)) {
        throw noIndex(folder, "it is no JSON object", null);
      }
      if (!index.path("info").path("base_url").asText("").isEmpty()) {
        throw noIndex(folder, "its base_url says that its archives lie elsewhere", null);
      }
      return index;
    } catch (JsonProcessingException e) {
      throw noIndex(folder, "it is no JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory cannot fail to be read.", e);
    }
  }

  private static ChannelException noIndex(Path folder, String why, @Nullable Exception cause) {
    String problem =
        "The index in %s is none that a mirror can go on with: %s.".formatted(folder, why);
    String remedy = "Mirror to another folder, or write the index anew with jconda index.";
    return cause == null
        ? new ChannelException(problem, remedy)
        : new ChannelException(problem, remedy, cause);
  }

  /** Returns the hashes and the size that the index has for an archive, as a record. */
  Optional<PackageRecord> known(PackageRecord wanted) {
    return Optional.ofNullable(records.get(wanted.fileName()))
        .map(
            node -> {
              PackageRecord.Builder known =
                  PackageRecord.builder(wanted.name(), "0", "").fileName(wanted.fileName());
              if (node.path("sha256").isTextual()) {
                known.sha256(node.path("sha256").asText());
              }
              if (node.path("md5").isTextual()) {
                known.md5(node.path("md5").asText());
              }
              if (node.path("size").isIntegralNumber()) {
                known.size(node.path("size").asLong());
              }
              return known.build();
            });
  }

  /** Returns the archives that the index names. */
  Set<String> fileNames() {
    return Set.copyOf(records.keySet());
  }

  /** Puts a record in, in the place of what the index had for its archive. */
  void put(PackageRecord record) {
    ObjectNode node = node(record);
    ObjectNode before = records.get(record.fileName());
    if (before != null
        && record.sha256().isPresent()
        && !differs(record.sha256(), before.path("sha256"))) {
      // what an earlier copy brought with it of this archive, and nobody could ask for now
      ObjectNode both = before.deepCopy();
      if (both.path("timestamp").isNumber()) {
        // of the archive, so it cannot have changed, and maybe in seconds
        node.remove("timestamp");
      }
      both.setAll(node);
      node = both;
    }
    records.put(record.fileName(), node);
  }

  /**
   * Puts a record in as its channel serves it, with the fields that JConda does not know; if that
   * is about another archive by now, then with what is known of this one.
   */
  void put(PackageRecord record, ObjectNode original) {
    if (differs(record.sha256(), original.path("sha256"))
        || differs(record.md5(), original.path("md5"))) {
      put(record);
      return;
    }
    ObjectNode node = original.deepCopy();
    node.remove(OLD_PLACE);
    if (!node.path("depends").isArray()) {
      node.putArray("depends");
    }
    node.put("subdir", record.subdir());
    records.put(record.fileName(), node);
  }

  private static boolean differs(Optional<String> known, JsonNode served) {
    return known.isPresent() && !known.get().equalsIgnoreCase(served.asText().strip());
  }

  void remove(String fileName) {
    records.remove(fileName);
  }

  /** Returns a record as an index has it. */
  private static ObjectNode node(PackageRecord record) {
    ObjectNode node;
    try (TokenBuffer buffer = new TokenBuffer(JSON, false)) {
      StandaloneRecord.write(record, buffer);
      node = JSON.readTree(buffer.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException("A record cannot fail to be written to memory.", e);
    }
    node.remove(PLACE);
    // readers expect both lists, and texts where there were texts before there were lists
    node.withArrayProperty("depends");
    for (String field : List.of("features", "track_features")) {
      if (node.get(field) instanceof ArrayNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        node.put(field, String.join(" ", words));
      }
    }
    node.put("subdir", record.subdir());
    return node;
  }

  /**
   * Writes the index files, unless they say the same already; each takes its place in one step.
   *
   * @param workshop where they are written first, on the same file system
   * @throws io.jconda.StorageException if they cannot be written
   */
  void write(Path workshop, Disk disk) {
    ObjectNode packages = JSON.createObjectNode();
    ObjectNode conda = JSON.createObjectNode();
    records.forEach(
        (fileName, record) ->
            (fileName.endsWith(".conda") ? conda : packages).set(fileName, record));
    index.set(PARTS.get(0), packages);
    index.set(PARTS.get(1), conda);
    if (index.get("removed") instanceof ArrayNode removed) {
      for (int i = removed.size() - 1; i >= 0; i--) {
        if (records.containsKey(removed.get(i).asText())) {
          removed.remove(i);
        }
      }
    }
    try {
      byte[] json = JSON.writeValueAsBytes(index);
      Path plain = folder.resolve(PLAIN);
      Path compressed = folder.resolve(COMPRESSED);
      boolean same =
          Files.isRegularFile(plain)
              && Files.isRegularFile(compressed)
              && Arrays.equals(Files.readAllBytes(plain), json);
      if (same) {
        return;
      }
      disk.createDirectories(folder);
      publish(ChannelIndexWriter.compressed(json), compressed, workshop, disk);
      publish(json, plain, workshop, disk);
    } catch (IOException e) {
      throw DiskFailure.explain("write the index of the mirror", folder, e);
    }
  }

  /** Not beside its place, where a killed process would leave it for good. */
  private static void publish(byte[] content, Path place, Path workshop, Disk disk)
      throws IOException {
    Path temporary = workshop.resolve(place.getFileName());
    disk.write(temporary, content);
    disk.force(temporary);
    disk.move(temporary, place);
  }
}

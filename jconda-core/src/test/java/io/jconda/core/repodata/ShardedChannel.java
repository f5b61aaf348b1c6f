package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the index of a channel in shards (CEP-16): copy 0 as it is, copy <i>k</i> with {@code
 * -k<k>} behind every package's name and behind every dependency's name that the index has, hashes
 * varied. 45 copies of {@code conda-forge-2026} of the fixtures are as large as conda-forge.
 */
public final class ShardedChannel {
  private static final int LEVEL = 3;

  private final Path whole;
  private final Path folder;
  private final int copies;

  private ShardedChannel(Path whole, Path folder, int copies) {
    this.whole = whole;
    this.folder = folder;
    this.copies = copies;
  }

  /**
   * Writes the channel, unless it is there.
   *
   * @param whole a channel with {@code repodata.json.zst} for linux-64 and noarch
   * @param folder where the shards go, in folders beside their index
   */
  public static void write(Path whole, Path folder, int copies) throws IOException {
    Path done = folder.resolve("done-" + copies);
    if (Files.exists(done)) {
      return;
    }
    new ShardedChannel(whole, folder, copies).write();
    Files.createFile(done);
  }

  private void write() throws IOException {
    Map<String, Map<String, JsonNode>> subdirs = new TreeMap<>();
    Set<String> names = new HashSet<>();
    for (String subdir : List.of("linux-64", "noarch")) {
      subdirs.put(subdir, read(subdir));
      subdirs.get(subdir).values().forEach(record -> names.add(record.get("name").asText()));
    }
    for (Map.Entry<String, Map<String, JsonNode>> subdir : subdirs.entrySet()) {
      write(folder.resolve(subdir.getKey()), subdir.getValue(), names);
    }
  }

  private Map<String, JsonNode> read(String subdir) throws IOException {
    Path file = whole.resolve(subdir).resolve("repodata.json.zst");
    Map<String, JsonNode> records = new TreeMap<>();
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      JsonNode index = new ObjectMapper().readTree(in);
      for (String kind : List.of("packages", "packages.conda")) {
        index.path(kind).properties().forEach(e -> records.put(e.getKey(), e.getValue()));
      }
    }
    return records;
  }

  private void write(Path subdir, Map<String, JsonNode> records, Set<String> names)
      throws IOException {
    Map<String, Object> hashes = new TreeMap<>();
    Files.createDirectories(subdir.resolve("shards"));
    for (int copy = 0; copy < copies; copy++) {
      Map<String, Map<String, Map<String, Object>>> shards = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : records.entrySet()) {
        Map<String, Object> record = record(entry.getValue(), copy, names);
        String name = String.valueOf(record.get("name"));
        String fileName = copy == 0 ? entry.getKey() : copied(entry.getKey(), record);
        String kind = fileName.endsWith(".conda") ? "packages.conda" : "packages";
        shards
            .computeIfAbsent(name, key -> new TreeMap<>())
            .computeIfAbsent(kind, key -> new TreeMap<>())
            .put(fileName, record);
      }
      for (Map.Entry<String, Map<String, Map<String, Object>>> shard : shards.entrySet()) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("packages", shard.getValue().getOrDefault("packages", Map.of()));
        content.put("packages.conda", shard.getValue().getOrDefault("packages.conda", Map.of()));
        content.put("removed", List.of());
        byte[] bytes = Zstd.compress(PackWriter.pack(content), LEVEL);
        String hash = Hashes.sha256(bytes);
        hashes.put(shard.getKey(), HexFormat.of().parseHex(hash));
        Files.write(subdir.resolve("shards").resolve(hash + ".msgpack.zst"), bytes);
      }
    }
    Map<String, Object> info =
        Map.of(
            "base_url", "",
            "shards_base_url", "./shards/",
            "created_at", "2026-08-01T00:00:00Z",
            "subdir", subdir.getFileName().toString());
    Path wholeIndex = whole.resolve(subdir.getFileName()).resolve("repodata.json.zst");
    if (copies == 1) {
      Files.copy(wholeIndex, subdir.resolve("repodata.json.zst"));
    }
    byte[] table = PackWriter.pack(Map.of("version", 1, "info", info, "shards", hashes));
    Files.write(subdir.resolve("repodata_shards.msgpack.zst"), Zstd.compress(table, LEVEL));
  }

  private static String copied(String fileName, Map<String, Object> record) {
    String ending = fileName.endsWith(".conda") ? ".conda" : ".tar.bz2";
    return record.get("name") + "-" + record.get("version") + "-" + record.get("build") + ending;
  }

  private static Map<String, Object> record(JsonNode json, int copy, Set<String> names) {
    Map<String, Object> record = new LinkedHashMap<>();
    json.properties()
        .forEach(
            field ->
                value(field.getKey(), field.getValue(), copy, names)
                    .forEach(value -> record.put(field.getKey(), value)));
    return record;
  }

  /** Returns the value as shards have it, or nothing for what is of no kind that a record has. */
  private static List<Object> value(String field, JsonNode value, int copy, Set<String> names) {
    String ending = copy == 0 ? "" : "-k" + copy;
    if (value.isArray()) {
      List<String> texts = new ArrayList<>();
      value.forEach(
          text -> {
            String name = DependencyName.of(text.asText());
            texts.add(
                names.contains(name) && text.asText().startsWith(name)
                    ? name + ending + text.asText().substring(name.length())
                    : text.asText());
          });
      return List.of(texts);
    }
    if (field.equals("sha256") || field.equals("md5")) {
      byte[] hash = HexFormat.of().parseHex(value.asText());
      hash[0] ^= (byte) copy;
      return List.of(hash);
    }
    if (value.isTextual()) {
      return List.of(field.equals("name") ? value.asText() + ending : value.asText());
    }
    return value.isIntegralNumber() ? List.of(value.asLong()) : List.of();
  }
}

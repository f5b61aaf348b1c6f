package io.jconda.core.repodata;

import io.jconda.core.util.Hashes;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes shards and their index as maps, as CEP-16 has them. */
final class Shards {
  static final Subdir SUBDIR =
      Subdir.of(Channel.of("chan"), URI.create("https://x.example/chan"), Platform.LINUX_64);

  private Shards() {}

  static Map<String, Object> record(String name, String version, String... depends) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("build", "0");
    record.put("build_number", 0);
    record.put("depends", List.of(depends));
    record.put("md5", HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
    record.put("name", name);
    record.put("sha256", HexFormat.of().parseHex(Hashes.sha256(name + version)));
    record.put("size", 70_000);
    record.put("timestamp", 1_700_000_000_123L);
    record.put("version", version);
    return record;
  }

  static String fileName(Map<String, Object> record) {
    return record.get("name") + "-" + record.get("version") + "-" + record.get("build") + ".conda";
  }

  /** Makes a shard of one record in {@code packages.conda}, or where else is told. */
  static Map<String, Object> shard(Map<String, Object> record, String where) {
    String fileName = fileName(record);
    Map<String, Object> shard = new LinkedHashMap<>();
    shard.put("packages", Map.of());
    shard.put("packages.conda", Map.of());
    switch (where) {
      case "v3" ->
          shard.put(
              "v3", Map.of("conda", Map.of(fileName.substring(0, fileName.length() - 6), record)));
      case "packages" -> shard.put(where, Map.of(fileName.replace(".conda", ".tar.bz2"), record));
      default -> shard.put(where, Map.of(fileName, record));
    }
    shard.put("removed", List.of());
    return shard;
  }

  @SafeVarargs
  static Map<String, Object> shard(Map<String, Object>... records) {
    Map<String, Object> packages = new LinkedHashMap<>();
    for (Map<String, Object> record : records) {
      packages.put(fileName(record), record);
    }
    Map<String, Object> shard = new LinkedHashMap<>();
    shard.put("packages.conda", packages);
    return shard;
  }

  static Map<String, Object> table(String shardsBaseUrl, Map<String, ?> hashes) {
    return table(shardsBaseUrl, "", hashes);
  }

  static Map<String, Object> table(String shardsBaseUrl, String baseUrl, Map<String, ?> hashes) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("base_url", baseUrl);
    info.put("created_at", "2026-01-01T00:00:00Z");
    info.put("shards_base_url", shardsBaseUrl);
    info.put("subdir", "linux-64");
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("info", info);
    table.put("shards", hashes);
    table.put("version", 1);
    return table;
  }
}

package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.jconda.core.util.Hashes;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Serves one channel in shards, and loads it. */
abstract class ServedShards extends ServedChannel {
  static final String TABLE = "/chan/linux-64/repodata_shards.msgpack.zst";
  static final String NOARCH_TABLE = "/chan/noarch/repodata_shards.msgpack.zst";

  /** What the native subdir has, by name: compressed shards. */
  final Map<String, byte[]> shards = new LinkedHashMap<>();

  static byte[] compressed(Object value) {
    return Zstd.compress(PackWriter.pack(value));
  }

  @SafeVarargs
  final void shard(Map<String, Object>... records) {
    shards.put(String.valueOf(records[0].get("name")), compressed(Shards.shard(records)));
  }

  static Map<String, Object> hashes(Map<String, byte[]> shards) {
    Map<String, Object> hashes = new LinkedHashMap<>();
    shards.forEach(
        (name, shard) -> hashes.put(name, HexFormat.of().parseHex(Hashes.sha256(shard))));
    return hashes;
  }

  byte[] table(String shardsBaseUrl) {
    return compressed(Shards.table(shardsBaseUrl, hashes(shards)));
  }

  /** Returns a name's compressed shard. */
  byte[] bytes(String name) {
    return Objects.requireNonNull(shards.get(name), name);
  }

  String path(String name) {
    return "/chan/linux-64/shards/" + Hashes.sha256(bytes(name)) + ".msgpack.zst";
  }

  static ResponseDefinitionBuilder body(byte[] content) {
    return aResponse().withBody(content);
  }

  static void serve(String path, ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(path).willReturn(response));
  }

  /** Serves the native subdir with its shards, and an empty noarch. */
  void serveShards() {
    serve(TABLE, body(table("./shards/")));
    serve(NOARCH_TABLE, body(compressed(Shards.table("", Map.of()))));
    shards.keySet().forEach(name -> serve(path(name), body(bytes(name))));
  }

  /** Serves alpha, which depends on beta, which depends on gamma; nothing depends on delta. */
  void serveChain() {
    shard(Shards.record("alpha", "1.0", "beta >=1"), Shards.record("alpha", "2.0", "beta >=2"));
    shard(Shards.record("beta", "2.0", "gamma"));
    shard(Shards.record("gamma", "1.0"));
    shard(Shards.record("delta", "1.0"));
    serveShards();
  }
}

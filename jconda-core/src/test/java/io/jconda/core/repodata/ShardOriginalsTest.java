package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.util.Hashes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Turns records of shards to JSON, and asks a channel in shards for them. */
class ShardOriginalsTest extends ServedShards {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Map<String, Object> strange() {
    Map<String, Object> record = Shards.record("alpha", "1.0", "beta");
    record.put("invented", Map.of("deep", List.of(1, "two", Map.of("x", true))));
    record.put("purls", List.of("pkg:generic/alpha"));
    return record;
  }

  private static ObjectNode expected() throws Exception {
    ObjectNode json = JSON.createObjectNode();
    json.put("build", "0").put("build_number", 0).putArray("depends").add("beta");
    json.put("md5", "00112233445566778899aabbccddeeff").put("name", "alpha");
    json.put("sha256", Hashes.sha256("alpha1.0")).put("size", 70_000);
    json.put("timestamp", 1_700_000_000_123L).put("version", "1.0");
    json.set("invented", JSON.readTree("{\"deep\":[1,\"two\",{\"x\":true}]}"));
    json.putArray("purls").add("pkg:generic/alpha");
    return json;
  }

  @Test
  void everyFieldOfARecordIsThereAndHashesAreHex() throws Exception {
    for (String where : List.of("packages.conda", "v3")) {
      byte[] shard = PackWriter.pack(Shards.shard(strange(), where));

      Map<String, ObjectNode> found = ShardOriginals.of(shard, Set.of("alpha-1.0-0.conda"));

      assertThat(JSON.readTree(String.valueOf(found.get("alpha-1.0-0.conda"))))
          .as(where)
          .isEqualTo(JSON.readTree(expected().toString()));
    }
  }

  @Test
  void whatIsNotWantedIsPassedOver() throws Exception {
    byte[] shard = PackWriter.pack(Shards.shard(strange()));

    assertThat(ShardOriginals.of(shard, Set.of("alpha-2.0-0.conda"))).isEmpty();
  }

  @Test
  void nestingThatIsTooDeepIsRefused() {
    Object nested = List.of();
    for (int i = 0; i < 200; i++) {
      nested = List.of(nested);
    }
    Map<String, Object> record = strange();
    record.put("invented", nested);
    byte[] shard = PackWriter.pack(Shards.shard(record));

    assertThatThrownBy(() -> ShardOriginals.of(shard, Set.of("alpha-1.0-0.conda")))
        .isInstanceOf(MalformedIndexException.class)
        .hasMessageContaining("nested too deep");
  }

  @Test
  void aChannelInShardsGivesItsRecordsAsTheyAre() throws Exception {
    shard(strange());
    serveShards();
    ChannelIndexes indexes = load();

    Map<String, ObjectNode> found =
        repodata.originals(indexes, indexes.records("alpha"), context());

    assertThat(found).containsOnlyKeys("linux-64/alpha-1.0-0.conda");
    assertThat(JSON.readTree(String.valueOf(found.get("linux-64/alpha-1.0-0.conda"))))
        .isEqualTo(JSON.readTree(expected().toString()));
  }
}

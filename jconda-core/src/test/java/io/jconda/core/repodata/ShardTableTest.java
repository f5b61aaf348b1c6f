package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.util.Hashes;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShardTableTest {
  private static ShardTable read(Object table) throws MalformedIndexException {
    return ShardTable.read(PackWriter.pack(table));
  }

  @Test
  void everyNameIsFoundAmongManyThatDifferByANumber() throws MalformedIndexException {
    Map<String, Object> hashes = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      hashes.put("name-k" + i, HexFormat.of().parseHex(Hashes.sha256("shard " + i)));
    }

    ShardTable table = read(Shards.table("shards", hashes));

    assertThat(table.size()).isEqualTo(20_000);
    assertThat(table.names()).hasSize(20_000).isSorted().contains("name-k7");
    for (int i = 0; i < 20_000; i++) {
      assertThat(table.hash("name-k" + i)).isEqualTo(Hashes.sha256("shard " + i));
    }
    assertThat(table.hash("name-k20000")).isNull();
    assertThat(table.hash("")).isNull();
    assertThat(table.shardsBaseUrl()).isEqualTo("shards");
    assertThat(table.baseUrl()).isEmpty();
  }

  @Test
  void anIndexWithoutNamesIsEmpty() throws MalformedIndexException {
    ShardTable table = read(Shards.table("", Map.of()));

    assertThat(table.names()).isEmpty();
    assertThat(table.hash("alpha")).isNull();
  }

  @Test
  void aNameWithoutAShardIsNoName() throws MalformedIndexException {
    assertThat(read(Shards.table("", Map.of("alpha", PackWriter.Nil.NIL))).names()).isEmpty();
  }

  @Test
  void namesMadeToCollideAreRefusedInsteadOfTakingForEver() {
    Map<String, Object> hashes = new LinkedHashMap<>();
    for (int i = 0; i < 1 << 14; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      hashes.put(name.toString(), new byte[32]);
    }

    assertThatThrownBy(() -> read(Shards.table("", hashes))).hasMessageContaining("look alike");
  }

  @Test
  void whatIsNoIndexOfShardsIsRefused() {
    Map<String, Object> noShards = Shards.table("", Map.of());
    noShards.remove("shards");
    for (Object table :
        List.of(
            List.of(),
            "<html>",
            noShards,
            Shards.table("", Map.of("alpha", new byte[20])),
            Shards.table("", Map.of("alpha", "text")),
            Map.of("shards", List.of()))) {
      assertThatThrownBy(() -> read(table)).isInstanceOf(MalformedIndexException.class);
    }
  }
}

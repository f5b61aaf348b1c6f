package io.jconda.core.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.jconda.core.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  private final ObjectMapper mapper = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "null",
        "{}",
        "[]",
        "{\"a\": {\"b\": [1, \"x\", null, true, false]}, \"\": []}",
        "[0, -1, 2147483648, 123456789012345678901234567890, 1.5, 1e400, -0.0]",
        "{\"twice\": 1, \"twice\": 2}",
        "\"\\u00e9\\ud83d\\ude00\" and more",
      })
  void aTreeIsTheOneThatAMapperMakes(String text) throws JsonProcessingException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(JsonTree.read(bytes)).isEqualTo(read(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1,", "{\"a\"}", "nul", "{\"a\": 1,}", "\"\n\"", "<html>"})
  void whatIsNoJsonIsRefusedAsAMapperRefusesIt(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> read(bytes)).isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> JsonTree.read(bytes)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void nestingHasABound() {
    byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> JsonTree.read(deep))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void realIndexesAreReadTheSame() throws Exception {
    for (String name : List.of("linux-64", "noarch")) {
      Path index = Fixtures.of("repodata/conda-forge-2026").resolve(name + "/repodata.json.zst");
      byte[] bytes;
      try (InputStream in = new ZstdInputStreamNoFinalizer(Files.newInputStream(index))) {
        bytes = in.readAllBytes();
      }

      assertThat(JsonTree.read(bytes)).isEqualTo(mapper.readTree(bytes));
    }
  }

  private Object read(byte[] bytes) throws JsonProcessingException {
    try {
      return mapper.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexScannerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SMALL =
      """
      {"info": {"subdir": "noarch", "base_url": "../f"}, "_x": [1, {"y": "}"}, null, -1.5e3],
       "packages": {"a-1-0.tar.bz2": {"version": "1", "name": "a"}, "b-1-0.tar.bz2": {}},
       "packages.conda": {}, "removed": ["r-1-0.conda"], "z": true}
      """;

  private static final class RecordingSink implements IndexScanner.Sink {
    private final Map<String, String> records = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<String> removed = new ArrayList<>();
    private String baseUrl = "";

    @Override
    public void record(RecordBytes record) {
      String fileName = new String(record.key, record.keyOffset, record.keyLength, UTF_8);
      String name = new String(record.name, record.nameOffset, record.nameLength, UTF_8);
      names.put(fileName, name.toLowerCase(java.util.Locale.ROOT));
      records.put(fileName, new String(record.buffer, record.offset, record.length, UTF_8));
    }

    @Override
    public void baseUrl(String url) {
      baseUrl = url;
    }

    @Override
    public void removed(String fileName) {
      removed.add(fileName);
    }
  }

  private static RecordingSink scan(byte[] text) throws IOException {
    RecordingSink sink = new RecordingSink();
    IndexScanner.scan(new ByteArrayInputStream(text), sink);
    return sink;
  }

  @Test
  void recordsAreHandedOutWithTheirNames() throws IOException {
    RecordingSink sink = scan(SMALL.getBytes(UTF_8));

    assertThat(sink.records)
        .containsExactly(
            Map.entry("a-1-0.tar.bz2", "{\"version\": \"1\", \"name\": \"a\"}"),
            Map.entry("b-1-0.tar.bz2", "{}"));
    assertThat(sink.names).containsEntry("a-1-0.tar.bz2", "a").containsEntry("b-1-0.tar.bz2", "b");
    assertThat(sink.removed).containsExactly("r-1-0.conda");
    assertThat(sink.baseUrl).isEqualTo("../f");
  }

  @Test
  void theNameOfTheRecordWinsOverTheFileName() throws IOException {
    String text =
        "{\"packages\":{\"x-y-1-0.conda\":{\"depends\":[{\"name\":\"no\"}],\"n\\u0061me\":\"no\","
            + "\"name\":\"R\\u0065al\"}}}";

    assertThat(scan(text.getBytes(UTF_8)).names).containsEntry("x-y-1-0.conda", "real");
  }

  @Test
  void revisionThreeHasItsFileNamesWithoutEnding() throws IOException {
    String text =
        """
        {"v3": {"conda": {"a-1-0": {"name": "a"}}, "whl": {"w-1": {"name": "w"}},
                "tar.bz2": {"b-1-0": {"name": "b"}}}, "packages": null, "repodata_version": 1}
        """;

    assertThat(scan(text.getBytes(UTF_8)).names)
        .containsExactly(Map.entry("a-1-0.conda", "a"), Map.entry("b-1-0.tar.bz2", "b"));
  }

  @Test
  void anIndexOfAVersionThatBreaksWithOlderReadersIsRefused() throws IOException {
    assertThat(scan("{\"repodata_version\": 2}".getBytes(UTF_8)).records).isEmpty();
    assertThatThrownBy(() -> scan("{\"repodata_version\": 3 }".getBytes(UTF_8)))
        .isInstanceOf(MalformedIndexException.class)
        .hasMessageContaining("it is of version 3, and this JConda reads up to 2");
  }

  @Test
  void aTextThatIsCutAnywhereIsRefused() {
    byte[] whole = SMALL.strip().getBytes(UTF_8);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> scan(cut))
          .as("cut after %d bytes", length)
          .isInstanceOf(EOFException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n\t "})
  void nothingCountsAsAnEmptyObject(String text) throws IOException {
    assertThat(scan(text.getBytes(UTF_8)).records).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "null",
        "{} {}",
        "{\"packages\":{\"a\":1}}",
        "{\"packages\":[]}",
        "{\"packages\":{\"a\":{\"b\" 1}}}",
        "{\"packages\":{\"a\":{\"b\":1]}}",
        "{\"removed\":[\"a\" \"b\"]}",
        "{\"a\":\"line\nend\"}",
        "{\"a\\q\":1}",
        "{\"a\":\u00e9}"
      })
  void whatIsNoIndexIsRefused(String text) {
    assertThatThrownBy(() -> scan(text.getBytes(UTF_8)))
        .isInstanceOf(MalformedIndexException.class);
  }

  @Test
  void everyInvalidSequenceOfUtf8IsRefusedAndEveryValidOneTaken() throws IOException {
    Random random = new Random(20261);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(4)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) (0x80 | random.nextInt(0x80));
      }
      boolean valid = java.util.Arrays.equals(new String(bytes, UTF_8).getBytes(UTF_8), bytes);
      byte[] text = new byte[bytes.length + 8];
      System.arraycopy("{\"a\":\"".getBytes(UTF_8), 0, text, 0, 6);
      System.arraycopy(bytes, 0, text, 6, bytes.length);
      System.arraycopy("\"}".getBytes(UTF_8), 0, text, 6 + bytes.length, 2);
      if (valid) {
        scan(text);
      } else {
        assertThatThrownBy(() -> scan(text))
            .as("%s", java.util.Arrays.toString(bytes))
            .isInstanceOf(MalformedIndexException.class);
      }
    }
  }

  /** Gives a few bytes at a time, as a network does. */
  private static final class Dripping extends FilterInputStream {
    private final Random random;

    Dripping(InputStream in, Random random) {
      super(in);
      this.random = random;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(5000)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverThePiecesTheRecordsAreThoseThatJacksonSees(long seed) throws IOException {
    Random random = new Random(seed);
    ObjectNode root = JSON.createObjectNode();
    ObjectNode packages = root.putObject(random.nextBoolean() ? "packages" : "packages.conda");
    for (int i = 0; i < 400; i++) {
      ObjectNode record = packages.putObject("p" + i + "-1-0.conda");
      record.put("note", text(random, random.nextInt(2000)));
      record.put("name", "p" + i + text(random, 3));
      record.putArray("depends").add(text(random, 20)).addObject().put("name", "{\"[");
      record.put("size", random.nextLong());
    }
    byte[] bytes =
        seed % 2 == 0
            ? JSON.writeValueAsBytes(root)
            : JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    RecordingSink sink = new RecordingSink();

    IndexScanner.scan(new Dripping(new ByteArrayInputStream(bytes), random), sink);

    assertThat(sink.records).hasSize(400);
    for (Map.Entry<String, String> entry : sink.records.entrySet()) {
      JsonNode expected = packages.get(entry.getKey());
      assertThat(JSON.readTree(entry.getValue())).isEqualTo(expected);
      assertThat(sink.names.get(entry.getKey()))
          .isEqualTo(expected.get("name").asText().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0 -> '"';
            case 1 -> '\\';
            case 2 -> 0xe9;
            case 3 -> 0x4e2d;
            case 4 -> 0x1f600;
            case 5 -> random.nextInt(0x20);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }
}

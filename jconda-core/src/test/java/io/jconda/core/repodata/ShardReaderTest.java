package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardReaderTest {
  private final List<String> leftOut = new ArrayList<>();

  private List<PackageRecord> read(Object shard) throws MalformedIndexException {
    return ShardReader.read(
        PackWriter.pack(shard),
        "alpha",
        Shards.SUBDIR,
        "https://x.example/chan/linux-64/",
        (fileName, reason) -> leftOut.add(fileName + ": " + reason));
  }

  @ParameterizedTest
  @CsvSource({
    "packages, alpha-1.0-0.tar.bz2",
    "packages.conda, alpha-1.0-0.conda",
    "v3, alpha-1.0-0.conda"
  })
  void recordsOfEveryKindOfArchiveAreRead(String where, String fileName)
      throws MalformedIndexException {
    PackageRecord record =
        read(Shards.shard(Shards.record("alpha", "1.0", "beta >=2"), where)).get(0);

    assertThat(record.fileName()).isEqualTo(fileName);
    assertThat(record.url()).isEqualTo("https://x.example/chan/linux-64/" + fileName);
    assertThat(record.channel()).isEqualTo("chan");
    assertThat(record.subdir()).isEqualTo("linux-64");
    assertThat(record.depends()).containsExactly("beta >=2");
    assertThat(record.size()).hasValue(70_000);
    assertThat(record.timestamp()).hasValue(Instant.ofEpochMilli(1_700_000_000_123L));
  }

  @Test
  void hashesAreBytesTextOrNull() throws MalformedIndexException {
    Map<String, Object> bytes = Shards.record("alpha", "1");
    Map<String, Object> text = Shards.record("alpha", "2");
    text.put("md5", "00112233445566778899AABBCCDDEEFF");
    Map<String, Object> none = Shards.record("alpha", "3");
    none.put("md5", PackWriter.Nil.NIL);
    none.remove("sha256");

    List<PackageRecord> records = read(Shards.shard(bytes, text, none));

    assertThat(records).hasSize(3);
    assertThat(records.get(0).md5()).hasValue("00112233445566778899aabbccddeeff");
    assertThat(records.get(1).md5()).hasValue("00112233445566778899aabbccddeeff");
    assertThat(records.get(0).sha256().orElseThrow()).hasSize(64);
    assertThat(records.get(2).md5()).isEmpty();
    assertThat(records.get(2).sha256()).isEmpty();
  }

  @Test
  void whatIsNotKnownIsPassedOver() throws MalformedIndexException {
    Map<String, Object> record = Shards.record("alpha", "1.0");
    record.put("run_exports", Map.of("weak", List.of("alpha >=1.0")));
    record.put("noarch", "python");
    record.put("license", 3);
    record.put("track_features", "one two");
    Map<String, Object> shard = Shards.shard(record);
    shard.put("from_the_future", List.of(1, Map.of("a", 2)));
    shard.put("v3", Map.of("whl", Map.of("alpha-1.0", Map.of("no", "record"))));

    assertThat(read(shard))
        .singleElement()
        .satisfies(
            read -> {
              assertThat(read.noarch()).hasValue(NoarchType.PYTHON);
              assertThat(read.license()).isEmpty();
              assertThat(read.trackFeatures()).containsExactly("one", "two");
            });
    assertThat(leftOut).isEmpty();
  }

  @Test
  void removedArchivesAreIgnored() throws MalformedIndexException {
    Map<String, Object> shard =
        Shards.shard(Shards.record("alpha", "1.0"), Shards.record("alpha", "2.0"));
    shard.put("removed", List.of("alpha-2.0-0.conda"));

    assertThat(read(shard))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-1.0-0.conda");
  }

  @Test
  void aBadRecordIsLeftOutAndTheOthersStay() throws MalformedIndexException {
    Map<String, Object> packages = new LinkedHashMap<>();
    packages.put("alpha-1-0.conda", changed("name", PackWriter.Nil.NIL));
    packages.put("alpha-2-0.conda", changed("version", "not a version"));
    packages.put("alpha-3-0.conda", changed("depends", "beta"));
    packages.put("alpha-4-0.conda", changed("depends", List.of(4)));
    packages.put("alpha-5-0.conda", changed("sha256", new byte[31]));
    packages.put("alpha-6-0.conda", changed("build_number", -1));
    packages.put("alpha-7-0.conda", changed("name", "beta"));
    packages.put("alpha-8-0.conda", "no record");
    packages.put("../alpha-9-0.conda", Shards.record("alpha", "9"));
    packages.put("alpha-10-0.conda", changed("noarch", "rust"));
    packages.put("alpha-11-0.conda", changed("build", "a/b"));
    packages.put("alpha-12-0.conda", Shards.record("alpha", "12"));

    assertThat(read(Map.of("packages.conda", packages)))
        .extracting(PackageRecord::fileName)
        .containsExactly("alpha-12-0.conda");
    assertThat(leftOut).hasSize(11);
    assertThat(leftOut.get(0)).isEqualTo("alpha-1-0.conda: it has no name");
  }

  private static Map<String, Object> changed(String field, Object value) {
    Map<String, Object> record = Shards.record("alpha", "1.0");
    record.put(field, value);
    return record;
  }

  @Test
  void aTextThatIsNotUtf8ShutsOutItsRecordOnly() throws MalformedIndexException {
    byte[] shard =
        PackWriter.pack(
            Shards.shard(changed("license", "LICENSE-TEXT"), Shards.record("alpha", "2.0")));
    int at = new String(shard, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("LICENSE-T");
    shard[at] = (byte) 0xff;

    List<PackageRecord> records =
        ShardReader.read(
            shard, "alpha", Shards.SUBDIR, "https://x/", (file, why) -> leftOut.add(file + why));

    assertThat(records).extracting(PackageRecord::fileName).containsExactly("alpha-2.0-0.conda");
    assertThat(leftOut).singleElement().asString().contains("alpha-1.0-0.conda", "UTF-8");
  }

  @Test
  void whatIsNoShardIsRefused() {
    Map<String, Object> listOfPackages = new HashMap<>(Map.of("packages", List.of(1)));
    for (Object shard : List.of(List.of(), "text", 3, listOfPackages)) {
      assertThatThrownBy(() -> read(shard)).isInstanceOf(MalformedIndexException.class);
    }
  }
}

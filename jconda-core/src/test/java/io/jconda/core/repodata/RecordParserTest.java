package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordParserTest {
  private static PackageRecord parse(String fields) throws RecordParser.BadRecordException {
    return parseFile("a-1-0.conda", fields);
  }

  private static PackageRecord parseFile(String fileName, String fields)
      throws RecordParser.BadRecordException {
    byte[] json =
        ("{\"name\":\"a\",\"version\":\"1\",\"build\":\"0\"" + fields + "}").getBytes(UTF_8);
    return RecordParser.parse(
        new IndexEntry(fileName, json, 0, json.length),
        "chan",
        "noarch",
        name -> "file:///" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "1770917385576, 2026-02-12T17:29:45.576Z",
    "1422469930, 2015-01-28T18:32:10Z",
    "253402300799, 9999-12-31T23:59:59Z",
    "253402300800, 1978-01-11T21:31:40.800Z"
  })
  void timestampsAreMillisecondsAndOldOnesSeconds(String written, Instant expected)
      throws Exception {
    assertThat(parse(",\"timestamp\":" + written).timestamp()).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "null", "\"today\"", "{}"})
  void whatIsNoTimeIsNoTimestamp(String written) throws Exception {
    assertThat(parse(",\"timestamp\":" + written).timestamp()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'\"python\"', PYTHON", "'\"generic\"', GENERIC", "true, GENERIC"})
  void noarchHasThreeSpellings(String written, NoarchType expected) throws Exception {
    assertThat(parse(",\"noarch\":" + written).noarch()).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "null"})
  void noarchMayBeDenied(String written) throws Exception {
    assertThat(parse(",\"noarch\":" + written).noarch()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"mkl nomkl\"", "\"mkl,nomkl\"", "\" mkl , nomkl\"", "[\"mkl\",\"nomkl\"]"})
  void featuresAreTextOrList(String written) throws Exception {
    PackageRecord record = parse(",\"track_features\":" + written + ",\"features\":\"\"");

    assertThat(record.trackFeatures()).containsExactly("mkl", "nomkl");
    assertThat(record.features()).isEmpty();
  }

  @Test
  void readsWhatTheThirdRevisionOfIndexesAdds() throws Exception {
    PackageRecord record =
        parse(
            ",\"extra_depends\":{\"test\":[\"pytest\"],\"plot\":[\"mpl >=3\",\"pillow\"]},"
                + "\"flags\":[\"cuda\",\"blas:mkl\"],\"indexed_timestamp\":1773851561010");

    assertThat(record.extraDepends())
        .containsExactly(
            entry("plot", List.of("mpl >=3", "pillow")), entry("test", List.of("pytest")));
    assertThat(record.flags()).containsExactly("cuda", "blas:mkl");
    assertThat(record.indexedTimestamp()).hasValue(Instant.ofEpochMilli(1773851561010L));
    assertThatThrownBy(() -> parse(",\"extra_depends\":[\"pytest\"]"))
        .hasMessageContaining("extra_depends");
  }

  @Test
  void nullAndUnknownFieldsArePassedOver() throws Exception {
    PackageRecord record =
        parse(
            ",\"sha256\":null,\"md5\":null,\"depends\":null,\"license\":7,\"purls\":[{\"a\":[]}],"
                + "\"legacy_bz2_md5\":\"x\"");

    assertThat(record.sha256()).isEmpty();
    assertThat(record.depends()).isEmpty();
    assertThat(record.license()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"depends\":\"x\"",
        ",\"depends\":[1]",
        ",\"sha256\":\"abc\"",
        ",\"size\":-1",
        ",\"size\":99999999999999999999",
        ",\"build_number\":\"1\"",
        ",\"noarch\":\"perl\"",
        ",\"name\":\"../x\"",
        ",\"name\":\"__glibc\"",
        ",\"build\":\"a/b\"",
        ",\"version\":\"\"",
        ",\"x\":",
      })
  void aRecordThatCannotBeTrustedIsRefused(String fields) {
    assertThatThrownBy(() -> parse(fields)).isInstanceOf(RecordParser.BadRecordException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a-1-0.zip", "../a-1-0.conda", "a/b.conda", "a\nb.conda", ".conda", "a b.conda"})
  void aFileNameThatCouldLeaveAFolderIsRefused(String fileName) {
    assertThatThrownBy(() -> parseFile(fileName, ""))
        .isInstanceOf(RecordParser.BadRecordException.class);
  }
}

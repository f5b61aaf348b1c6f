package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.cache.PathsJson.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PathsJsonTest {
  private static Optional<List<Claim>> read(String text) throws IOException {
    return PathsJson.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Claim one(String entry) throws IOException {
    return read("{\"paths\": [" + entry + "], \"paths_version\": 1}").orElseThrow().get(0);
  }

  @Test
  void allThatIsClaimedOfAPathIsRead() throws IOException {
    assertThat(
            one(
                """
                {"_path": "bin/\\u00fc\\"x", "file_mode": "binary", "inode_paths": ["a", {"b": 1}],
                 "no_link": true, "path_type": "hardlink", "prefix_placeholder": "/opt/p",
                 "sha256": "ab", "sha256_in_prefix": "cd", "size_in_bytes": 12}
                """))
        .isEqualTo(new Claim("bin/\u00fc\"x", "hardlink", "ab", 12, "/opt/p", true, true));
  }

  @Test
  void whatIsNotSaidIsEmpty() throws IOException {
    assertThat(one("{}")).isEqualTo(new Claim("", "", "", -1, "", false, false));
    assertThat(
            one(
                """
                {"_path": null, "sha256": null, "size_in_bytes": null, "no_link": false}"""))
        .isEqualTo(new Claim("", "", "", -1, "", false, false));
  }

  @Test
  void theLastOfTwoMembersOfANameCounts() throws IOException {
    assertThat(one("{\"_path\": \"a\", \"_path\": \"b\"}").path()).isEqualTo("b");
  }

  @Test
  void aPathWithoutTypeIsAHardLink() throws IOException {
    assertThat(one("{\"_path\": \"a\"}").isHardLink()).isTrue();
    assertThat(one("{\"path_type\": \"softlink\"}").isSoftLink()).isTrue();
    assertThat(one("{\"path_type\": \"directory\"}").isDirectory()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "123456789012345678901234567890"})
  void aSizeThatNoFileHasIsAClaimThatNoFileMeets(String size) throws IOException {
    assertThat(one("{\"size_in_bytes\": " + size + "}").size()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"paths\": 3}", "{\"paths\": {\"a\": []}}"})
  void withoutAListThereIsNone(String text) throws IOException {
    assertThat(read(text)).isEmpty();
  }

  @Test
  void anEmptyListIsOne() throws IOException {
    assertThat(read("{\"paths\": [ ]}")).contains(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"paths\": [{\"_path\": \"a\"",
        "{\"paths\": [{\"_path\": \"a",
        "{\"paths\": [{\"_path\": \"a\"} {\"_path\": \"b\"}]}",
        "{\"paths\": [{\"_path\": \"a\"; \"sha256\": \"b\"}]}",
        "{\"paths\": [3]}",
        "{\"paths\": [{\"_path\": \"\\q\"}]}"
      })
  void whatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  @Test
  void theTextStaysAsItIs() {
    byte[] cut = "  {\"paths\": [{\"_path\": \"abc".getBytes(StandardCharsets.UTF_8);
    byte[] before = cut.clone();
    assertThatThrownBy(() -> PathsJson.read(cut)).isInstanceOf(IOException.class);
    assertThat(cut).isEqualTo(before);
  }
}

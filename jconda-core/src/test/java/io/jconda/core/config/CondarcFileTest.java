package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jconda.Configuration.FileLine;
import io.jconda.ConfigurationException;
import io.jconda.core.config.RawValue.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CondarcFileTest {
  @TempDir private Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve(".condarc"), text);
  }

  private static RawValue value(Path file, String key) {
    return Objects.requireNonNull(CondarcFile.read(file).get(key));
  }

  private static void assertBroken(Path file, String... parts) {
    assertThatThrownBy(() -> CondarcFile.read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(file.toString());
  }

  @Test
  void eachValueKnowsItsLine() throws IOException {
    Path file = write("channels:\n  - a\n  - b\noffline: yes\n");

    assertThat(value(file, "offline")).isInstanceOf(Scalar.class);
    assertThat(value(file, "offline").origin()).isEqualTo(new FileLine(file, 4));
    RawValue.Sequence channels = (RawValue.Sequence) value(file, "channels");
    assertThat(channels.items().get(1).origin()).hasToString(file + " line 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "---\n...\n", "~\n", "\uFEFF"})
  void aFileWithoutKeysSaysNothing(String text) throws IOException {
    assertThat(CondarcFile.read(write(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'channels: [a\nx: y\n', line 2",
    "'a: b\n\tc: d\n', line 2",
    "'a: b: c\n', line 1",
    "'a: \"b\n', line 2",
    "'- a\n- b\n', keys",
    "'just a text\n', keys",
    "'a: 1\n---\nb: 2\n', second document",
    "'a: 1\na: 2\n', line 2",
    "'a: 1\na: 2\n', twice",
    "'[a]: 1\n', a key must be a text",
    "'a: !!java.net.URL [b]\n', tag",
    "'a: !mine b\n', tag",
    "'a: *b\n', anchor",
    "'a: &x [*x]\n', anchor"
  })
  void whatIsNoSettingIsExplainedWithItsPlace(String text, String part) throws IOException {
    assertBroken(write(text), part);
  }

  @Test
  void aCharacterThatYamlForbidsIsExplained() throws IOException {
    assertBroken(write("a: \u0001\n"), "character");
  }

  @Test
  void aFileInAnotherEncodingIsExplained() throws IOException {
    Path file =
        Files.write(folder.resolve(".condarc"), new byte[] {'a', ':', ' ', (byte) 0xE9, '\n'});
    assertBroken(file, "UTF-8");
  }

  @Test
  void aSecretInABrokenLineIsNotQuoted() throws IOException {
    Path file = write("channel_alias: \"https://me:sesame@host\n");

    assertThatThrownBy(() -> CondarcFile.read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasNoCause()
        .message()
        .doesNotContain("sesame");
  }

  @Test
  void aliasesServeButDoNotExplode() throws IOException {
    Path small = write("channels: &c [a, b]\ndefault_channels: *c\n");
    assertThat(value(small, "default_channels").shown()).isEqualTo("[a, b]");

    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String above = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, above))));
    }
    assertBroken(write(bomb.toString()), "more than");
  }

  @Test
  void depthIsBounded() throws IOException {
    assertBroken(write("a: " + "[".repeat(5000) + "]".repeat(5000) + "\n"), "line 1");
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws IOException {
    assertBroken(write("a: " + "x".repeat(1 << 20) + "\n"), "bytes");
  }

  @Test
  void anUnreadableFileIsExplained() throws IOException {
    Path file = write("channels: [a]\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "this user reads everything");

    assertBroken(file, "cannot be read");
  }

  @Test
  void aFolderInThePlaceOfAFileIsExplained() throws IOException {
    assertBroken(Files.createDirectory(folder.resolve("folder")), "cannot be read");
  }
}

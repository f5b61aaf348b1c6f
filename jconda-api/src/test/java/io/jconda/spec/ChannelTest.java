package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
  @ParameterizedTest
  @CsvSource({
    "conda-forge/,conda-forge",
    " conda-forge ,conda-forge",
    "https://example.org/chan/,https://example.org/chan",
    "HTTPS://Example.ORG/chan,https://example.org/chan",
    "https://user:pw@example.org/chan,https://example.org/chan",
    "https://example.org/t/tk-1/chan,https://example.org/chan",
    "https://u:p@example.org:8443/t/tk-1/a/chan/label/rc/,https://example.org:8443/a/chan/label/rc",
  })
  void identityIsTheBaseUrlWithoutSecretsAndTrailingSlash(String text, String name) {
    assertThat(Channel.of(text))
        .isEqualTo(Channel.of(name))
        .hasSameHashCodeAs(Channel.of(name))
        .hasToString(name);
  }

  @ParameterizedTest
  @CsvSource({
    "conda-forge,https://example.org/conda-forge",
    "https://example.org/chan,http://example.org/chan",
    "https://example.org/chan,https://mirror.example.org/chan",
    "https://example.org/chan,https://example.org:8443/chan",
    "https://example.org/chan,https://example.org/Chan",
    "https://example.org/chan,https://example.org/chan/label/rc",
  })
  void aNameItsUrlAMirrorAndALabelAreDifferentChannels(String one, String other) {
    assertThat(Channel.of(one)).isNotEqualTo(Channel.of(other));
  }

  @Test
  void secretsAreKeptForTransportsAndShownNowhere() {
    Channel channel = Channel.of("https://user:p%40ss@example.org/t/tk-123/chan");

    assertThat(channel.userInfo()).contains("user:p%40ss");
    assertThat(channel.token()).contains("tk-123");
    assertThat(channel.url()).contains(URI.create("https://example.org/chan"));
    assertThat(channel.toString() + channel.name() + channel.url())
        .doesNotContain("p%40ss")
        .doesNotContain("tk-123");
  }

  @Test
  void aFolderIsAFileUrl(@TempDir Path folder) {
    Path blank = folder.resolve("my channel%");

    assertThat(Channel.of(blank).name()).startsWith("file:///").endsWith("my%20channel%25");
    assertThat(Channel.of(blank.toString())).isEqualTo(Channel.of(blank));
    assertThat(Channel.of(blank + "/")).isEqualTo(Channel.of(blank));
    assertThat(Channel.of(Channel.of(blank).name())).isEqualTo(Channel.of(blank));
    assertThat(Path.of(Channel.of(blank).url().orElseThrow())).isEqualTo(blank);
  }

  @Test
  void aPlainNameHasNoUrlBeforeTheAliasIsKnown() {
    assertThat(Channel.of("conda-forge/label/rc").url()).isEmpty();
    assertThat(Channel.of("conda-forge")).isEqualTo(Channel.CONDA_FORGE);
  }

  @Test
  void theEmbeddedChannelIsReadFromItsName() {
    assertThat(Channel.of("embedded:")).isSameAs(Channel.embedded());
    assertThat(Channel.embedded().isEmbedded()).isTrue();
    assertThat(Channel.of("embedded").isEmbedded()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "-x", "a?b", "ftp://example.org/x", "https:///x", "a::b"})
  void whatIsNoChannelIsRefused(String text) {
    assertThatThrownBy(() -> Channel.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}

package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ChannelException;
import io.jconda.ConfigurationException;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and places of channels (conda: models/channel.py and its tests). */
class ChannelNamesTest {
  @TempDir private Path top;

  private Settings of(String... lines) {
    return new Condarcs(top).file(lines).settings();
  }

  private static List<String> expand(Settings settings, String channel) {
    return settings.expand(Channel.of(channel), Platform.LINUX_64).stream()
        .map(Channel::name)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "conda-forge, https://conda.anaconda.org/conda-forge",
    "conda-forge/label/rc, https://conda.anaconda.org/conda-forge/label/rc",
    "pkgs/main, https://repo.anaconda.com/pkgs/main",
    "pkgs/pro, https://repo.anaconda.com/pkgs/pro",
    "darwin, https://some.url.somewhere/stuff/darwin",
    "darwin/label/dev, https://some.url.somewhere/stuff/darwin/label/dev",
    "darwinism, https://conda.anaconda.org/darwinism",
    "chuck, http://another.url:8080/with/path/chuck",
    "deep/er, https://deep.example/deep/er",
    "deep/er/est, https://deep.example/deep/er/est",
    "deep/other, https://shallow.example/deep/other",
    "local-files, file:///srv/channels/local-files",
    "https://h.example/c/, https://h.example/c",
    "https://h.example:8443/a/label/x, https://h.example:8443/a/label/x"
  })
  void aNameLiesAtTheLongestCustomChannelElseUnderTheAlias(String channel, URI expected) {
    Settings settings =
        of(
            "custom_channels:",
            "  darwin: https://some.url.somewhere/stuff",
            "  chuck: http://user1:pass2@another.url:8080/t/tk-1234/with/path",
            "  deep: https://shallow.example",
            "  deep/er: https://deep.example",
            "  local-files: file:///srv/channels");

    assertThat(settings.channelUrl(Channel.of(channel))).isEqualTo(expected);
  }

  @Test
  void theAliasMovesNamesAndItsSecretsAreForTransportsAlone() {
    Settings settings = of("channel_alias: https://me:pw@mirror.example:8080/t/tk/conda/");

    assertThat(settings.channelUrl(Channel.CONDA_FORGE))
        .isEqualTo(URI.create("https://mirror.example:8080/conda/conda-forge"));
    assertThat(settings.channelsWithSecrets())
        .singleElement()
        .satisfies(
            channel -> {
              assertThat(channel.userInfo()).hasValue("me:pw");
              assertThat(channel.token()).hasValue("tk");
              assertThat(channel.toString()).isEqualTo("https://mirror.example:8080/conda");
            });
  }

  @Test
  void customChannelsKeepTheirSecretsForTransports() {
    Settings settings =
        of("custom_channels:", "  mine: https://$WHO@h.example/t/tk-1234/path", "channels: [mine]");

    Condarcs machine = new Condarcs(top).variable("WHO", "u:p");
    machine.file("custom_channels:", "  mine: https://$WHO@h.example/t/tk-1234/path");
    Settings withVariable = machine.settings();

    assertThat(settings.channels()).containsExactly(Channel.of("mine"));
    assertThat(withVariable.channelsWithSecrets().get(0).userInfo()).hasValue("u:p");
    assertThat(withVariable.channelsWithSecrets().get(0).token()).hasValue("tk-1234");
    assertThat(withVariable.channelUrl(Channel.of("mine")))
        .isEqualTo(URI.create("https://h.example/path/mine"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://conda.anaconda.org/conda-forge, conda-forge",
    "https://conda.anaconda.org/conda-forge/, conda-forge",
    "https://me:pw@conda.anaconda.org/t/tk/conda-forge, conda-forge",
    "https://conda.anaconda.org/conda-forge/label/rc, conda-forge/label/rc",
    "http://conda.anaconda.org/conda-forge, http://conda.anaconda.org/conda-forge",
    "https://conda.anaconda.org, https://conda.anaconda.org",
    "https://conda.anaconda.organic/x, https://conda.anaconda.organic/x",
    "https://conda.anaconda.org/defaults, https://conda.anaconda.org/defaults",
    "https://conda.anaconda.org/ours, https://conda.anaconda.org/ours",
    "https://repo.anaconda.com/pkgs/main, pkgs/main",
    "https://old.example/conda/conda-forge, conda-forge",
    "https://old.example/conda, https://old.example/conda",
    "https://h.example/stuff/darwin, darwin",
    "https://h.example/stuff/darwin/label/dev, darwin/label/dev",
    "https://h.example/stuff/darwinism, https://h.example/stuff/darwinism",
    "https://conda.anaconda.org/darwin, https://conda.anaconda.org/darwin",
    "file:///srv/channels/local-files, local-files",
    "/srv/channels/local-files, local-files",
    "conda-forge, conda-forge"
  })
  void aChannelHasOneNameHoweverItIsAskedFor(String asked, String name) {
    Settings settings =
        of(
            "migrated_channel_aliases: [https://old.example/conda]",
            "custom_multichannels: {ours: [conda-forge]}",
            "custom_channels:",
            "  darwin: https://h.example/stuff",
            "  local-files: file:///srv/channels");

    assertThat(expand(settings, asked)).containsExactly(name);
  }

  @Test
  void defaultsStandsForWhatIsConfigured() {
    assertThat(expand(of("offline: no"), "defaults")).containsExactly("pkgs/main", "pkgs/r");
    Settings moved =
        of("default_channels: [https://mirror.example/pkgs/main, internal, https://h.example/x]");
    assertThat(expand(moved, "defaults"))
        .containsExactly("pkgs/main", "internal", "https://h.example/x");
    assertThat(moved.channelUrl(Channel.of("pkgs/main")))
        .isEqualTo(URI.create("https://mirror.example/pkgs/main"));
    assertThat(moved.channelUrl(Channel.of("pkgs/r")))
        .isEqualTo(URI.create("https://repo.anaconda.com/pkgs/r"));
  }

  @Test
  void defaultsAsAMultichannelIsStronger() {
    Settings settings = of("default_channels: [a]", "custom_multichannels: {defaults: [b, c]}");

    assertThat(expand(settings, "defaults")).containsExactly("b", "c");
  }

  @Test
  void aMultichannelMayHoldAnotherOne() {
    Settings settings =
        of("custom_multichannels:", "  ours: [defaults, internal]", "  all: [ours, internal, x]");

    assertThat(expand(settings, "all")).containsExactly("pkgs/main", "pkgs/r", "internal", "x");
  }

  @Test
  void aMultichannelThatHoldsItselfIsRefused() {
    assertThatThrownBy(() -> of("custom_multichannels:", "  a: [b]", "  b: [x, a]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'a'");
    assertThatThrownBy(() -> of("default_channels: [defaults]"))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void theDeniedAreRefusedHoweverTheyAreNamed() {
    Settings settings = of("denylist_channels: [defaults, https://conda.anaconda.org/bad]");

    for (String denied :
        List.of("bad", "https://u:pw@conda.anaconda.org/bad/", "pkgs/main", "defaults")) {
      assertThatThrownBy(() -> expand(settings, denied))
          .isInstanceOf(ChannelException.class)
          .hasMessageContainingAll("denylist_channels", "0.yml line 1")
          .message()
          .doesNotContain("u:pw");
    }
    assertThat(expand(settings, "conda-forge")).containsExactly("conda-forge");
  }

  @Test
  void onlyTheAllowedAreTakenWhereThereIsAList() {
    Settings settings = of("whitelist_channels: [conda-forge, pkgs/main]");

    assertThat(expand(settings, "https://conda.anaconda.org/conda-forge")).hasSize(1);
    assertThatThrownBy(() -> expand(settings, "defaults"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContainingAll("pkgs/r", "allowlist_channels");
    assertThatThrownBy(() -> expand(settings, "other")).isInstanceOf(ChannelException.class);
    assertThat(settings.expand(Channel.embedded(), Platform.LINUX_64))
        .containsExactly(Channel.embedded());
  }

  @Test
  void codeNamesChannelsWithoutAnyFile() {
    Condarcs machine = new Condarcs(top);
    Settings settings =
        machine.settings(
            machine
                .options()
                .setting("channel_alias", List.of("https://h.example"))
                .addSetting("custom_channels", "mine=https://m.example")
                .addSetting("custom_channels", "yours=https://y.example")
                .addSetting("custom_multichannels", "ours=mine yours"));

    assertThat(expand(settings, "ours")).containsExactly("mine", "yours");
    assertThat(settings.channelUrl(Channel.of("yours")))
        .isEqualTo(URI.create("https://y.example/yours"));
    assertThat(settings.channelUrl(Channel.of("other")))
        .isEqualTo(URI.create("https://h.example/other"));
  }
}

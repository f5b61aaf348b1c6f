package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final String ROOT = "jconda.root";
  private final String before = System.getProperty(ROOT, "");

  @BeforeEach
  void clearProperty() {
    System.clearProperty(ROOT);
  }

  @AfterEach
  void restoreProperty() {
    System.setProperty(ROOT, before);
  }

  private static SettingsBuilder with(Map<String, String> environment) {
    return Settings.builder().environment(environment);
  }

  @Test
  void theRootOfCodeWinsOverPropertyOverVariableOverHome() {
    Map<String, String> variable = Map.of("JCONDA_ROOT", "/from/variable");
    Path home = Path.of(System.getProperty("user.home"));

    assertThat(with(Map.of()).build().root()).isEqualTo(home.resolve(".jconda"));
    assertThat(with(variable).build().root()).isEqualTo(Path.of("/from/variable"));
    assertThat(with(Map.of("JCONDA_ROOT", "~/x")).build().root()).isEqualTo(home.resolve("x"));
    System.setProperty(ROOT, "/from/property");
    assertThat(with(variable).build().root()).isEqualTo(Path.of("/from/property"));
    assertThat(with(variable).root(Path.of("/from/code")).build().root())
        .isEqualTo(Path.of("/from/code"));
  }

  @Test
  void aNamedChannelLiesUnderTheAlias() {
    Settings settings = with(Map.of("CONDA_CHANNEL_ALIAS", "https://ignored.example")).build();

    assertThat(settings.channelUrl(Channel.of("conda-forge/label/rc")))
        .isEqualTo(URI.create("https://conda.anaconda.org/conda-forge/label/rc"));
    assertThat(settings.channelUrl(Channel.of("pkgs/main")))
        .isEqualTo(URI.create("https://repo.anaconda.com/pkgs/main"));
    assertThat(settings.channelUrl(Channel.of("https://h.example/c/")))
        .isEqualTo(URI.create("https://h.example/c"));
  }

  @Test
  void theAliasOfTheEnvironmentCountsWhenAskedFor() {
    Settings settings =
        with(Map.of("CONDA_CHANNEL_ALIAS", "https://me:pw@mirror.example/conda/"))
            .readEnvironment(true)
            .build();

    assertThat(settings.channelUrl(Channel.CONDA_FORGE))
        .isEqualTo(URI.create("https://mirror.example/conda/conda-forge"));
    assertThat(settings.channelAlias().userInfo()).hasValue("me:pw");
  }

  @Test
  void anAliasThatIsNoUrlIsExplained() {
    SettingsBuilder builder =
        with(Map.of("CONDA_CHANNEL_ALIAS", "conda-forge")).readEnvironment(true);

    assertThatThrownBy(builder::build)
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("CONDA_CHANNEL_ALIAS");
  }

  @Test
  void overridesAreHandedOnWhenAskedFor() {
    Map<String, String> environment = Map.of("CONDA_OVERRIDE_CUDA", "", "PATH", "/bin");

    assertThat(with(environment).build().overrides()).isEmpty();
    assertThat(with(environment).readEnvironment(true).build().overrides())
        .isEqualTo(Map.of("CONDA_OVERRIDE_CUDA", ""));
  }

  @Test
  void defaultsStandsForSeveralChannels() {
    Settings settings = with(Map.of()).build();

    assertThat(settings.expand(Channel.of("defaults"), Platform.LINUX_64))
        .containsExactly(Channel.of("pkgs/main"), Channel.of("pkgs/r"));
    assertThat(settings.expand(Channel.of("defaults"), Platform.WIN_64))
        .contains(Channel.of("pkgs/msys2"));
    assertThat(settings.expand(Channel.CONDA_FORGE, Platform.WIN_64))
        .containsExactly(Channel.CONDA_FORGE);
  }

  @Test
  void theEmbeddedChannelHasNoUrl() {
    Settings settings = with(Map.of()).build();

    assertThatThrownBy(() -> settings.channelUrl(Channel.embedded()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

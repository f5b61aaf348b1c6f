package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.Configuration;
import io.jconda.ConfigurationException;
import io.jconda.spec.Channel;
import io.jconda.spi.ClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {
  @TempDir private Path top;

  private Condarcs machine() {
    Condarcs machine = new Condarcs(top);
    machine.write("home/.condarc", "remote_max_retries: 1", "channels: [of-home]");
    return machine;
  }

  @Test
  void codeWinsOverPropertiesOverVariablesOverFilesOverDefaults() {
    Condarcs machine = new Condarcs(top);
    assertThat(machine.settings().retries()).isEmpty();
    machine.write("home/.condarc", "remote_max_retries: 1");
    assertThat(machine.settings().retries()).hasValue(1);
    machine.file("remote_max_retries: 2");
    assertThat(machine.settings().retries()).hasValue(2);
    machine.variable("CONDA_REMOTE_MAX_RETRIES", "3");
    assertThat(machine.settings().retries()).hasValue(3);
    machine.variable("JCONDA_REMOTE_MAX_RETRIES", "4");
    assertThat(machine.settings().retries()).hasValue(4);
    machine.property("jconda.remote_max_retries", "5");
    assertThat(machine.settings().retries()).hasValue(5);
    ClientOptions.Builder code = machine.options().setting("remote_max_retries", List.of("6"));
    assertThat(machine.settings(code).retries()).hasValue(6);
  }

  @Test
  void listsOfAllSourcesComeTogetherAndCodeStandsAlone() {
    Condarcs machine = machine();
    machine.file("channels: [of-file]").variable("CONDA_CHANNELS", "of-conda");
    machine.variable("JCONDA_CHANNELS", "of-jconda").property("jconda.channels", "of-jvm");

    assertThat(machine.settings().channels())
        .extracting(Channel::name)
        .containsExactly("of-jvm", "of-jconda", "of-conda", "of-file", "of-home");
    assertThat(
            machine.settings(machine.options().setting("channels", List.of("a", "b"))).channels())
        .extracting(Channel::name)
        .containsExactly("a", "b");
    assertThat(machine.settings(machine.options().channels(List.of(Channel.of("c")))).channels())
        .extracting(Channel::name)
        .containsExactly("c");
  }

  @Test
  void mapsOfCodeAddTheirNames() {
    Condarcs machine = new Condarcs(top);
    machine.file("proxy_servers:", "  http: of-file #!final", "  https: of-file");
    Settings settings =
        machine.settings(machine.options().setting("proxy_servers", List.of("http=of-code")));

    assertThat(settings.proxyServers())
        .containsEntry("http", "of-code")
        .containsEntry("https", "of-file");
  }

  @Test
  void typedOptionsOfCodeWinToo() {
    Condarcs machine = new Condarcs(top);
    machine.file("offline: true", "local_repodata_ttl: 60");
    Settings settings =
        machine.settings(machine.options().offline(false).indexLifetime(Duration.ofSeconds(1)));

    assertThat(settings.offline()).isFalse();
    assertThat(settings.indexLifetime()).hasValue(Duration.ofSeconds(1));
    assertThat(settings.configuration().entry("offline").orElseThrow().origin())
        .isEqualTo(new Configuration.Code());
  }

  @Test
  void aFinalFileShutsOutVariablesButNotCode() {
    Condarcs machine = new Condarcs(top);
    machine.write("etc/conda/.condarc", "channels: #!final", "  - only", "offline: yes #!final");
    machine.variable("CONDA_CHANNELS", "mine").variable("CONDA_OFFLINE", "no");

    assertThat(machine.settings().channels()).containsExactly(Channel.of("only"));
    assertThat(machine.settings().offline()).isTrue();
    assertThat(machine.settings(machine.options().offline(false)).offline()).isFalse();
  }

  @Test
  void nothingIsReadUnlessAskedFor() {
    Condarcs machine = machine();
    machine.write("home/.condarc", "this: is: broken");
    machine.variable("CONDA_OFFLINE", "bad").variable("JCONDA_OFFLINE", "bad");
    machine.variable("CONDA_OVERRIDE_CUDA", "12").property("jconda.offline", "bad");
    Settings settings = machine.settings(ClientOptions.DEFAULTS.toBuilder().root(top));

    assertThat(settings.channels()).containsExactly(Channel.CONDA_FORGE);
    assertThat(settings.environment()).isEmpty();
    assertThat(settings.overrides()).isEmpty();
    assertThat(settings.configuration().entries())
        .filteredOn(entry -> !entry.key().equals("root"))
        .allMatch(entry -> entry.origin() instanceof Configuration.Default);
  }

  @Test
  void filesAndVariablesAreReadEachByItself() {
    Condarcs machine = machine();
    machine.variable("CONDA_CHANNELS", "of-conda");
    ClientOptions.Builder filesOnly =
        ClientOptions.DEFAULTS.toBuilder().root(top).readConfiguration(true);
    ClientOptions.Builder variablesOnly =
        ClientOptions.DEFAULTS.toBuilder().root(top).readEnvironment(true);

    assertThat(machine.settings(filesOnly).channels()).containsExactly(Channel.of("of-home"));
    assertThat(machine.settings(variablesOnly).channels()).containsExactly(Channel.of("of-conda"));
  }

  @Test
  void switchesKeepAClientFromReading() {
    Condarcs noFiles = machine().variable("JCONDA_NO_RC", "true");
    noFiles.variable("CONDA_CHANNELS", "of-conda");
    assertThat(noFiles.settings().channels()).containsExactly(Channel.of("of-conda"));

    Condarcs noVariables = machine().property("jconda.no_env", "true");
    noVariables.variable("CONDA_CHANNELS", "of-conda").property("jconda.channels", "of-jvm");
    assertThat(noVariables.settings().channels()).containsExactly(Channel.of("of-home"));

    Condarcs off = machine().variable("JCONDA_NO_RC", "0");
    assertThat(off.settings().channels()).containsExactly(Channel.of("of-home"));
  }

  @Test
  void aNamedFileMustExist() {
    ClientOptions.Builder options =
        ClientOptions.DEFAULTS.toBuilder().configurationFiles(List.of(top.resolve("missing")));

    assertThatThrownBy(() -> new Condarcs(top).settings(options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(top.resolve("missing").toString());
  }

  @Test
  void codeThatNamesNoKeyOrGivesWhatCannotBeIsExplained() {
    Condarcs machine = new Condarcs(top);

    assertThatThrownBy(() -> machine.settings(machine.options().setting("chanels", List.of("a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'chanels'");
    assertThatThrownBy(
            () -> machine.settings(machine.options().setting("remote_max_retries", List.of("a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("code: the value of 'remote_max_retries'");
    assertThatThrownBy(
            () -> machine.settings(machine.options().setting("subdir", List.of("a", "b"))))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void everyElementTellsWhereItCameFrom() {
    Condarcs machine = machine();
    machine.variable("CONDA_CHANNELS", "of-conda").property("jconda.channel_priority", "flexible");
    Configuration configuration =
        machine
            .settings(machine.options().setting("remote_max_retries", List.of("2")))
            .configuration();

    Configuration.Entry channels = configuration.entry("channels").orElseThrow();
    assertThat(channels.value()).isEqualTo("[of-conda, of-home]");
    assertThat(channels.elements().get(0).origin())
        .isEqualTo(new Configuration.Variable("CONDA_CHANNELS"));
    assertThat(channels.elements().get(1).origin())
        .isEqualTo(new Configuration.FileLine(top.resolve("home/.condarc"), 2));
    assertThat(configuration.toString())
        .contains("remote_max_retries: 2  # code")
        .contains("channel_priority: flexible  # system property jconda.channel_priority")
        .contains("  - of-home  # " + top.resolve("home/.condarc") + " line 2")
        .contains("offline: false  # default")
        .contains("root: " + top.resolve("root") + "  # code");
  }

  @Test
  void mapsTellWhereEachNameCameFrom() {
    Condarcs machine = new Condarcs(top);
    machine.file("proxy_servers:", "  http: p").variable("JCONDA_PROXY_SERVERS", "https=q");

    assertThat(machine.settings().configuration().entry("proxy_servers").orElseThrow().elements())
        .containsExactly(
            new Configuration.Element(
                "http", "p", new Configuration.FileLine(top.resolve("named/0.yml"), 2)),
            new Configuration.Element(
                "https", "q", new Configuration.Variable("JCONDA_PROXY_SERVERS")));
  }

  @Test
  void noSecretIsToldAndNoVariableIsReplacedInWhatIsTold() {
    Condarcs machine = new Condarcs(top);
    machine.file(
        "channels: ['https://me:sesame@h.example/t/sesame/c', 'https://$WHO@h.example/$PATHWORD']",
        "channel_alias: https://h.example/t/sesame",
        "proxy_servers: {http: 'http://me:sesame@p:1', 'http://me:sesame@h': 'q'}",
        "custom_channels: {mine: 'https://me:pa%40sesame@h.example'}",
        "mirrored_channels: {m: ['https://h.example/?key=sesame']}",
        "ssl_verify: false");
    machine.variable("WHO", "me:sesame").variable("PATHWORD", "sesame");
    machine.variable("CONDA_DEFAULT_CHANNELS", "https://u:sesame@h.example/d");

    Settings settings = machine.settings();
    assertThat(settings.configuration().toString())
        .doesNotContain("sesame")
        .contains("***@h.example", "/t/***", "$PATHWORD");
    assertThat(settings.channels().toString()).doesNotContain("me:sesame");
    assertThat(settings.toString()).doesNotContain("sesame");
  }

  @Test
  void noSecretIsInAnErrorOrItsCauses() {
    List<String> lines =
        List.of(
            "channels: ['https//me:sesame@h.example']",
            "channels: 'https://me:sesame@h.example'",
            "channels: ['ftp://me:sesame@h.example/$SECRET']",
            "channel_alias: me:sesame@h",
            "custom_channels: {a: ['https://me:sesame@h']}",
            "proxy_servers: ['http://me:sesame@h']",
            "offline: 'http://me:sesame@h'",
            "ssl_verify: '/x/$SECRET'");
    for (String line : lines) {
      Condarcs machine = new Condarcs(top.resolve("m" + lines.indexOf(line)));
      machine.file(line).variable("SECRET", "sesame");

      assertThatThrownBy(machine::settings)
          .isInstanceOf(ConfigurationException.class)
          .satisfies(
              failure -> {
                for (Throwable each = failure; each != null; each = each.getCause()) {
                  assertThat(String.valueOf(each.getMessage())).doesNotContain("sesame");
                }
              });
    }
  }
}

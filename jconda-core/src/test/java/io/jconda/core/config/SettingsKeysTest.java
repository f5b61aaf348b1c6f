package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ConfigurationException;
import io.jconda.solve.ChannelPriority;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each key reads and refuses, in a file and in a variable. */
class SettingsKeysTest {
  @TempDir private Path top;

  private Settings of(String... lines) {
    return new Condarcs(top).file(lines).settings();
  }

  /** A bad value for every key, by its shape. */
  static Stream<Arguments> badValues() {
    return Arrays.stream(Key.values())
        .flatMap(
            key ->
                (switch (key.shape()) {
                      case TEXT, TEXT_OR_NONE, TRUTH_OR_TEXT -> Stream.of("[a]", "{a: b}");
                      case TRUTH -> Stream.of("maybe", "[true]");
                      case COUNT -> Stream.of("-1", "many", "1.5", "[1]");
                      case SECONDS -> Stream.of("-1", "soon", "{a: 1}");
                      case LIFETIME -> Stream.of("-1", "weekly");
                      case PRIORITY -> Stream.of("high", "[strict]");
                      case LIST, SPECS, FOLDERS -> Stream.of("single", "{a: b}", "[[a]]", "[~]");
                      case MAP -> Stream.of("single", "[a]", "{a: [b]}", "{a: {b: c}}");
                      case MAP_OF_LISTS -> Stream.of("single", "[a]", "{a: b}", "{a: [[b]]}");
                    })
                    .map(bad -> Arguments.of(key.id(), bad)));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void aBadValueIsExplainedWithFileLineKeyValueAndRemedy(String key, String bad) {
    assertThatThrownBy(() -> of("# first line", key + ": " + bad))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("0.yml line 2", "'" + key + "'", "Write ")
        .message()
        .contains(bad.replace("~", "null"));
  }

  @ParameterizedTest
  @CsvSource({
    "channels, '[\"a b\"]'",
    "channels, '[\"ftp://h/c\"]'",
    "default_channels, '[\"a b\"]'",
    "channel_alias, plain-name",
    "channel_alias, 'ftp://h'",
    "migrated_channel_aliases, '[name]'",
    "custom_channels, '{a: \"b c\"}'",
    "custom_multichannels, '{a: [\"b c\"]}'",
    "allowlist_channels, '[\"a b\"]'",
    "denylist_channels, '[\"a b\"]'",
    "subdir, linux-65",
    "subdirs, '[linux-65]'",
    "pinned_packages, '[\"numpy >=\"]'",
    "disallowed_packages, '[\"numpy >=\"]'",
    "ssl_verify, /no/such/file",
    "client_ssl_cert_key, /a/key",
    "pkgs_dirs, '[\"a\\0b\"]'",
    "envs_dirs, '[\"a\\0b\"]'"
  })
  void aValueOfTheRightShapeThatCannotBeIsExplainedToo(String key, String bad) {
    assertThatThrownBy(() -> of(key + ": " + bad))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("0.yml line 1", "'" + key + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "true, true", "yes, true", "on, true", "y, true", "Y, true", "1, true", "2.5, true",
    "false, false", "No, false", "off, false", "n, false", "none, false", "0, false", "0.0, false",
    "'\"\"', false", "~, false"
  })
  void truthIsWrittenAsCondaAllows(String text, boolean expected) {
    assertThat(of("offline: " + text).offline()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "strict, STRICT",
    "Flexible, FLEXIBLE",
    "disabled, DISABLED",
    "true, FLEXIBLE",
    "no, DISABLED"
  })
  void priorityIsAWordOrATruthValue(String text, ChannelPriority expected) {
    assertThat(of("channel_priority: " + text).channelPriority()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, -1", "true, -1", "0, 0", "false, 0", "2, 2", "3600, 3600"})
  void theLifetimeOfIndexesIsSecondsOrATruthValue(String text, long seconds) {
    assertThat(of("local_repodata_ttl: " + text).indexLifetime())
        .isEqualTo(seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
  }

  @Test
  void certificatesAreCheckedOrNotOrByAFileOrByTheSystem() throws IOException {
    Path bundle = Files.writeString(top.resolve("ca.pem"), "");

    assertThat(of("offline: no").tls()).isEqualTo(Tls.DEFAULT);
    assertThat(of("ssl_verify: false").tls().verify()).isFalse();
    assertThat(of("verify_ssl: no").tls().verify()).isFalse();
    assertThat(of("ssl_verify: ~").tls().verify()).isTrue();
    assertThat(of("ssl_verify: truststore").tls().systemStore()).isTrue();
    assertThat(of("ssl_verify: " + bundle).tls().caBundle()).hasValue(bundle);
    Tls own = of("client_ssl_cert: /c.pem", "client_ssl_cert_key: /k.pem").tls();
    assertThat(own.clientCertificate()).hasValue(Path.of("/c.pem"));
    assertThat(own.clientKey()).hasValue(Path.of("/k.pem"));
    assertThat(of("client_ssl_cert: None").tls().clientCertificate()).isEmpty();
  }

  @Test
  void limitsOfTheNetworkAreRead() {
    Settings settings =
        of(
            "remote_connect_timeout_secs: 9.15",
            "remote_read_timeout_secs: 60",
            "remote_max_retries: 5",
            "remote_backoff_factor: 0.5",
            "repodata_use_zst: no",
            "repodata_use_shards: no",
            "use_only_tar_bz2: yes");

    assertThat(settings.connectTimeout()).hasValue(Duration.ofMillis(9150));
    assertThat(settings.readTimeout()).hasValue(Duration.ofSeconds(60));
    assertThat(settings.retries()).hasValue(5);
    assertThat(settings.backOffFactor()).hasValue(0.5);
    assertThat(settings.useZst()).isFalse();
    assertThat(settings.useShards()).isFalse();
    assertThat(settings.onlyTarBz2()).isTrue();
  }

  @Test
  void shardsAreSwitchedOffByMambasNameToo() {
    assertThat(of("use_sharded_repodata: false").useShards()).isFalse();
    assertThat(of("use_sharded_repodata: false", "repodata_use_shards: true").useShards()).isTrue();
    assertThat(of("offline: no").useShards()).isTrue();
  }

  @Test
  void threadsFallBackOnTheDefaultOfAll() {
    assertThat(of("offline: no").fetchThreads()).isEmpty();
    assertThat(of("default_threads: 3").fetchThreads()).hasValue(3);
    assertThat(of("default_threads: 3", "fetch_threads: 0").fetchThreads()).hasValue(3);
    assertThat(of("default_threads: 3", "repodata_threads: 7").indexThreads()).hasValue(7);
  }

  @Test
  void packagesAreRestrictedAndShutOut() {
    Settings settings =
        of(
            "pinned_packages: ['numpy 1.*', python=3.12]",
            "disallow: ['openssl <3']",
            "add_pip_as_python_dependency: no",
            "always_copy: yes",
            "allow_softlinks: yes",
            "subdir: osx-arm64",
            "subdirs: [osx-arm64, osx-64, noarch]");

    assertThat(settings.pins())
        .containsExactly(MatchSpec.parse("numpy 1.*"), MatchSpec.parse("python=3.12"));
    assertThat(settings.disallowed().get(0).spec()).isEqualTo(MatchSpec.parse("openssl <3"));
    assertThat(settings.disallowed().get(0).reason()).contains("0.yml line 2");
    assertThat(settings.addPip()).isFalse();
    assertThat(settings.alwaysCopy()).isTrue();
    assertThat(settings.allowSoftlinks()).isTrue();
    assertThat(settings.platform()).isEqualTo(Platform.OSX_ARM64);
    assertThat(settings.subdirs()).contains(Platform.OSX_64);
  }

  @Test
  void whatNothingHeedsIsSaidAndWhatHappensInstead() {
    Settings settings =
        of("allow_softlinks: yes", "always_softlink: yes", "subdir: osx-64", "subdirs: [win-64]");

    assertThat(settings.unheeded())
        .hasSize(3)
        .allSatisfy(sentence -> assertThat(sentence).contains("has no effect", "0.yml line"))
        .anySatisfy(sentence -> assertThat(sentence).contains("always_softlink"))
        .anySatisfy(sentence -> assertThat(sentence).contains("allow_softlinks"))
        .anySatisfy(sentence -> assertThat(sentence).contains("subdirs"));
  }

  @Test
  void whatIsSoAnywayIsNotComplainedAbout() {
    Settings settings =
        of(
            "allow_softlinks: no",
            "always_softlink: no",
            "subdir: osx-64",
            "subdirs: [osx-64, noarch]");

    assertThat(settings.unheeded()).isEmpty();
  }

  @Test
  void copyingAndSoftLinkingExcludeEachOther() {
    assertThatThrownBy(() -> of("always_copy: yes", "always_softlink: yes"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("always_copy");
  }

  @Test
  void foldersAreAbsoluteAndTheRootsOwnComesLast() {
    Condarcs machine = new Condarcs(top);
    machine
        .file("envs_dirs: [~/envs, $DATA/envs]", "pkgs_dirs: ['${DATA}/pkgs']")
        .variable("DATA", top.resolve("data").toString());

    assertThat(machine.settings().environmentFolders())
        .containsExactly(
            top.resolve("home/envs"), top.resolve("data/envs"), top.resolve("root/envs"));
    assertThat(machine.settings().packageFolders()).containsExactly(top.resolve("data/pkgs"));
  }

  @Test
  void variablesAreReplacedWhereCondaDoesSoAndStayWhereTheyAreNotSet() {
    Condarcs machine = new Condarcs(top);
    machine
        .file(
            "proxy_servers:",
            "  http: http://$WHO:${PASS}@p:1",
            "  https: http://$MISSING:$$@%WHO%")
        .variable("WHO", "me")
        .variable("PASS", "a$b");

    assertThat(machine.settings().proxyServers())
        .containsEntry("http", "http://me:a$b@p:1")
        .containsEntry("https", "http://$MISSING:$$@%WHO%");
  }

  @Test
  void onWindowsPercentSignsReplaceToo() {
    Condarcs machine = new Condarcs(top).onWindows().variable("WHO", "me");
    machine.file("proxy_servers:", "  http: http://%WHO%@p:1/%NOT%");

    assertThat(machine.settings().proxyServers()).containsEntry("http", "http://me@p:1/%NOT%");
  }

  @Test
  void twoNamesOfOneKeyInOneFileAreRefused() {
    assertThatThrownBy(() -> of("ssl_verify: no", "verify_ssl: no"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("ssl_verify", "verify_ssl", "0.yml");
    assertThatThrownBy(
            () ->
                new Condarcs(top)
                    .variable("CONDA_ENVS_DIRS", "/a")
                    .variable("CONDA_ENVS_PATH", "/b")
                    .settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH");
  }

  @Test
  void keysOfOthersAndUnknownOnesAreLeftAside() {
    Settings settings =
        of(
            "auto_update_conda: false",
            "changeps1: [what, ever]",
            "no_such_key: {a: [b]}",
            "plugins: {x: y}");

    assertThat(settings.configuration().entry("no_such_key")).isEmpty();
    assertThat(Key.isOfOthers("auto_update_conda")).isTrue();
    assertThat(Key.isOfOthers("no_such_key")).isFalse();
  }

  @Test
  void variablesSplitAtWhatTheirKeySays() {
    Condarcs machine = new Condarcs(top);
    machine
        .variable("CONDA_CHANNELS", "a, b,,c")
        .variable("CONDA_PINNED_PACKAGES", "numpy >=1,<2 & python 3.12.*")
        .variable("CONDA_DISALLOWED_PACKAGES", "x[version='>=1,<2']")
        .variable("CONDA_ENVS_PATH", "/e/one" + File.pathSeparator + "/e/two")
        .variable("JCONDA_PROXY_SERVERS", "http=http://p:1,https=http://q:2")
        .variable("JCONDA_CUSTOM_MULTICHANNELS", "ours=a b,theirs=c")
        .variable("CONDA_OFFLINE", "yes !important");
    Settings settings = machine.settings();

    assertThat(settings.channels()).extracting(Channel::name).containsExactly("a", "b", "c");
    assertThat(settings.pins())
        .containsExactly(MatchSpec.parse("numpy >=1,<2"), MatchSpec.parse("python 3.12.*"));
    assertThat(settings.disallowed()).hasSize(1);
    assertThat(settings.environmentFolders()).startsWith(Path.of("/e/one"), Path.of("/e/two"));
    assertThat(settings.proxyServers()).hasSize(2).containsEntry("https", "http://q:2");
    assertThat(settings.expand(Channel.of("ours"), Platform.LINUX_64))
        .containsExactly(Channel.of("a"), Channel.of("b"));
    assertThat(settings.offline()).isTrue();
  }

  @Test
  void aBadVariableOrPropertyIsNamed() {
    assertThatThrownBy(() -> new Condarcs(top).variable("CONDA_OFFLINE", "maybe").settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("variable CONDA_OFFLINE", "'offline'", "maybe");
    assertThatThrownBy(
            () -> new Condarcs(top).property("jconda.remote_max_retries", "x").settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("system property jconda.remote_max_retries");
    assertThatThrownBy(() -> new Condarcs(top).variable("JCONDA_PROXY_SERVERS", "p").settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("variable JCONDA_PROXY_SERVERS");
  }

  @Test
  void everyKeyHasAVariableAndAProperty() {
    for (Key key : Key.values()) {
      List<String> values =
          switch (key.shape()) {
            case TEXT, TEXT_OR_NONE ->
                List.of(key == Key.SUBDIR ? "linux-64" : "https://h.example");
            case TRUTH, TRUTH_OR_TEXT, LIFETIME -> List.of("true");
            case COUNT, SECONDS -> List.of("4");
            case PRIORITY -> List.of("disabled");
            case LIST -> List.of(key == Key.SUBDIRS ? "noarch" : "https://h.example/a");
            case SPECS -> List.of("numpy");
            case FOLDERS -> List.of("/f");
            case MAP -> List.of("n=https://h.example");
            case MAP_OF_LISTS -> List.of("n=a");
          };
      String certificate = key == Key.CLIENT_SSL_CERT_KEY ? "/c.pem" : "";
      Settings byVariable =
          new Condarcs(top)
              .variable("JCONDA_" + Key.variable(key.id()), values.get(0))
              .variable("JCONDA_CLIENT_CERT", certificate)
              .settings();
      Settings byProperty =
          new Condarcs(top)
              .property("jconda." + key.id(), values.get(0))
              .property("jconda.client_cert", certificate)
              .settings();

      assertThat(byVariable.configuration().entry(key.id()).orElseThrow().origin())
          .hasToString("variable JCONDA_" + Key.variable(key.id()));
      assertThat(byProperty.configuration().entry(key.id()).orElseThrow().origin())
          .hasToString("system property jconda." + key.id());
    }
  }
}

package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.Channel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists and maps of conda's own tests (conda: tests/common/test_configuration.py). */
class MergeTest {
  private static final Map<String, String> LISTS =
      Map.of(
          "1", "bugs daffy tweety",
          "2", "porky bugs elmer",
          "3", "wile#!top daffy foghorn",
          "4", "#!final pepe marv sam",
          "5", "pepe marv#!top sam",
          "6", "elmer marv#!bottom bugs",
          "7", "wile daffy#!top sam#!top foghorn",
          "8", "pepe#!bottom marv#!top wile sam",
          "9", "#!final sam pepe marv#!top daffy#!bottom");

  private static final Map<String, String> PROXIES =
      Map.of(
          "1", "http=taz https=sly s3=pepe",
          "2", "http=marv https=sam",
          "3", "http=foghorn#!final https=elmer s3=porky",
          "4", "#!final http=bugs https=daffy");

  @TempDir private Path top;

  private static String[] lines(String key, String text) {
    StringBuilder lines = new StringBuilder(key + ":");
    for (String word : text.split(" ", -1)) {
      if (word.equals("#!final")) {
        lines.append("  #!final");
        continue;
      }
      String[] parts = word.split("(?=#!)", -1);
      lines
          .append("\n  ")
          .append(parts[0].contains("=") ? parts[0].replace("=", ": ") : "- " + parts[0])
          .append(parts.length > 1 ? "   " + parts[1] : "");
    }
    return new String[] {lines.toString()};
  }

  @ParameterizedTest
  @CsvSource({
    "1 2, porky bugs elmer daffy tweety",
    "2 1, bugs daffy tweety porky elmer",
    "1 3 2, wile porky bugs elmer daffy foghorn tweety",
    "3 2 1, wile bugs daffy tweety porky elmer foghorn",
    "5 3, marv wile daffy foghorn pepe sam",
    "6 5 4 3, pepe sam elmer bugs marv",
    "3 4 5 6, wile pepe marv sam daffy foghorn",
    "6 3 4 5, wile pepe sam daffy foghorn elmer bugs marv",
    "7 8 9, sam marv wile foghorn daffy pepe",
    "7 9 8, sam marv pepe wile foghorn daffy",
    "8 7 9, marv sam wile foghorn daffy pepe",
    "8 9 7, marv sam wile daffy pepe",
    "9 7 8, marv sam pepe daffy",
    "9 8 7, marv sam pepe daffy"
  })
  void listsComeTogetherAsInConda(String files, String expected) {
    Condarcs machine = new Condarcs(top);
    for (String file : files.split(" ", -1)) {
      machine.file(lines("channels", LISTS.getOrDefault(file, "")));
    }

    assertThat(machine.settings().channels().stream().map(Channel::name))
        .containsExactly(expected.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "1 2, http=marv https=sam s3=pepe",
    "2 1, http=taz https=sly s3=pepe",
    "1 3 2, http=foghorn https=sam s3=porky",
    "3 2 1, http=foghorn https=sly s3=pepe",
    "4 3 1, http=bugs https=daffy",
    "1 4 3 2, http=bugs https=daffy s3=pepe",
    "1 2 3 4, http=foghorn https=daffy s3=porky",
    "3 1, http=foghorn https=sly s3=pepe"
  })
  void mapsComeTogetherAsInConda(String files, String expected) {
    Condarcs machine = new Condarcs(top);
    for (String file : files.split(" ", -1)) {
      machine.file(lines("proxy_servers", PROXIES.getOrDefault(file, "")));
    }

    assertThat(
            machine.settings().proxyServers().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue()))
        .containsExactlyInAnyOrder(expected.split(" ", -1));
  }

  @Test
  void ofSingleValuesTheFirstFinalOneCountsElseTheLast() {
    Condarcs last = new Condarcs(top.resolve("a"));
    last.file("remote_max_retries: 1").file("remote_max_retries: 2");
    Condarcs firstFinal = new Condarcs(top.resolve("b"));
    firstFinal
        .file("remote_max_retries: 1")
        .file("remote_max_retries: 2  #!final")
        .file("remote_max_retries: 3  #!final");

    assertThat(last.settings().retries()).hasValue(2);
    assertThat(firstFinal.settings().retries()).hasValue(2);
  }

  @Test
  void aListInAMapComesTogetherAndAFinalOneStandsAlone() {
    Condarcs machine = new Condarcs(top);
    machine.file(
        "mirrored_channels:",
        "    one:",
        "        - a1",
        "        - b1 #!bottom",
        "        - c1",
        "    two:",
        "        - d1");
    machine.file(
        "mirrored_channels:",
        "    one:",
        "        - a2",
        "        - b2 #!top",
        "    two: #!final",
        "        - d2");
    machine.file("mirrored_channels:", "    two:", "        - d3");

    assertThat(machine.settings().mirrors().get("one"))
        .containsExactly("b2", "a2", "a1", "c1", "b1");
    assertThat(machine.settings().mirrors().get("two")).containsExactly("d2");
  }

  @Test
  void anEmptyListOrMapSaysNothing() {
    Condarcs machine = new Condarcs(top);
    machine.file("channels: [a]", "proxy_servers: {http: p}");
    machine.file("channels:", "proxy_servers: ~");

    assertThat(machine.settings().channels()).containsExactly(Channel.of("a"));
    assertThat(machine.settings().proxyServers()).containsExactly(Map.entry("http", "p"));
  }

  @Test
  void anEntryOfAMapCanBeTakenBack() {
    Condarcs machine = new Condarcs(top);
    machine.file("proxy_servers:", "  http: p", "  https: q").file("proxy_servers:", "  http: ~");

    assertThat(machine.settings().proxyServers()).containsExactly(Map.entry("https", "q"));
  }

  @Test
  void flagsBehindFlowListsAndQuotedTextsCount() {
    Condarcs machine = new Condarcs(top);
    machine
        .file("channels: [a, b]  #!final", "channel_priority: \"flexible\"  #!final")
        .file("channels: [c]", "channel_priority: disabled");

    assertThat(machine.settings().channels()).containsExactly(Channel.of("a"), Channel.of("b"));
    assertThat(machine.settings().channelPriority().orElseThrow()).hasToString("FLEXIBLE");
  }

  @Test
  void aHashInsideATextIsNoFlag() {
    Condarcs machine = new Condarcs(top);
    machine
        .file(
            "proxy_servers:", "  http: \"http://p/#!final\"", "# a remark", "channels: [a] # mine")
        .file("proxy_servers:", "  http: q", "channels: [b]");

    assertThat(machine.settings().proxyServers()).containsExactly(Map.entry("http", "q"));
    assertThat(machine.settings().channels()).containsExactly(Channel.of("b"), Channel.of("a"));
  }
}

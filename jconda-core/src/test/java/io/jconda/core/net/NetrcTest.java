package io.jconda.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetrcTest {
  @TempDir Path home;

  private static Credential basic(String where, String user, String password) {
    return new Credential.Basic(where, user, password);
  }

  @Test
  void machinesHaveALoginAndAPasswordInAnyOrderAndOnAnyLines() {
    assertThat(
            Netrc.parse(
                """
                machine one.example login me password pass
                machine two.example
                  password
                    other
                  user you
                """))
        .containsExactly(basic("one.example", "me", "pass"), basic("two.example", "you", "other"));
  }

  @Test
  void theDefaultHoldsForEveryOtherMachineWhereverItStands() {
    List<Credential> found =
        Netrc.parse("default login anonymous password mail\nmachine a.example login me password x");

    assertThat(found)
        .containsExactly(basic("*", "anonymous", "mail"), basic("a.example", "me", "x"));
  }

  @Test
  void theAccountStandsInForALoginThatIsMissing() {
    assertThat(Netrc.parse("machine a account acc password p\nmachine b login l account x"))
        .containsExactly(basic("a", "acc", "p"), basic("b", "l", ""));
  }

  @Test
  void quotesAndBackslashesProtectBlanksAndThemselves() {
    assertThat(
            Netrc.parse(
                "machine a login \"a b\" password \"say \\\"x\\\" \\\\\"\n"
                    + "machine b login c\\ d password #hash"))
        .containsExactly(basic("a", "a b", "say \"x\" \\"), basic("b", "c d", "#hash"));
  }

  @Test
  void commentsEndWithTheirLine() {
    assertThat(
            Netrc.parse(
                """
                # machine no.example login no password no
                machine a login me password p # login other
                  #
                machine b login you password q
                """))
        .containsExactly(basic("a", "me", "p"), basic("b", "you", "q"));
  }

  @Test
  void aMacroGoesOnToAnEmptyLine() {
    assertThat(
            Netrc.parse(
                """
                machine a login me password p
                macdef init
                  cd /machine
                  machine x login y password z

                machine b login you password q
                macdef last
                put x"""))
        .containsExactly(basic("a", "me", "p"), basic("b", "you", "q"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\nmachine a login \"s3cret\n",
        "\ns3cret machine a",
        "machine a\nlogin me password"
      })
  void whatCannotBeUnderstoodIsToldByItsLineOnly(String text) {
    assertThatThrownBy(() -> Netrc.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aMachineThatIsNoHostIsSkipped() {
    assertThat(Netrc.parse("machine a@b login x password y machine c login me password p"))
        .containsExactly(basic("c", "me", "p"));
  }

  @Test
  void aFileThatIsMissingOrBrokenOpensNothing() throws IOException {
    Path broken = Files.writeString(home.resolve("broken"), "what is this");

    assertThat(Netrc.read(home.resolve("none"))).isEmpty();
    assertThat(Netrc.read(broken)).isEmpty();
    assertThat(Netrc.read(home)).isEmpty();
  }

  @Test
  void aFileThatIsNoUtf8IsReadAsLatin1() throws IOException {
    Path file =
        Files.write(
            home.resolve("latin"),
            "machine a login me password stra\u00dfe"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

    assertThat(Netrc.read(file)).containsExactly(basic("a", "me", "stra\u00dfe"));
  }

  @Test
  void theFileIsTheOneThatTheVariableNamesElseTheUsualOne() throws IOException {
    assertThat(Netrc.locate(Map.of("NETRC", "/etc/my"), home, false)).isEqualTo(Path.of("/etc/my"));
    assertThat(Netrc.locate(Map.of("NETRC", "~/my"), home, false)).isEqualTo(home.resolve("my"));
    assertThat(Netrc.locate(Map.of(), home, false)).isEqualTo(home.resolve(".netrc"));
    assertThat(Netrc.locate(Map.of(), home, true)).isEqualTo(home.resolve("_netrc"));

    Files.createFile(home.resolve(".netrc"));

    assertThat(Netrc.locate(Map.of(), home, true)).isEqualTo(home.resolve(".netrc"));
  }
}

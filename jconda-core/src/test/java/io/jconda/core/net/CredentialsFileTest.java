package io.jconda.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.Credential;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("credentials.json"), text);
  }

  @Test
  void theFormOfRattlerIsRead() throws IOException {
    Path file =
        file(
            """
            {
              "*.prefix.dev": {"BearerToken": "b"},
              "other.example": {"BasicHTTP": {"username": "me", "password": "p"}},
              "https://anaconda.example/team": {"CondaToken": "c"},
              "s3://bucket": {"S3Credentials": {"access_key_id": "x", "secret_access_key": "y"}},
              "later.example": {"OAuth": {"access_token": "z"}}
            }
            """);

    assertThat(CredentialsFile.read(file, true))
        .containsExactly(
            new Credential.Bearer("*.prefix.dev", "b"),
            new Credential.Basic("other.example", "me", "p"),
            new Credential.PathToken("https://anaconda.example/team", "c"));
  }

  @Test
  void theFormOfMambaIsRead() throws IOException {
    Path file =
        file(
            """
            {
              "a.example": {"type": "CondaToken", "token": "c"},
              "b.example": {"type": "BasicHTTPAuthentication", "user": "me", "password": "cMOkc3M="},
              "c.example": {"type": "BearerToken", "token": "b"},
              "d.example": {"type": "New"}
            }
            """);

    assertThat(CredentialsFile.read(file, true))
        .containsExactly(
            new Credential.PathToken("a.example", "c"),
            new Credential.Basic("b.example", "me", "p\u00e4ss"),
            new Credential.Bearer("c.example", "b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {\"BearerToken\": \"s3cret",
        "s3cret",
        "[\"s3cret\"]",
        "",
        "{\"a\": {\"type\": \"BasicHTTPAuthentication\", \"user\": \"s3cret\", \"password\": \"=\"}}"
      })
  void aBrokenFileIsNamedAndNotQuoted(String text) throws IOException {
    Path file = file(text);

    assertThatThrownBy(() -> CredentialsFile.read(file, false))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(file.toString())
        .satisfies(e -> assertThat(SecretHunt.everythingIn(e)).doesNotContain("s3cret"));
  }

  @Test
  void aFileThatIsMissingIsAnErrorOnlyWhereItWasAskedFor() {
    Path none = folder.resolve("none.json");

    assertThat(CredentialsFile.read(none, false)).isEmpty();
    assertThatThrownBy(() -> CredentialsFile.read(none, true))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining(none.toString());
  }

  @Test
  void filesAreReadOnceWithTheFirstUrlThatNeedsThem() throws IOException {
    Path file = file("{\"a.example\": {\"BearerToken\": \"first\"}}");
    CredentialBook book =
        new CredentialBook(
            NetworkSettings.builder()
                .credential(new Credential.Bearer("b.example", "code"))
                .credentialsFile(file, true)
                .build());
    file("{\"a.example\": {\"BearerToken\": \"second\"}}");

    assertThat(book.authorization(URI.create("https://b.example/"), true)).hasValue("Bearer code");
    file("{\"a.example\": {\"BearerToken\": \"third\"}}");
    assertThat(book.authorization(URI.create("https://a.example/"), true)).hasValue("Bearer third");
    Files.delete(file);
    assertThat(book.authorization(URI.create("https://a.example/"), true)).hasValue("Bearer third");
  }

  @Test
  void channelsCountBeforeCodeBeforeFilesBeforeNetrc() throws IOException {
    Path json = file("{\"a.example\": {\"BearerToken\": \"file\"}}");
    Path netrc =
        Files.writeString(folder.resolve("netrc"), "machine a.example login me password n");
    NetworkSettings.Builder filesOnly =
        NetworkSettings.builder().credentialsFile(json, true).netrc(netrc);
    CredentialBook ofFiles = new CredentialBook(filesOnly.build());
    CredentialBook ofCode =
        new CredentialBook(
            NetworkSettings.builder()
                .netrc(netrc)
                .credential(new Credential.Bearer("*.example", "code"))
                .build());
    URI uri = URI.create("https://a.example/team/x");

    assertThat(ofFiles.authorization(uri, true)).hasValue("Bearer file");
    assertThat(ofCode.authorization(uri, true)).hasValue("Bearer code");
    ofCode.add(new Credential.Basic("https://a.example/team", "me", "channel"));
    assertThat(ofCode.authorization(uri, true)).hasValue(CredentialBook.basic("me:channel"));
  }

  @Test
  void theDefaultOfANetrcFileGoesAlongWithNoRedirect() throws IOException {
    Path netrc = Files.writeString(folder.resolve("netrc"), "default login me password n");
    CredentialBook book = new CredentialBook(NetworkSettings.builder().netrc(netrc).build());
    URI uri = URI.create("https://a.example/x");

    assertThat(book.authorization(uri, true)).hasValue(CredentialBook.basic("me:n"));
    assertThat(book.authorization(uri, false)).isEmpty();
  }
}

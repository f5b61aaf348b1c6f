package io.jconda.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.Credential;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialScopeTest {
  @ParameterizedTest
  @CsvSource({
    "example.com, https://example.com/x, true",
    "example.com, http://EXAMPLE.com:8080/x, true",
    "example.com, https://sub.example.com/x, false",
    "example.com, https://badexample.com/x, false",
    "*.example.com, https://repo.example.com/x, true",
    "*.example.com, https://a.b.example.com/x, true",
    "*.example.com, https://example.com/x, true",
    "*.example.com, https://badexample.com/x, false",
    "*.example.com, https://example.com.evil.org/x, false",
    "example.com:8443, https://example.com:8443/x, true",
    "example.com:8443, https://example.com/x, false",
    "https://example.com, https://example.com/x, true",
    "https://example.com, https://example.com:8443/x, false",
    "https://example.com, http://example.com/x, false",
    "https://example.com/team, https://example.com/team, true",
    "https://example.com/team/, https://example.com/team/noarch/x, true",
    "https://example.com/team, https://example.com/teammate/x, false",
    "https://example.com/team, https://example.com/team/../other/x, false",
    "example.com/team, https://example.com/team/x, true",
    "'https://*.example.com/team', https://a.example.com/team/x, true",
    "'[::1]', http://[::1]:8080/x, true",
    "'*', https://anything.org/x, true",
  })
  void aPlaceOpensWhatIsBelowItAndNothingElse(String where, URI uri, boolean opens) {
    assertThat(CredentialScope.of(where).opens(uri)).isEqualTo(opens);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user:s3cret@example.com", "https://u:s3cret@example.com", "a b"})
  void aPlaceWithUserInfoIsRefusedWithoutRepeatingIt(String where) {
    assertThatThrownBy(() -> CredentialScope.of(where))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theExactHostCountsBeforeTheLongerWildcardAndThenTheLongestPath() {
    CredentialBook book =
        new CredentialBook(
            NetworkSettings.builder()
                .credential(new Credential.Bearer("repo.example.com/a/b", "deep"))
                .credential(new Credential.Bearer("repo.example.com/a", "flat"))
                .credential(new Credential.Bearer("*.example.com", "wild"))
                .credential(new Credential.Bearer("*.repo.example.com", "narrow"))
                .credential(new Credential.Bearer("*.com", "widest"))
                .build());

    assertThat(bearer(book, "https://repo.example.com/a/b/c")).hasValue("Bearer deep");
    assertThat(bearer(book, "https://repo.example.com/a/c")).hasValue("Bearer flat");
    assertThat(bearer(book, "https://repo.example.com/c")).hasValue("Bearer narrow");
    assertThat(bearer(book, "https://other.example.com/c")).hasValue("Bearer wild");
    assertThat(bearer(book, "https://other.com/c")).hasValue("Bearer widest");
    assertThat(bearer(book, "https://other.org/c")).isEmpty();
  }

  @Test
  void noSecretStandsInTheTextOfACredential() {
    assertThat(new Credential.Basic("h", "me", "s3cret").toString()).isEqualTo("Basic[h]");
    assertThat(new Credential.Bearer("h", "s3cret").toString()).isEqualTo("Bearer[h]");
    assertThat(new Credential.PathToken("h", "s3cret").toString()).isEqualTo("PathToken[h]");
  }

  private static Optional<String> bearer(CredentialBook book, String uri) {
    return book.authorization(URI.create(uri), true);
  }
}

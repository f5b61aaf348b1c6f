package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlSecretsTest {
  @ParameterizedTest
  @CsvSource({
    "https://u:p@h/c, https://h/c, https://***@h/c",
    "https://u:p@x@h/c, https://h/c, https://*****@h/c",
    "https://h/t/tok/c, https://h/c, https://h/t/***/c",
    "https://u@h/t/tok, https://h, https://*@h/t/***",
    "https://h/t/a/t/b/c, https://h/c, https://h/t/*/t/*/c",
    "https://h/c@d, https://h/c@d, https://h/c@d",
    "file:///t/a/c, file:///t/a/c, file:///t/a/c",
    "/t/a/c, /t/a/c, /t/a/c",
    "a[url='https://u@h/t/x'], a[url='https://h'], a[url='https://*@h/t/*']",
  })
  void secretsAreTakenOutOrCovered(String text, String removed, String masked) {
    assertThat(UrlSecrets.removed(text)).isEqualTo(removed);
    assertThat(UrlSecrets.masked(text)).isEqualTo(masked).hasSameSizeAs(text);
  }
}

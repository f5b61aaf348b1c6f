package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {
  private static void feed(BoundedOutput output, String text, int chunk) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += chunk) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
      output.add(part, part.length);
    }
  }

  @Test
  void whatFitsIsKeptWhole() {
    for (int chunk = 1; chunk <= 12; chunk++) {
      BoundedOutput output = new BoundedOutput(12);
      feed(output, "äbcdefghijk", chunk);
      assertThat(output.text(StandardCharsets.UTF_8)).isEqualTo("äbcdefghijk");
      assertThat(output.isTruncated()).isFalse();
    }
  }

  @Test
  void ofWhatDoesNotFitHeadAndTailAreKept() {
    for (int chunk = 1; chunk <= 30; chunk++) {
      BoundedOutput output = new BoundedOutput(7);
      feed(output, "abcdefghijklmnopqrstuvwxyz", chunk);
      assertThat(output.isTruncated()).isTrue();
      assertThat(output.text(StandardCharsets.UTF_8))
          .startsWith("abc")
          .contains("19 bytes are left out")
          .endsWith("wxyz");
    }
  }

  @Test
  void aCharacterThatLiesAcrossTheHalvesIsWhole() {
    BoundedOutput output = new BoundedOutput(8);
    feed(output, "abcäefg", 3);
    assertThat(output.text(StandardCharsets.UTF_8)).isEqualTo("abcäefg");
  }
}

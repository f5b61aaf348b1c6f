package io.jconda.core.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonBytesTest {
  private static final byte[][] NAMES = {bytes("a"), bytes("b".repeat(200_000))};

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** So long that what is kept has to move to the front of the buffer, or into a larger one. */
  @Test
  void whatIsKeptStaysKeptWhateverIsTakenMeanwhile() throws IOException {
    String blank = " ".repeat(100_000);
    String text = blank + "[\"" + "b".repeat(200_000) + "\"," + blank + "123456, \"x\" ]";
    JsonBytes json = new JsonBytes(new ByteArrayInputStream(bytes(text)));
    json.peek();
    json.mark();

    json.expect('[');
    assertThat(json.stringAmong(NAMES)).isEqualTo(1);
    json.expect(',');
    assertThat(json.literal()).isEqualTo("123456");
    json.expect(',');
    assertThat(json.string()).isEqualTo("x");
    json.expect(']');

    assertThat(json.kept(0, json.marked())).isEqualTo(text.strip());
  }

  @Test
  void whereNothingWasKeptNothingIsAfterwards() throws IOException {
    JsonBytes json = new JsonBytes(bytes("\"a\" \"c\" true"));

    assertThat(json.stringAmong(NAMES)).isZero();
    assertThat(json.stringAmong(NAMES)).isEqualTo(-1);
    assertThat(json.literal()).isEqualTo("true");
    assertThat(json.peek()).isNegative();
    assertThat(json.markOffset()).isNegative();
  }
}

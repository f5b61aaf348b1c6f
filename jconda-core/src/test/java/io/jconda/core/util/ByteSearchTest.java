package io.jconda.core.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found must not depend on how fast it is found. */
class ByteSearchTest {
  private static final List<Charset> ENCODINGS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          Charset.forName("UTF-32LE"),
          Charset.forName("UTF-32BE"));

  private static int slowly(byte[] data, int length, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= length; at++) {
      if (Arrays.equals(data, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  @Test
  void findsTheFirstOccurrenceInEveryEncoding() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (Charset encoding : ENCODINGS) {
      int unit = "\0".getBytes(encoding).length;
      for (int round = 0; round < 2000; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
          text.append((char) ('a' + random.nextInt(3)));
        }
        byte[] wanted = text.toString().getBytes(encoding);
        // few different bytes, and zeros above all, so that much of what is wanted occurs by chance
        byte[] data = new byte[random.nextInt(300)];
        for (int i = 0; i < data.length; i++) {
          data[i] = (byte) (random.nextInt(unit + 1) == 0 ? 'a' + random.nextInt(3) : 0);
        }
        if (data.length > wanted.length && random.nextBoolean()) {
          int at = random.nextInt(data.length - wanted.length);
          System.arraycopy(wanted, 0, data, at, wanted.length);
        }
        int length = data.length == 0 ? 0 : random.nextInt(data.length + 1);
        int from = random.nextInt(5);

        assertThat(new ByteSearch(wanted, unit).in(data, length, from))
            .as("'%s' as %s in %s, %d to %d", text, encoding, Arrays.toString(data), from, length)
            .isEqualTo(slowly(data, length, wanted, from));
      }
    }
  }

  @Test
  void findsLettersThatTakeTwoUnits() {
    byte[] data = "zebra \uD83E\uDD93!".getBytes(StandardCharsets.UTF_16LE);

    byte[] wanted = "\uD83E\uDD93".getBytes(StandardCharsets.UTF_16LE);

    assertThat(new ByteSearch(wanted, 2).in(data, 0)).isEqualTo(12);
    assertThat(new ByteSearch(wanted, 2).in(data, 13)).isEqualTo(-1);
  }
}

package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bzip2OrderTest {
  private static final long SEED = 20261126;

  private final Bzip2Order order = new Bzip2Order();

  /** Links so many bytes of noise to rings of a length, in places by chance. */
  private static int[] rings(int count, int length, Random random) {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < count; place++) {
      places.add(place);
    }
    Collections.shuffle(places, random);
    int[] links = new int[count];
    for (int each = 0; each < count; each++) {
      int ring = each / length * length;
      int after = ring + (each - ring + 1) % Math.min(length, count - ring);
      links[places.get(each)] = places.get(after) << 8 | random.nextInt(256);
    }
    return links;
  }

  private static byte[] oneByOne(int[] links, int from) {
    byte[] bytes = new byte[links.length];
    int at = from;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) links[at];
      at = links[at] >>> 8;
    }
    return bytes;
  }

  private byte[] write(int[] links, int from) throws IOException {
    byte[] bytes = new byte[links.length];
    order.write(links.clone(), from, bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 4, 5, 100, 1999, 2000, 2001, 2048, 2049, 4000, 6001, 8000, 10_001, 255_999,
        256_000, 256_001, 899_999, 900_000
      })
  void bytesComeAsOneByOneWhereverTheyBegin(int count) throws IOException {
    Random random = new Random(SEED + count);
    int[] links = rings(count, count, random);
    int stride = Math.max(2000, (count + 127) / 128);
    int[] beginnings = {0, count - 1, count / 2, count / 2 / stride * stride};
    for (int from : beginnings) {
      assertThat(write(links, from)).as("from %d", from).isEqualTo(oneByOne(links, from));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 1000, 10_000, 50_000})
  void anOrderThatRepeatsItselfGoesRound(int length) throws IOException {
    int[] links = rings(100_000, length, new Random(SEED));

    assertThat(write(links, 70_001)).isEqualTo(oneByOne(links, 70_001));
  }

  @Test
  void whatDoesNotComeBackToItsBeginningIsRefused() {
    int[] links = rings(100_000, 49_999, new Random(SEED));

    assertThatThrownBy(() -> write(links, 3)).isInstanceOf(IOException.class);
  }
}

package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MessagePackTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        127,
        128,
        255,
        256,
        65_535,
        65_536,
        4_294_967_295L,
        4_294_967_296L,
        Long.MAX_VALUE,
        -1,
        -32,
        -33,
        -128,
        -129,
        -32_768,
        -32_769,
        -2_147_483_648L,
        -2_147_483_649L,
        Long.MIN_VALUE
      })
  void wholeNumbersOfEverySizeAreRead(long number) throws MalformedIndexException {
    MessagePack in = new MessagePack(PackWriter.pack(number));

    assertThat(in.peek()).isEqualTo(MessagePack.Kind.INTEGER);
    assertThat(in.integer()).isEqualTo(number);
    assertThat(in.isAtEnd()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 255, 256, 65_535, 65_536})
  void textsBytesAndContainersOfEveryLengthAreReadAndSkipped(int length)
      throws MalformedIndexException {
    String text = "t".repeat(length);
    byte[] bytes = new byte[length];
    List<Integer> list = Collections.nCopies(length, 7);

    MessagePack in = new MessagePack(PackWriter.pack(List.of(text, bytes, list, Map.of(1, 2))));
    assertThat(in.arraySize()).isEqualTo(4);
    int first = in.position();
    assertThat(in.text()).isEqualTo(text);
    assertThat(in.binary()).isEqualTo(bytes);
    int size = in.arraySize();
    assertThat(size).isEqualTo(length);
    for (int i = 0; i < size; i++) {
      assertThat(in.integer()).isEqualTo(7);
    }
    assertThat(in.mapSize()).isEqualTo(1);
    assertThat(in.integer() + in.integer()).isEqualTo(3);
    assertThat(in.isAtEnd()).isTrue();

    in.position(first);
    for (int i = 0; i < 4; i++) {
      in.skip();
    }
    assertThat(in.isAtEnd()).isTrue();
  }

  @Test
  void extensionsAndNumbersWithFractionsAreKnown() throws MalformedIndexException {
    // timestamps of 4, 8 and 12 bytes, one with a long head, a float, a double, true, nil
    String hex =
        "d6ff00000001" + "d7ff0000000000000001" + "c70cff000000000000000000000001" + "c8000105aa";
    MessagePack in = new MessagePack(HexFormat.of().parseHex(hex + "ca3fc00000" + "c3c0"));
    for (int i = 0; i < 4; i++) {
      assertThat(in.peek()).isEqualTo(MessagePack.Kind.EXTENSION);
      in.skip();
    }
    assertThat(in.decimal()).isEqualTo(1.5);
    assertThat(in.bool()).isTrue();
    assertThat(in.peek()).isEqualTo(MessagePack.Kind.NIL);
    assertThat(new MessagePack(PackWriter.pack(2.25)).decimal()).isEqualTo(2.25);
  }

  @Test
  void theHashOfATextIsJavasOwn() throws MalformedIndexException {
    assertThat(new MessagePack(PackWriter.pack("scikit-learn")).hashOfText())
        .isEqualTo("scikit-learn".hashCode());
  }

  @Test
  void textsThatAreNotUtf8AreRefused() throws MalformedIndexException {
    assertThat(new MessagePack(PackWriter.pack("\u00e9\u20ac")).text()).isEqualTo("\u00e9\u20ac");
    for (String hex : List.of("a1ff", "a2c0af", "a3eda080", "a1c3")) {
      MessagePack in = new MessagePack(HexFormat.of().parseHex(hex));
      assertThatThrownBy(in::text)
          .isInstanceOf(MalformedIndexException.class)
          .hasMessageContaining("UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dd",
        "ddffffffff",
        "dfffffffff",
        "dbffffffff",
        "c6ffffffff",
        "c9ffffffff00",
        "de0002c0c0",
        "dc0003c0",
        "bf61",
        "c1",
        "cf00",
        "cb00",
        "d8",
        "82c0c0c0"
      })
  void whatTheBytesCannotHoldIsRefused(String hex) {
    MessagePack in = new MessagePack(HexFormat.of().parseHex(hex));

    assertThatThrownBy(in::skip).isInstanceOf(MalformedIndexException.class);
  }

  @Test
  void noDepthIsTooDeep() throws MalformedIndexException {
    byte[] nested = new byte[1 << 22];
    Arrays.fill(nested, (byte) 0x91);
    nested[nested.length - 1] = (byte) 0xc0;
    MessagePack in = new MessagePack(nested);

    in.skip();

    assertThat(in.isAtEnd()).isTrue();
  }

  @Test
  void aNumberBeyondLongIsRefused() {
    MessagePack in = new MessagePack(HexFormat.of().parseHex("cfffffffffffffffff"));

    assertThatThrownBy(in::integer).hasMessageContaining("too large");
  }

  /** Whatever is done to the bytes: it ends, and the only exception is its own. */
  @Test
  void damagedBytesGiveAValueOrItsOwnException() {
    long seed = new Random().nextLong();
    System.out.println("seed of damagedBytesGiveAValueOrItsOwnException: " + seed);
    Random random = new Random(seed);
    byte[] shard = PackWriter.pack(Shards.shard(Shards.record("alpha", "1.0"), "v3"));
    byte[] table = PackWriter.pack(Shards.table("./shards", Map.of("alpha", new byte[32])));
    int refused = 0;
    for (int round = 0; round < 40_000; round++) {
      byte[] bytes = (round % 2 == 0 ? shard : table).clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      try {
        if (round % 2 == 0) {
          ShardReader.read(bytes, "alpha", Shards.SUBDIR, "https://x.example/", (file, why) -> {});
        } else {
          ShardTable read = ShardTable.read(bytes);
          assertThat(read.names()).hasSize(read.size());
        }
      } catch (MalformedIndexException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }
}

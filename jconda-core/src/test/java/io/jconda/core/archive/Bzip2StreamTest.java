package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class Bzip2StreamTest {
  private static final long SEED = 20261125;

  /** The bit of a stream that says that its first block was made by bzip2 0.9.0 or older. */
  private static final int OLD = 112;

  private final EagerHands hands = new EagerHands(3);

  @AfterEach
  void nobodyIsAtWorkAnyMore() throws Exception {
    hands.close();
  }

  private static byte[] read(InputStream packed, IdleProcessors idle) throws IOException {
    try (Bzip2Stream in = new Bzip2Stream(packed, idle)) {
      return in.readAllBytes();
    }
  }

  private byte[] alone(byte[] packed) throws IOException {
    return read(new ByteArrayInputStream(packed), IdleProcessors.NONE);
  }

  private byte[] together(byte[] packed) throws IOException {
    return read(new ByteArrayInputStream(packed), hands);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void dataOfEveryKindAroundTheSizeOfABlockComesBack(int level) throws IOException {
    Random random = new Random(SEED + level);
    for (int kind = 0; kind < 6; kind++) {
      int[] sizes = {
        random.nextInt(5), 1 + random.nextInt(300), 100_000 * level - 22 + random.nextInt(6)
      };
      for (int size : sizes) {
        byte[] data = TestBzip2.data(kind, size, random);
        byte[] packed = TestBzip2.pack(data, level);

        assertThat(alone(packed)).as("kind %d, size %d", kind, size).isEqualTo(data);
        assertThat(together(packed)).as("kind %d, size %d", kind, size).isEqualTo(data);
      }
    }
  }

  @Test
  void manyBlocksComeInTheirOrderWhoeverDecodesThem() throws IOException {
    Random random = new Random(SEED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int part = 0; part < 24; part++) {
      out.write(TestBzip2.data(part % 6, random.nextInt(150_000), random));
    }
    byte[] data = out.toByteArray();
    byte[] packed = TestBzip2.pack(data, 1);

    assertThat(together(packed)).isEqualTo(data);
    assertThat(hands.everHelped()).isTrue();
    assertThat(alone(packed)).isEqualTo(data);
  }

  @Test
  void archivesOfOtherProgramsAreWhatAnotherDecoderSays() throws IOException {
    List<Path> archives;
    try (Stream<Path> files = Files.list(Fixtures.of("packages"))) {
      archives = files.filter(file -> file.toString().endsWith(".tar.bz2")).sorted().toList();
    }
    assertThat(archives).hasSizeGreaterThan(8);
    for (Path archive : archives) {
      byte[] packed = Files.readAllBytes(archive);
      assertThat(together(packed)).as(archive.toString()).isEqualTo(TestBzip2.unpack(packed));
    }
  }

  @Test
  void joinedStreamsAreOneWithEmptyOnesAmongThem() throws IOException {
    Random random = new Random(SEED);
    List<byte[]> parts = new ArrayList<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int part = 0; part < 60; part++) {
      byte[] piece = TestBzip2.data(part % 6, part % 5 == 0 ? 0 : random.nextInt(3000), random);
      data.write(piece);
      parts.add(TestBzip2.pack(piece, 1 + part % 9));
    }
    byte[] packed = TestArchive.join(parts.toArray(byte[][]::new));

    assertThat(alone(packed)).isEqualTo(data.toByteArray());
    assertThat(together(packed)).isEqualTo(data.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {0x314159265359L, 0x177245385090L})
  void whatLooksLikeABeginningWithinABlockIsNone(long number) throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      byte[] one = TestBzip2.holding(number, random);
      byte[] other = TestBzip2.holding(number, random);
      byte[] text = TestBzip2.data(2, random.nextInt(400), random);
      byte[] packed = TestArchive.join(one, TestBzip2.pack(text, 9), other);
      byte[] data = TestArchive.join(TestBzip2.unpack(one), text, TestBzip2.unpack(other));

      assertThat(alone(packed)).as("round %d", round).isEqualTo(data);
      assertThat(together(packed)).as("round %d", round).isEqualTo(data);
    }
  }

  @Test
  void aStreamCutAnywhereIsRefused() throws IOException {
    Random random = new Random(SEED);
    byte[] first = TestBzip2.pack(TestBzip2.data(2, 500, random), 9);
    byte[] packed = TestArchive.join(first, TestBzip2.pack(TestBzip2.data(0, 90, random), 1));
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      if (length != first.length) {
        assertThatThrownBy(() -> alone(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> together(cut))
            .as("%d bytes", length)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aFlippedBitIsFoundOutWhereAnotherDecoderFindsItOut() throws IOException {
    Random random = new Random(SEED);
    byte[] first = TestBzip2.pack(TestBzip2.data(2, 300, random), 9);
    byte[] packed = TestArchive.join(first, TestBzip2.pack(TestBzip2.data(4, 200, random), 9));
    int refused = 0;
    for (int bit = 0; bit < 8 * packed.length; bit++) {
      if (bit == OLD || bit == 8 * first.length + OLD) {
        continue;
      }
      byte[] flipped = packed.clone();
      flipped[bit / 8] ^= (byte) (0x80 >>> bit % 8);
      byte[] expected = null;
      try {
        expected = TestBzip2.unpack(flipped);
      } catch (IOException | RuntimeException e) {
        refused++;
      }
      if (expected == null) {
        assertThatThrownBy(() -> together(flipped))
            .as("bit %d", bit)
            .isInstanceOf(IOException.class);
      } else {
        assertThat(together(flipped)).as("bit %d", bit).isEqualTo(expected);
      }
    }
    assertThat(refused).isGreaterThan(7 * packed.length);
  }

  @Test
  void aBlockOfTheFirstVersionsIsRefused() throws IOException {
    byte[] packed = TestBzip2.pack(new byte[700], 9);
    packed[OLD / 8] |= (byte) (0x80 >>> OLD % 8);

    assertThatThrownBy(() -> together(packed)).hasMessageContaining("bzip2 0.9.0 or older");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "BZh", "BZh9", "BZ", "a zip would begin with PK", "BZh0123456789"})
  void whatFollowsTheEndMustBeAnotherStream(String garbage) throws IOException {
    byte[] packed =
        TestArchive.join(
            TestBzip2.pack(new byte[700], 9), garbage.getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> together(packed)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TestBzip2.unpack(packed)).isInstanceOf(IOException.class);
  }

  @Test
  void noiseIsRefusedWithoutReadingItAll() {
    byte[] noise = TestBzip2.data(0, 20_000_000, new Random(SEED));
    ByteArrayInputStream in = new ByteArrayInputStream(noise);

    assertThatThrownBy(() -> read(in, hands)).hasMessageContaining("not in the format");

    assertThat(in.available()).isGreaterThan(16_000_000);
  }

  @Test
  void aBlockLongerThanAnyIsRefusedWithoutReadingItAll() {
    byte[] noise = TestBzip2.data(0, 20_000_000, new Random(SEED));
    byte[] begin = {'B', 'Z', 'h', '9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    System.arraycopy(begin, 0, noise, 0, begin.length);
    ByteArrayInputStream in = new ByteArrayInputStream(noise);

    assertThatThrownBy(() -> read(in, hands)).isInstanceOf(IOException.class);

    assertThat(in.available()).isGreaterThan(2_000_000);
  }

  @Test
  void aBlockLongerThanItsHeaderAllowsIsRefused() throws IOException {
    byte[] packed = TestBzip2.pack(TestBzip2.data(0, 150_000, new Random(SEED)), 2);
    packed[3] = '1';

    assertThatThrownBy(() -> together(packed)).hasMessageContaining("longer than its header");
  }

  @Test
  void theSourcesFailureIsPassedOnFromTheMidst() throws IOException {
    byte[] packed = TestBzip2.pack(TestBzip2.data(0, 1_200_000, new Random(SEED)), 1);
    IOException failure = new IOException("the line is dead");
    InputStream breaking =
        new FilterInputStream(new ByteArrayInputStream(packed)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (in.available() < 500_000) {
              throw failure;
            }
            return super.read(buffer, offset, length);
          }
        };

    assertThatThrownBy(() -> read(breaking, hands)).isSameAs(failure);
  }

  @Test
  void nobodyReadsFurtherAheadThanSomeBlocks() throws IOException {
    byte[] packed = TestBzip2.pack(TestBzip2.data(0, 4_000_000, new Random(SEED)), 1);
    ByteArrayInputStream source = new ByteArrayInputStream(packed);
    try (Bzip2Stream in = new Bzip2Stream(source, hands)) {
      assertThat(in.readNBytes(100)).hasSize(100);
      hands.awaitIdle();

      // at most nine blocks of a hundred kilobytes, and what is read at once
      assertThat(source.available()).isGreaterThan(packed.length - 1_200_000);
    }
  }

  @Test
  void anInterruptedThreadReadsOnAndStaysInterrupted() throws Exception {
    byte[] data = TestBzip2.data(5, 3_000_000, new Random(SEED));
    byte[] packed = TestBzip2.pack(data, 1);
    AtomicBoolean right = new AtomicBoolean();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread reader =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              try {
                right.set(Arrays.equals(together(packed), data));
              } catch (IOException e) {
                right.set(false);
              }
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    reader.start();
    reader.join();

    assertThat(right).isTrue();
    assertThat(interrupted).isTrue();
  }

  @Test
  void sumsAreThoseOfTheSlowWay() throws IOException {
    Random random = new Random(SEED);
    for (int size = 1; size < 40; size++) {
      byte[] data = TestBzip2.data(0, size, random);
      Bzip2Runs runs = new Bzip2Runs();
      runs.begin(data);
      byte[] target = new byte[size];

      assertThat(runs.write(target, 0, size)).isEqualTo(size);
      assertThat(target).isEqualTo(data);
      assertThat(runs.checkSum()).isEqualTo(TestBzip2.checkSum(data));
    }
  }
}

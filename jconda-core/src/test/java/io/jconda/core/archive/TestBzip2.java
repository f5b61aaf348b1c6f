package io.jconda.core.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Makes data and streams for bzip2, also such as no compressor is likely to write. */
final class TestBzip2 {
  private static final int ALPHABET = 256;
  private static final int END_OF_BLOCK = ALPHABET + 1;

  private TestBzip2() {}

  /** Returns data of one of six kinds. */
  static byte[] data(int kind, int size, Random random) {
    byte[] data = new byte[size];
    switch (kind) {
      case 0 -> random.nextBytes(data);
      case 1 -> Arrays.fill(data, (byte) random.nextInt());
      case 2 -> {
        for (int at = 0; at < size; at++) {
          data[at] = (byte) "sort, move, count ".charAt(random.nextInt(18));
        }
      }
      case 3 -> {
        int period = 1 + random.nextInt(70);
        for (int at = 0; at < size; at++) {
          data[at] = (byte) (at % period * 37);
        }
      }
      case 4 -> {
        for (int at = 0; at < size; ) {
          int to = Math.min(size, at + 1 + random.nextInt(random.nextInt(8) == 0 ? 900 : 7));
          Arrays.fill(data, at, to, (byte) random.nextInt(3));
          at = to;
        }
      }
      default -> {
        for (int at = 0; at < size; at++) {
          data[at] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 0);
        }
      }
    }
    return data;
  }

  static byte[] pack(byte[] data, int level) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BZip2CompressorOutputStream bz2 = new BZip2CompressorOutputStream(out, level)) {
      bz2.write(data);
    }
    return out.toByteArray();
  }

  /** Returns what another decoder makes of it. */
  static byte[] unpack(byte[] packed) throws IOException {
    try (InputStream in = new BZip2CompressorInputStream(new ByteArrayInputStream(packed), true)) {
      return in.readAllBytes();
    }
  }

  /** Returns a stream of one block in the midst of which a number of 48 bits stands. */
  static byte[] holding(long number, Random random) throws IOException {
    while (true) {
      List<Integer> symbols = new ArrayList<>();
      addSymbols(symbols, random);
      for (int shift = 40; shift >= 0; shift -= 8) {
        // codes of eight bits are the symbols themselves
        symbols.add((int) (number >>> shift) & 0xff);
      }
      addSymbols(symbols, random);
      byte[] sorted = sorted(symbols);
      int[] order = order(sorted);
      if (isOneCycle(order)) {
        byte[] bytes = unsort(sorted, order, 0);
        if (!hasRuns(bytes)) {
          return stream(symbols, checkSum(bytes));
        }
      }
    }
  }

  /** Adds some that mean no runs; those behind 253 have a code of nine bits. */
  private static void addSymbols(List<Integer> symbols, Random random) {
    for (int left = 1 + random.nextInt(12); left > 0; left--) {
      symbols.add(2 + random.nextInt(ALPHABET - 2));
    }
  }

  private static byte[] sorted(List<Integer> symbols) {
    List<Integer> recent = new ArrayList<>();
    for (int value = 0; value < ALPHABET; value++) {
      recent.add(value);
    }
    byte[] sorted = new byte[symbols.size()];
    for (int i = 0; i < sorted.length; i++) {
      int value = recent.remove(symbols.get(i) - 1);
      recent.add(0, value);
      sorted[i] = (byte) value;
    }
    return sorted;
  }

  /** Returns for each byte, in the order of their values, where it stands. */
  private static int[] order(byte[] sorted) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < sorted.length; i++) {
      places.add(i);
    }
    places.sort((a, b) -> Integer.compare(sorted[a] & 0xff, sorted[b] & 0xff));
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean isOneCycle(int[] order) {
    int steps = 1;
    for (int at = order[0]; at != 0; at = order[at]) {
      steps++;
    }
    return steps == order.length;
  }

  private static byte[] unsort(byte[] sorted, int[] order, int origin) {
    byte[] bytes = new byte[sorted.length];
    int at = order[origin];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = sorted[at];
      at = order[at];
    }
    return bytes;
  }

  private static boolean hasRuns(byte[] bytes) {
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i] == bytes[i - 1] && bytes[i] == bytes[i - 2] && bytes[i] == bytes[i - 3]) {
        return true;
      }
    }
    return false;
  }

  /** Sums up bit by bit. */
  static int checkSum(byte[] bytes) {
    int sum = -1;
    for (byte value : bytes) {
      sum ^= value << 24;
      for (int bit = 0; bit < 8; bit++) {
        sum = sum < 0 ? sum << 1 ^ 0x04c1_1db7 : sum << 1;
      }
    }
    return ~sum;
  }

  private static byte[] stream(List<Integer> symbols, int checkSum) {
    Bits bits = new Bits();
    bits.add('B', 8).add('Z', 8).add('h', 8).add('9', 8);
    bits.add(0x314159265359L, 48).add(checkSum & 0xffff_ffffL, 32).add(0, 1).add(0, 24);
    for (int row = 0; row <= 16; row++) {
      bits.add(0xffff, 16);
    }
    int groups = symbols.size() / 50 + 1;
    bits.add(2, 3).add(groups, 15).add(0, groups);
    for (int table = 0; table < 2; table++) {
      // 254 codes of eight bits and four of nine leave no bits without a meaning
      bits.add(8, 5);
      for (int symbol = 0; symbol <= END_OF_BLOCK; symbol++) {
        bits.add(symbol == 254 ? 0b100 : 0, symbol == 254 ? 3 : 1);
      }
    }
    symbols.forEach(symbol -> addCode(bits, symbol));
    addCode(bits, END_OF_BLOCK);
    return bits.add(0x177245385090L, 48).add(checkSum & 0xffff_ffffL, 32).bytes();
  }

  private static void addCode(Bits bits, int symbol) {
    bits.add(symbol < 254 ? symbol : 254 + symbol, symbol < 254 ? 8 : 9);
  }

  /** Writes bits, the highest first. */
  static final class Bits {
    private final StringBuilder text = new StringBuilder();

    Bits add(long value, int count) {
      for (int bit = count - 1; bit >= 0; bit--) {
        text.append(value >>> bit & 1);
      }
      return this;
    }

    byte[] bytes() {
      while (text.length() % 8 != 0) {
        text.append('0');
      }
      byte[] bytes = new byte[text.length() / 8];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) Integer.parseInt(text.substring(8 * i, 8 * i + 8), 2);
      }
      return bytes;
    }
  }
}

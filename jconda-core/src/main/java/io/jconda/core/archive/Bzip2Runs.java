package io.jconda.core.archive;

import java.io.IOException;
import java.util.Arrays;

/**
 * Writes out the runs of a block of bzip2, which stand there as four equal bytes and a count of
 * more, and sums up what it wrote. For one thread.
 */
final class Bzip2Runs {
  private static final int POLYNOMIAL = 0x04c1_1db7;

  /** What a byte does to the sum when so many bytes follow it: eight are taken at a time. */
  private static final int[][] SUMS = sums();

  private byte[] block = new byte[0];
  private int at;

  /** The last byte, how often in a row it came, and how often it must come again. */
  private byte last;

  private int run;
  private int again;
  private int sum;

  private static int[][] sums() {
    int[][] sums = new int[8][256];
    for (int value = 0; value < 256; value++) {
      int sum = value << 24;
      for (int bit = 0; bit < 8; bit++) {
        sum = sum << 1 ^ (sum < 0 ? POLYNOMIAL : 0);
      }
      sums[0][value] = sum;
    }
    for (int after = 1; after < 8; after++) {
      for (int value = 0; value < 256; value++) {
        int sum = sums[after - 1][value];
        sums[after][value] = sum << 8 ^ sums[0][sum >>> 24];
      }
    }
    return sums;
  }

  /** Begins with another block. */
  void begin(byte[] bytes) {
    block = bytes;
    at = 0;
    run = 0;
    again = 0;
    sum = -1;
  }

  /**
   * Writes as many bytes as there is room for.
   *
   * @return how many; 0 at the block's end
   */
  int write(byte[] target, int offset, int length) throws IOException {
    int to = offset;
    int end = offset + length;
    while (to < end && (again > 0 || at < block.length)) {
      if (again > 0) {
        int count = Math.min(again, end - to);
        Arrays.fill(target, to, to + count, last);
        again -= count;
        to += count;
      } else if (run == 4) {
        again = block[at++] & 0xff;
        run = 0;
      } else {
        to = copy(target, to, end);
      }
    }
    if (run == 4 && at == block.length && again == 0) {
      throw new IOException("a block of it ends within a run");
    }
    add(target, offset, to);
    return to - offset;
  }

  /** Copies up to the next run, and returns up to where. */
  private int copy(byte[] target, int from, int end) {
    byte[] bytes = block;
    int to = from;
    int next = at;
    int equal = run;
    byte before = last;
    int stop = next + Math.min(end - from, bytes.length - next);
    while (next < stop) {
      byte value = bytes[next++];
      target[to++] = value;
      if (value != before) {
        equal = 1;
        before = value;
      } else if (++equal == 4) {
        break;
      }
    }
    at = next;
    run = equal;
    last = before;
    return to;
  }

  private void add(byte[] bytes, int from, int to) {
    int[][] sums = SUMS;
    int sum = this.sum;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      sum =
          sums[7][(bytes[i] ^ sum >>> 24) & 0xff]
              ^ sums[6][(bytes[i + 1] ^ sum >>> 16) & 0xff]
              ^ sums[5][(bytes[i + 2] ^ sum >>> 8) & 0xff]
              ^ sums[4][(bytes[i + 3] ^ sum) & 0xff]
              ^ sums[3][bytes[i + 4] & 0xff]
              ^ sums[2][bytes[i + 5] & 0xff]
              ^ sums[1][bytes[i + 6] & 0xff]
              ^ sums[0][bytes[i + 7] & 0xff];
    }
    for (; i < to; i++) {
      sum = sum << 8 ^ sums[0][(bytes[i] ^ sum >>> 24) & 0xff];
    }
    this.sum = sum;
  }

  /** Returns the check sum of what was written since the block began. */
  int checkSum() {
    return ~sum;
  }
}

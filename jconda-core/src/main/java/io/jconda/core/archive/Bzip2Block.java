package io.jconda.core.archive;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Decodes a block of bzip2 by itself.
 *
 * <p>A block may begin at any bit. What comes out is the block as it was before its symbols were
 * sorted, with runs of equal bytes still written as four of them and a count: a block may stand for
 * fifty times its size, and this way it needs memory for itself alone. For one thread.
 */
final class Bzip2Block {
  /** What a block of the best level holds. */
  static final int MOST_BYTES = 900_000;

  /**
   * So many bytes must follow what is decoded: bits are read eight bytes at a time, and only after
   * fifty symbols of up to twenty bits is it asked whether they were there.
   */
  static final int PADDING = 136;

  private static final Queue<SoftReference<Bzip2Block>> IDLE = new ConcurrentLinkedQueue<>();
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int CHUNK = 4096;
  private static final int MOST_TABLES = 6;
  private static final int MOST_SELECTORS = 18_002;
  private static final int GROUP = 50;
  private static final int LONGEST_CODE = 20;
  private static final int LOOKUP_BITS = 10;

  /** Which of the bytes {@code 0..255} each symbol means at present, the last seen first. */
  private final byte[] recent = new byte[256];

  private final int[] counts = new int[256];
  private final byte[] selectors = new byte[MOST_SELECTORS];
  private final PrefixCode[] codes = new PrefixCode[MOST_TABLES];

  /** For each byte, as they are sorted: which one follows, above its own eight bits. */
  private final int[] next = new int[MOST_BYTES];

  private final Bzip2Order order = new Bzip2Order();

  private ByteBuffer view = NOTHING;
  private int bit;
  private int limit;
  private int groups;
  private int count;
  private int runLength;
  private int runWeight;

  private Bzip2Block() {
    Arrays.setAll(codes, i -> new PrefixCode());
  }

  /** Is a decoded block. */
  static final class Decoded {
    private final byte[] bytes;
    private final int checkSum;
    private final int bits;

    private Decoded(byte[] bytes, int checkSum, int bits) {
      this.bytes = bytes;
      this.checkSum = checkSum;
      this.bits = bits;
    }

    /** Returns its bytes, with runs as they are written. */
    byte[] bytes() {
      return bytes;
    }

    /** Returns what the CRC of its bytes, runs written out, has to be. */
    int checkSum() {
      return checkSum;
    }

    /** Returns how many bits it took. */
    int bits() {
      return bits;
    }
  }

  /**
   * Decodes a block. What it needs for it, some five megabytes, is kept for the next block of
   * anybody, as long as memory is not short. For any thread.
   *
   * @param from what it lies in, followed by {@link #PADDING} bytes that do not count
   * @param start at which bit its magic number begins
   * @param end at which bit it must have ended
   * @throws IOException if it is none, or does not end by then
   */
  static Decoded decode(byte[] from, int start, int end) throws IOException {
    SoftReference<Bzip2Block> kept = IDLE.poll();
    Bzip2Block block = kept == null ? null : kept.get();
    if (block == null) {
      block = new Bzip2Block();
    }
    try {
      return block.read(from, start, end);
    } finally {
      block.view = NOTHING;
      IDLE.add(new SoftReference<>(block));
    }
  }

  private Decoded read(byte[] from, int start, int end) throws IOException {
    view = ByteBuffer.wrap(from);
    limit = end;
    bit = start + 48;
    int checkSum = bits(16) << 16 | bits(16);
    if (bits(1) != 0) {
      throw new IOException("it has a block of bzip2 0.9.0 or older, which no package has");
    }
    int origin = bits(24);
    int symbols = readAlphabet() + 2;
    readTables(symbols);
    readSymbols(symbols - 1);
    if (origin >= count) {
      throw new IOException("a block of it begins outside itself");
    }
    byte[] bytes = new byte[count];
    link();
    order.write(next, next[origin] >>> 8, bytes);
    return new Decoded(bytes, checkSum, bit - start);
  }

  private int bits(int wanted) throws IOException {
    if (bit + wanted > limit) {
      throw new IOException("a block of it ends too early");
    }
    int value = (int) (view.getLong(bit >>> 3) << (bit & 7) >>> (64 - wanted));
    bit += wanted;
    return value;
  }

  /** Reads which bytes there are at all. */
  private int readAlphabet() throws IOException {
    int rows = bits(16);
    int used = 0;
    for (int row = 0; row < 16; row++) {
      if ((rows << row & 0x8000) != 0) {
        int columns = bits(16);
        for (int column = 0; column < 16; column++) {
          if ((columns << column & 0x8000) != 0) {
            recent[used++] = (byte) (row << 4 | column);
          }
        }
      }
    }
    if (used == 0) {
      throw new IOException("a block of it has no bytes");
    }
    return used;
  }

  private void readTables(int symbols) throws IOException {
    int tables = bits(3);
    int found = bits(15);
    if (tables < 2 || tables > MOST_TABLES || found == 0) {
      throw new IOException("a block of it has a wrong number of tables");
    }
    readSelectors(found, tables);
    byte[] lengths = new byte[symbols];
    for (int table = 0; table < tables; table++) {
      int length = bits(5);
      for (int symbol = 0; symbol < symbols; symbol++) {
        while (bits(1) == 1) {
          length += bits(1) == 0 ? 1 : -1;
        }
        if (length < 1 || length > LONGEST_CODE) {
          throw new IOException("a block of it has a code of " + length + " bits");
        }
        lengths[symbol] = (byte) length;
      }
      codes[table].set(lengths);
    }
  }

  /** Reads which table each group has, as a number of ones: how long ago it was used last. */
  private void readSelectors(int found, int tables) throws IOException {
    byte[] recentTables = {0, 1, 2, 3, 4, 5};
    int at = bit;
    for (int group = 0; group < found && at < limit; group++) {
      int ones = Long.numberOfLeadingZeros(~(view.getLong(at >>> 3) << (at & 7)));
      if (ones >= tables) {
        throw new IOException("a block of it names a table that it has not");
      }
      at += ones + 1;
      byte table = recentTables[ones];
      for (int i = ones; i > 0; i--) {
        recentTables[i] = recentTables[i - 1];
      }
      recentTables[0] = table;
      // old versions wrote more than a block can have (bzip2 1.0.8: CVE-2019-12900)
      if (group < MOST_SELECTORS) {
        selectors[group] = table;
      }
    }
    bit = at;
    groups = Math.min(found, MOST_SELECTORS);
  }

  private void readSymbols(int endOfBlock) throws IOException {
    Arrays.fill(counts, 0);
    count = 0;
    runLength = 0;
    runWeight = 1;
    for (int group = 0; group < groups; group++) {
      boolean ended = readGroup(codes[selectors[group]], endOfBlock);
      if (bit > limit) {
        throw new IOException("a block of it ends too early");
      }
      if (ended) {
        return;
      }
    }
    throw new IOException("a block of it has no end");
  }

  /** Reads the symbols of a group; returns whether the block's end was among them. */
  private boolean readGroup(PrefixCode code, int endOfBlock) throws IOException {
    int at = bit;
    for (int i = 0; i < GROUP; i++) {
      long word = view.getLong(at >>> 3) << (at & 7);
      int entry = code.lookup[(int) (word >>> (64 - LOOKUP_BITS))];
      if (entry == 0) {
        entry = code.slow((int) (word >>> (64 - LONGEST_CODE)));
      }
      at += entry & 31;
      int symbol = entry >>> 5;
      if (symbol < 2) {
        addToRun(symbol);
      } else {
        if (runLength > 0) {
          writeRun();
        }
        if (symbol == endOfBlock) {
          bit = at;
          return true;
        }
        write(symbol - 1);
      }
    }
    bit = at;
    return false;
  }

  private void addToRun(int digit) throws IOException {
    runLength += runWeight << digit;
    runWeight <<= 1;
    if (runLength > MOST_BYTES) {
      throw new IOException("a block of it is too long");
    }
  }

  private void writeRun() throws IOException {
    int value = recent[0] & 0xff;
    int end = count + runLength;
    if (end > MOST_BYTES) {
      throw new IOException("a block of it is too long");
    }
    counts[value] += runLength;
    for (int i = count; i < end; i++) {
      next[i] = value;
    }
    count = end;
    runLength = 0;
    runWeight = 1;
  }

  private void write(int position) throws IOException {
    byte value = recent[position];
    if (position < 16) {
      for (int i = position; i > 0; i--) {
        recent[i] = recent[i - 1];
      }
    } else {
      System.arraycopy(recent, 0, recent, 1, position);
    }
    recent[0] = value;
    if (count == MOST_BYTES) {
      throw new IOException("a block of it is too long");
    }
    counts[value & 0xff]++;
    next[count++] = value & 0xff;
  }

  private void link() {
    int sum = 0;
    for (int value = 0; value < 256; value++) {
      int here = counts[value];
      counts[value] = sum;
      sum += here;
    }
    for (int from = 0; from < count; from += CHUNK) {
      link(from, Math.min(count, from + CHUNK));
    }
  }

  private void link(int from, int to) {
    int[] next = this.next;
    int[] places = counts;
    for (int i = from; i < to; i++) {
      next[places[next[i] & 0xff]++] |= i << 8;
    }
  }

  /** Is a code whose words are not the beginning of one another. */
  private static final class PrefixCode {
    /** What the next bits mean: the symbol above five bits for its length; 0 if it is longer. */
    private final short[] lookup = new short[1 << LOOKUP_BITS];

    private final int[] end = new int[LONGEST_CODE + 1];
    private final int[] offset = new int[LONGEST_CODE + 1];
    private final short[] sorted = new short[258];

    /** Takes the lengths of all words; with more words than fit, the longest mean nothing. */
    void set(byte[] lengths) {
      Arrays.fill(lookup, (short) 0);
      int word = 0;
      int found = 0;
      for (int length = 1; length <= LONGEST_CODE; length++) {
        word <<= 1;
        offset[length] = found - word;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
          if (lengths[symbol] == length) {
            sorted[found++] = (short) symbol;
            if (length <= LOOKUP_BITS) {
              int from = word << (LOOKUP_BITS - length);
              int to = (word + 1) << (LOOKUP_BITS - length);
              if (to <= lookup.length) {
                Arrays.fill(lookup, from, to, (short) (symbol << 5 | length));
              }
            }
            word++;
          }
        }
        end[length] = word;
      }
    }

    /** Returns what longer bits mean, in the same form. */
    int slow(int bits) throws IOException {
      for (int length = LOOKUP_BITS + 1; length <= LONGEST_CODE; length++) {
        int word = bits >>> (LONGEST_CODE - length);
        if (word < end[length]) {
          return sorted[word + offset[length]] << 5 | length;
        }
      }
      throw new IOException("a block of it has a code that is none");
    }
  }
}

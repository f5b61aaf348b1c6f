package io.jconda.core.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a compressed stream of bzip2 wherever a block, or the end of the blocks, seems to begin: at
 * any bit, at one of two numbers of 48 bits. A number may stand there by chance; then whoever
 * decodes what lies before it finds that it lacks its end, and goes {@link #back}. For one thread.
 */
final class Bzip2Pieces {
  /** Begins a block: the digits of pi. */
  static final long BLOCK = 0x314159265359L;

  /** Begins the end of a stream: the digits of the square root of pi. */
  static final long END = 0x177245385090L;

  /** How many bits each of the two has. */
  static final int MAGIC_BITS = 48;

  /**
   * More than a block can take: 900,001 symbols of 20 bits, tables and selectors. Real ones take a
   * third of it.
   */
  private static final int LONGEST = 3_000_000;

  private static final int READ = 1 << 16;

  /** Which of the two, at which bit, a third and a fourth byte fit: few places fit both. */
  private static final short[] THIRD = fitting(2);

  private static final short[] FOURTH = fitting(3);

  private final InputStream in;
  private byte[] window = new byte[1 << 19];
  private ByteBuffer view = ByteBuffer.wrap(window);

  /** Which byte of the stream the window begins with. */
  private long base;

  private int end;
  private boolean ended;

  /** At which bit of the window the next piece begins. */
  private int start;

  /** From which byte of the window on nobody has looked. */
  private int seen;

  Bzip2Pieces(InputStream in) {
    this.in = in;
  }

  private static short[] fitting(int place) {
    short[] fits = new short[256];
    for (int bit = 0; bit < 8; bit++) {
      int right = MAGIC_BITS - 8 * (place + 1) + bit;
      fits[(int) (BLOCK >>> right) & 0xff] |= (short) (1 << bit);
      fits[(int) (END >>> right) & 0xff] |= (short) (1 << (8 + bit));
    }
    return fits;
  }

  /** Is a part of the stream. */
  static final class Piece {
    private final long begin;
    private final byte[] bytes;
    private final int length;
    private final boolean last;

    private Piece(long begin, byte[] bytes, int length, boolean last) {
      this.begin = begin;
      this.bytes = bytes;
      this.length = length;
      this.last = last;
    }

    /** Returns the bit of the stream that it begins with. */
    long begin() {
      return begin;
    }

    /** Returns the bytes that it lies in, and {@link Bzip2Block#PADDING} more. */
    byte[] bytes() {
      return bytes;
    }

    /** Returns how many bits it has. */
    int length() {
      return length;
    }

    /** Tells whether the stream ends with it. */
    boolean last() {
      return last;
    }

    /** Returns the bit behind its last one, counted from its first byte on. */
    int limit() {
      return offset() + length;
    }

    /** Returns at which bit of its bytes it begins. */
    int offset() {
      return (int) begin & 7;
    }

    /** Returns some of its bits, at most 48; zeros follow the last one. */
    long bits(int from, int count) {
      int at = offset() + from;
      return ByteBuffer.wrap(bytes).getLong(at >>> 3) << (at & 7) >>> (64 - count);
    }

    /** Tells whether it begins with one of the two numbers. */
    boolean begins(long magic) {
      return length >= MAGIC_BITS && bits(0, MAGIC_BITS) == magic;
    }
  }

  /** Returns the next piece; nothing at the stream's end. */
  @Nullable Piece next() throws IOException {
    int found = find();
    while (found < 0 && !ended && end - (start >>> 3) < LONGEST) {
      read();
      found = find();
    }
    int stop = found < 0 ? end << 3 : found;
    if (stop == start) {
      return null;
    }
    Piece piece = piece(stop, found < 0 && ended);
    start = stop;
    seen = Math.max(seen, start >>> 3);
    return piece;
  }

  private Piece piece(int stop, boolean last) {
    int first = start >>> 3;
    byte[] bytes = new byte[((stop + 7) >>> 3) - first + Bzip2Block.PADDING];
    System.arraycopy(window, first, bytes, 0, bytes.length - Bzip2Block.PADDING);
    return new Piece(((base + first) << 3) + (start & 7), bytes, stop - start, last);
  }

  /** Goes back to where a piece began, and returns as much from there on as a block can take. */
  Piece back(Piece from, List<Piece> after) throws IOException {
    int length = from.bytes().length - Bzip2Block.PADDING;
    byte[] before = Arrays.copyOf(from.bytes(), length);
    for (Piece piece : after) {
      int shared = (int) (piece.begin() & 7) == 0 ? 0 : 1;
      int more = piece.bytes().length - Bzip2Block.PADDING;
      before = Arrays.copyOf(before, length - shared + more);
      System.arraycopy(piece.bytes(), 0, before, length - shared, more);
      length = before.length;
    }
    int here = start >>> 3;
    int shared = (start & 7) == 0 ? 0 : 1;
    int left = end - here - shared;
    byte[] joined = Arrays.copyOf(before, Math.max(window.length, length + left));
    System.arraycopy(window, here + shared, joined, length, left);
    window = joined;
    view = ByteBuffer.wrap(window);
    base = from.begin() >>> 3;
    end = length + left;
    start = from.offset();
    while (!ended && end < LONGEST) {
      read();
    }
    return piece(Math.min(end, LONGEST) << 3, ended && end <= LONGEST);
  }

  /** Begins the next piece at a bit of the stream, after going back. */
  void goOnAt(long bit) throws EOFException {
    long at = bit - (base << 3);
    if (at > (long) end << 3) {
      throw new EOFException("it ends too early");
    }
    start = (int) at;
    seen = start >>> 3;
  }

  private void read() throws IOException {
    int first = start >>> 3;
    if (end + READ > window.length) {
      byte[] roomy =
          first >= READ ? window : Arrays.copyOf(window, Math.max(end + READ, 2 * window.length));
      System.arraycopy(window, first, roomy, 0, end - first);
      window = roomy;
      view = ByteBuffer.wrap(window);
      base += first;
      end -= first;
      start &= 7;
      seen -= first;
    }
    int got = in.read(window, end, READ);
    ended = got < 0;
    end += Math.max(0, got);
  }

  /** Returns at which bit the next of the numbers is, behind the one that a piece begins with. */
  private int find() {
    // eight bytes are looked at; at the stream's end the last of them need not be there
    int stop = ended ? end - 5 : end - 8;
    while (seen < stop) {
      int to = Math.min(stop, seen + READ);
      int at = candidate(seen, to);
      int found = at < to ? magicAt(at) : -1;
      if (found >= 0) {
        // more may begin in the same byte
        seen = at;
        return found;
      }
      seen = Math.min(to, at + 1);
    }
    return -1;
  }

  private int candidate(int from, int to) {
    byte[] bytes = window;
    for (int at = from; at < to; at++) {
      if ((THIRD[bytes[at + 2] & 0xff] & FOURTH[bytes[at + 3] & 0xff]) != 0) {
        return at;
      }
    }
    return to;
  }

  private int magicAt(int at) {
    long word = word(at);
    for (int bit = 0; bit < 8; bit++) {
      long number = word << bit >>> (64 - MAGIC_BITS);
      int place = (at << 3) + bit;
      if ((number == BLOCK || number == END) && place > start && place + MAGIC_BITS <= end << 3) {
        return place;
      }
    }
    return -1;
  }

  private long word(int at) {
    if (at + 8 <= end) {
      return view.getLong(at);
    }
    return ByteBuffer.wrap(Arrays.copyOf(Arrays.copyOfRange(window, at, end), 8)).getLong();
  }
}

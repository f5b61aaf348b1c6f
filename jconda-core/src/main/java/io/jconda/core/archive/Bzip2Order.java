package io.jconda.core.archive;

import java.io.IOException;

/**
 * Puts the bytes of a sorted block back into their order.
 *
 * <p>Each byte tells where the next one lies, anywhere in some megabytes: following them one by one
 * means to wait for memory at each step. So the walk is begun at many places at once, four at a
 * time, which wait together; each goes on to where another one began, and in the end the parts are
 * put together. For one thread.
 */
final class Bzip2Order {
  private static final int CHAINS = 4;

  /** Set on a link where a part begins. */
  private static final int MARK = 1 << 31;

  private static final int UNMARKED = ~MARK;

  /** A part is written in pieces of so many bytes, as nobody knows how long it will be. */
  private static final int PIECE = 2048;

  private static final int MOST_PARTS = 128;
  private static final int LEAST_STRIDE = 2000;
  private static final int MOST_PIECES = Bzip2Block.MOST_BYTES / PIECE + MOST_PARTS + 3;

  private final byte[] written = new byte[MOST_PIECES * PIECE];
  private final int[] pieceAfter = new int[MOST_PIECES];
  private final int[] firstPiece = new int[MOST_PARTS + 2];
  private final int[] length = new int[MOST_PARTS + 2];
  private final int[] partAfter = new int[MOST_PARTS + 2];

  /** Of each chain: which link is next, where its byte goes, where its piece ends, its part. */
  private final int[] at = new int[CHAINS];

  private final int[] to = new int[CHAINS];
  private final int[] end = new int[CHAINS];
  private final int[] part = new int[CHAINS];

  private int[] links = new int[0];
  private int count;
  private int start;
  private int stride;
  private int parts;
  private int begun;
  private int pieces;

  /**
   * Writes the bytes in their order.
   *
   * @param sorted for each byte, as they are sorted, which one follows, above its own eight bits
   * @param from which link the first byte lies in
   * @param target gets them; tells how many there are
   * @throws IOException if they are no one's order
   */
  void write(int[] sorted, int from, byte[] target) throws IOException {
    links = sorted;
    count = target.length;
    start = from;
    begun = 0;
    pieces = 0;
    stride = Math.max(LEAST_STRIDE, (count + MOST_PARTS - 1) / MOST_PARTS);
    // the first one begins where the block does, the others at every so manieth link
    parts = 1 + (count + stride - 1) / stride;
    for (int each = 0; each < parts; each++) {
      links[beginning(each)] |= MARK;
    }
    int chains = 0;
    while (chains < CHAINS && begin(chains)) {
      chains++;
    }
    while (chains == CHAINS) {
      walkTogether();
      for (int chain = 0; chain < chains; chain++) {
        if (isAtEnd(chain) && !begin(chain)) {
          chains--;
          move(chains, chain);
          chain--;
        }
      }
    }
    for (int chain = 0; chain < chains; chain++) {
      do {
        walkAlone(chain);
      } while (!isAtEnd(chain));
    }
    collect(target);
  }

  private int beginning(int each) {
    return each == 0 ? start : (each - 1) * stride;
  }

  /** Lets a chain do the first step of the next part; returns whether there is one. */
  private boolean begin(int chain) {
    int next = begun;
    if (next < parts && next > 0 && beginning(next) == start) {
      // is the first part already
      next++;
    }
    if (next >= parts) {
      return false;
    }
    begun = next + 1;
    part[chain] = next;
    length[next] = 0;
    firstPiece[next] = pieces;
    newPiece(chain);
    int link = links[beginning(next)] & UNMARKED;
    written[to[chain]++] = (byte) link;
    at[chain] = link >>> 8;
    return true;
  }

  private void newPiece(int chain) {
    to[chain] = pieces * PIECE;
    end[chain] = to[chain] + PIECE;
    pieces++;
  }

  private void move(int from, int chain) {
    at[chain] = at[from];
    to[chain] = to[from];
    end[chain] = end[from];
    part[chain] = part[from];
  }

  /** Tells whether a chain met the beginning of a part; else there is room for its next step. */
  private boolean isAtEnd(int chain) {
    int here = at[chain];
    int filled = to[chain] - (end[chain] - PIECE);
    if (links[here] < 0) {
      length[part[chain]] += filled;
      partAfter[part[chain]] = here == start ? 0 : here / stride + 1;
      return true;
    }
    if (filled == PIECE) {
      length[part[chain]] += PIECE;
      pieceAfter[end[chain] / PIECE - 1] = pieces;
      newPiece(chain);
    }
    return false;
  }

  /** Goes on with all chains until one of them meets a beginning or has filled its piece. */
  private void walkTogether() {
    int[] links = this.links;
    byte[] written = this.written;
    int at0 = at[0];
    int at1 = at[1];
    int at2 = at[2];
    int at3 = at[3];
    int to0 = to[0];
    int to1 = to[1];
    int to2 = to[2];
    int to3 = to[3];
    int steps =
        Math.min(Math.min(end[0] - to0, end[1] - to1), Math.min(end[2] - to2, end[3] - to3));
    int step = 0;
    while (step < steps) {
      int link0 = links[at0];
      int link1 = links[at1];
      int link2 = links[at2];
      int link3 = links[at3];
      if ((link0 | link1 | link2 | link3) < 0) {
        break;
      }
      written[to0 + step] = (byte) link0;
      written[to1 + step] = (byte) link1;
      written[to2 + step] = (byte) link2;
      written[to3 + step] = (byte) link3;
      at0 = link0 >>> 8;
      at1 = link1 >>> 8;
      at2 = link2 >>> 8;
      at3 = link3 >>> 8;
      step++;
    }
    at[0] = at0;
    at[1] = at1;
    at[2] = at2;
    at[3] = at3;
    for (int chain = 0; chain < CHAINS; chain++) {
      to[chain] += step;
    }
  }

  private void walkAlone(int chain) {
    int[] links = this.links;
    int here = at[chain];
    int next = to[chain];
    int stop = end[chain];
    while (next < stop) {
      int link = links[here];
      if (link < 0) {
        break;
      }
      written[next++] = (byte) link;
      here = link >>> 8;
    }
    at[chain] = here;
    to[chain] = next;
  }

  private void collect(byte[] target) throws IOException {
    int filled = 0;
    int each = 0;
    while (filled < count) {
      int piece = firstPiece[each];
      int left = length[each];
      if (left > count - filled) {
        break;
      }
      while (left > 0) {
        int part = Math.min(left, PIECE);
        System.arraycopy(written, piece * PIECE, target, filled, part);
        filled += part;
        left -= part;
        piece = pieceAfter[piece];
      }
      each = partAfter[each];
    }
    // an order that repeats itself goes round several times
    if (filled != count || each != 0) {
      throw new IOException("a block of it is not one");
    }
  }
}

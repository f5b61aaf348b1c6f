package io.jconda.core.util;

import java.util.Arrays;

/**
 * Looks for one sequence of bytes in many others: Horspool's search, which looks at few of the
 * bytes where what is wanted is long. Immutable.
 */
public final class ByteSearch {
  private final byte[] wanted;
  private final int unit;
  private final int[] shift = new int[256];

  /**
   * Prepares a search.
   *
   * @param wanted what is looked for
   * @param unit how many bytes are looked at together to see how far to go on: as many as a
   *     character takes. Of a character in UTF-16 or UTF-32 most bytes are zero, as are most of a
   *     program, so that one alone says nothing
   */
  public ByteSearch(byte[] wanted, int unit) {
    this.wanted = wanted.clone();
    this.unit = unit;
    int last = wanted.length - 1;
    Arrays.fill(shift, wanted.length - unit + 1);
    for (int end = unit - 1; end < last; end++) {
      shift[sum(wanted, end)] = last - end;
    }
  }

  /** Sums the bytes of a unit up, wherever in it a character's byte stands. */
  private int sum(byte[] data, int end) {
    int sum = data[end];
    for (int i = 1; i < unit; i++) {
      sum += data[end - i];
    }
    return sum & 0xFF;
  }

  /** Returns how many bytes are looked for. */
  public int length() {
    return wanted.length;
  }

  /** Returns where they first occur at or after a position; -1 if nowhere. */
  public int in(byte[] data, int from) {
    return in(data, data.length, from);
  }

  /** Searches the first {@code length} bytes of the data; returns -1 if it is nowhere in them. */
  public int in(byte[] data, int length, int from) {
    int last = wanted.length - 1;
    for (int end = from + last; end < length; end += shift[sum(data, end)]) {
      int i = last;
      while (i >= 0 && data[end - last + i] == wanted[i]) {
        i--;
      }
      if (i < 0) {
        return end - last;
      }
    }
    return -1;
  }
}

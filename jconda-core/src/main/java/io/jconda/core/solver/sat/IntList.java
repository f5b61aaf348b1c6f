package io.jconda.core.solver.sat;

import java.util.Arrays;

/** A list of ints without boxes, open to its package for speed. */
final class IntList {
  private static final int[] NONE = {};

  int[] items = NONE;
  int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size == 0 ? 4 : size * 2);
    }
    items[size++] = item;
  }

  int last() {
    return items[size - 1];
  }

  int removeLast() {
    return items[--size];
  }

  void clear() {
    size = 0;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}

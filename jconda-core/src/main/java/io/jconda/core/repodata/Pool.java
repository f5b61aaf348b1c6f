package io.jconda.core.repodata;

import java.util.Arrays;

/** Numbers sequences of bytes, each different one once, from 0 on. For one thread. */
final class Pool {
  private final Varints bytes = new Varints();
  private int[] ends = new int[64];
  private int count;
  // number + 1 of what hashes to a slot, 0 for none
  private int[] slots = new int[256];

  int count() {
    return count;
  }

  int size() {
    return bytes.size();
  }

  void clear() {
    bytes.clear();
    count = 0;
    Arrays.fill(slots, 0);
  }

  /** Returns the number of a sequence. */
  int number(byte[] source, int offset, int length) {
    int slot = slot(hash(source, offset, length));
    while (slots[slot] != 0) {
      int number = slots[slot] - 1;
      if (Arrays.equals(
          source, offset, offset + length, bytes.bytes(), start(number), ends[number])) {
        return number;
      }
      slot = slot(slot + 1);
    }
    bytes.add(source, offset, length);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    ends[count++] = bytes.size();
    slots[slot] = count;
    if (count * 2 > slots.length) {
      rehash();
    }
    return count - 1;
  }

  private int slot(int hash) {
    return hash & (slots.length - 1);
  }

  private int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    for (int number = 0; number < count; number++) {
      int slot = slot(hash(bytes.bytes(), start(number), ends[number] - start(number)));
      while (slots[slot] != 0) {
        slot = slot(slot + 1);
      }
      slots[slot] = number + 1;
    }
  }

  /** Returns a hash that is the same everywhere and always. */
  static int hash(byte[] bytes, int offset, int length) {
    int hash = length;
    for (int i = offset; i < offset + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    hash *= 0x9e3779b1;
    return hash ^ (hash >>> 15);
  }

  /** Writes the sequences, each behind its length. */
  void writeTo(Varints out) {
    for (int number = 0; number < count; number++) {
      int start = start(number);
      out.add(ends[number] - start);
      out.add(bytes.bytes(), start, ends[number] - start);
    }
  }

  /** Writes the sequences as texts: twice the length, and one more if a byte is not ASCII. */
  void writeTexts(Varints out) {
    for (int number = 0; number < count; number++) {
      int start = start(number);
      int length = ends[number] - start;
      out.add(length * 2L + (isAscii(start, length) ? 0 : 1));
      out.add(bytes.bytes(), start, length);
    }
  }

  private boolean isAscii(int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (bytes.bytes()[i] < 0) {
        return false;
      }
    }
    return true;
  }
}

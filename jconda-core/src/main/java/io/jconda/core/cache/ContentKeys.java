package io.jconda.core.cache;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts how many packages have each content, in eight bytes for each: a store has millions.
 *
 * <p>Two contents whose names begin alike in 64 bits count as one, which happens by chance once in
 * ten million stores; then one of them stays in the store longer than it must.
 */
final class ContentKeys {
  private long[] keys = new long[1 << 12];
  private int size;
  private boolean sorted;
  private final Map<Long, Integer> removed = new HashMap<>();

  /** Counts the contents of one package, each once. */
  void add(Manifest manifest) {
    for (long key : of(manifest)) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, size * 2);
      }
      keys[size++] = key;
    }
    sorted = false;
  }

  /** Takes a package out of the count. */
  void remove(Manifest manifest) {
    of(manifest).forEach(key -> removed.merge(key, 1, Integer::sum));
  }

  private static Set<Long> of(Manifest manifest) {
    Set<Long> own = new HashSet<>();
    for (StoredFile file : manifest.files()) {
      if (file.kind() == StoredFile.Kind.FILE) {
        own.add(key(StoreLayout.contentName(file)));
      }
    }
    return own;
  }

  /** Returns how many packages have a content, by the name that it has in the store. */
  int count(String contentName) {
    if (!sorted) {
      Arrays.sort(keys, 0, size);
      sorted = true;
    }
    long key = key(contentName);
    int found = Arrays.binarySearch(keys, 0, size, key);
    if (found < 0) {
      return 0;
    }
    int first = found;
    int last = found;
    while (first > 0 && keys[first - 1] == key) {
      first--;
    }
    while (last + 1 < size && keys[last + 1] == key) {
      last++;
    }
    return last - first + 1 - removed.getOrDefault(key, 0);
  }

  private static long key(String contentName) {
    long digest = Long.parseUnsignedLong(contentName, 0, 16, 16);
    // the executable bit and the time make another content of it
    return digest ^ contentName.substring(64).hashCode() * 0x9e3779b97f4a7c15L;
  }
}

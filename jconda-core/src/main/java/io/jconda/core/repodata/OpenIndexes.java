package io.jconda.core.repodata;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps indexes open, with what was read of them, while memory is plenty: in a JVM that lives on,
 * one operation after the other wants the same ones. Thread-safe.
 */
final class OpenIndexes {
  private final Disk disk;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  OpenIndexes(Disk disk) {
    this.disk = disk;
  }

  private record Open(Path file, SoftReference<CompactIndex> index) {}

  /**
   * Returns an index, opened if need be. Files never change, so it is what the file holds, also if
   * that is gone by now. One that turned out to be damaged is deleted, and cannot be opened.
   *
   * @param place what the index is of; of each place one is kept
   * @param file the file
   * @throws IOException if it cannot be opened, or is not what was written
   */
  CompactIndex of(String place, Path file) throws IOException {
    Open known = open.get(place);
    CompactIndex index = known == null || !known.file().equals(file) ? null : known.index().get();
    if (index != null && index.isDamaged()) {
      open.remove(place);
      disk.deleteIfExists(file);
      index = null;
    }
    if (index == null) {
      index = CompactIndex.open(file);
      open.put(place, new Open(file, new SoftReference<>(index)));
    }
    return index;
  }
}

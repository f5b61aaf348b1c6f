package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows all stores, and which of them is written. Looks at the disk when it is first asked, never
 * before. Thread-safe.
 */
final class Stores {
  private final List<Path> roots;
  private final Disk disk;
  private @Nullable List<Store> stores;

  Stores(List<Path> roots, Disk disk) {
    this.roots = roots;
    this.disk = disk;
  }

  /** Returns the store that gets what is new. */
  Store primary() {
    return all().get(0);
  }

  /** Returns the stores that are only read, the best first. */
  List<Store> others() {
    List<Store> all = all();
    return all.subList(1, all.size());
  }

  /** Returns all stores, the one that is written first. */
  synchronized List<Store> all() {
    List<Store> known = stores;
    if (known == null) {
      // where none can be written the first one is tried all the same: its error says what is wrong
      int written = Math.max(0, firstWritable());
      known = new ArrayList<>();
      known.add(Store.at(roots.get(written), disk, false));
      for (int i = 0; i < roots.size(); i++) {
        if (i != written) {
          known.add(Store.at(roots.get(i), disk, true));
        }
      }
      stores = known;
    }
    return known;
  }

  private int firstWritable() {
    for (int i = 0; i < roots.size(); i++) {
      if (roots.size() == 1 || isWritable(StoreLayout.of(roots.get(i)).store())) {
        return i;
      }
    }
    return -1;
  }

  /** Asks the system about the folder, or about the nearest one above that is there. */
  private static boolean isWritable(Path folder) {
    Path there = folder;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && Files.isDirectory(there) && Files.isWritable(there);
  }
}

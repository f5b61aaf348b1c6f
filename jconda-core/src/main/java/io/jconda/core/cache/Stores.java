package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows all stores, which of them is written, and the folders of other tools. Looks at the disk
 * when it is first asked, never before. Thread-safe.
 */
final class Stores {
  private final CacheFolders folders;
  private final Disk disk;
  private @Nullable List<Store> stores;
  private List<CondaFolder> pkgs = List.of();

  Stores(CacheFolders folders, Disk disk) {
    this.folders = folders;
    this.disk = disk;
  }

  /** Returns the store that gets what is new. */
  Store primary() {
    return all().get(0);
  }

  /** Returns the folders of other tools, the best first. */
  synchronized List<CondaFolder> pkgsFolders() {
    return all().isEmpty() ? List.of() : pkgs;
  }

  /** Returns all stores, the one that is written first. */
  synchronized List<Store> all() {
    List<Store> known = stores;
    if (known == null) {
      List<Path> roots = new ArrayList<>(List.of(folders.root()));
      List<CondaFolder> foreign = new ArrayList<>();
      for (Path other : folders.others()) {
        if (Files.isDirectory(StoreLayout.of(other).store())) {
          roots.add(other);
        } else {
          foreign.add(new CondaFolder(other));
        }
      }
      pkgs = List.copyOf(foreign);
      // where none can be written the first one is tried all the same: its error says what is wrong
      int written = Math.max(0, firstWritable(roots));
      known = new ArrayList<>(roots.size());
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

  private static int firstWritable(List<Path> roots) {
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

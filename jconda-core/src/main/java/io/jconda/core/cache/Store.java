package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import java.nio.file.Path;

/**
 * Is one store: where things lie in it, and what finds them there.
 *
 * @param readOnly whether nothing may be written there, not even a lock or a time
 */
record Store(StoreLayout layout, FileStore files, Manifests manifests, boolean readOnly) {
  static Store at(Path root, Disk disk, boolean readOnly) {
    StoreLayout layout = StoreLayout.of(root);
    return new Store(
        layout, new FileStore(layout, disk, readOnly), new Manifests(layout, disk), readOnly);
  }

  /** Returns where a file's content lies. */
  Path path(StoredFile file) {
    return layout.content(file);
  }
}

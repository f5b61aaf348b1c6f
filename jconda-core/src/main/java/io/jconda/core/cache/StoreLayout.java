package io.jconda.core.cache;

import java.nio.file.Path;

/**
 * Says where things lie in a store.
 *
 * @param store the folder {@code store/v1} of a root; the number is that of this layout
 */
record StoreLayout(Path store) {
  static StoreLayout of(Path root) {
    return new StoreLayout(root.resolve("store").resolve("v1"));
  }

  Path files() {
    return store.resolve("files");
  }

  Path packages() {
    return store.resolve("packages");
  }

  Path archives() {
    return store.resolve("archives");
  }

  Path tmp() {
    return store.resolve("tmp");
  }

  Path lock() {
    return store.resolve("lock");
  }

  /** Returns a name for something temporary that no process and no thread gives again. */
  Path temporary(String what) {
    return tmp().resolve(ProcessHandle.current().pid() + "-" + what + "-" + System.nanoTime());
  }

  /** Returns where a package's manifest lies, by the SHA-256 of its archive. */
  Path manifest(String sha256) {
    return spread("packages", sha256);
  }

  /** Returns where the SHA-256 is noted of an archive that a record knows by something less. */
  Path alias(String kind, String key) {
    return spread("packages/" + kind, key);
  }

  /** Returns where an archive is kept, in either format: its content says which. */
  Path archive(String sha256) {
    return spread("archives", sha256);
  }

  /** Returns where a file's content lies. */
  Path content(StoredFile file) {
    return spread("files", contentName(file));
  }

  /** Returns what a content is called: its SHA-256, and what else keeps it apart. */
  static String contentName(StoredFile file) {
    String name = file.sha256().orElseThrow();
    if (file.executable()) {
      name += "x";
    }
    if (file.timeMatters()) {
      name += "-" + file.modified().getEpochSecond();
    }
    return name;
  }

  /** Returns the folder that holds a file of the store. */
  Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? store : parent;
  }

  /** A folder with too many files is slow on some file systems. */
  private Path spread(String folder, String name) {
    return store.resolve(folder + "/" + name.substring(0, 2) + "/" + name.substring(2));
  }
}

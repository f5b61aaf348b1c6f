package io.jconda.core.cache;

import java.nio.file.Path;
import java.util.List;

/**
 * Names where packages may lie. Nothing is looked at before the cache is used.
 *
 * @param root the client's own root, which holds a {@code store/}
 * @param others further folders, the best first. One that holds a store of JConda is another root:
 *     what is new goes into the first root that can be written, and all others are only read, in
 *     place. Any other is taken for a {@code pkgs} folder of conda, mamba or pixi: archives and
 *     extracted packages in it are copied into the store if they are what is wanted, and it is
 *     never written. One that does not exist does no harm
 */
public record CacheFolders(Path root, List<Path> others) {
  /** Makes all paths absolute. */
  public CacheFolders {
    root = root.toAbsolutePath();
    others = others.stream().map(Path::toAbsolutePath).toList();
  }

  /** Names one root and nothing else. */
  public static CacheFolders of(Path root) {
    return new CacheFolders(root, List.of());
  }
}

package io.jconda.core.cache;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Names where packages may lie.
 *
 * @param roots folders that hold a {@code store/}; what is new goes into the first that can be
 *     written, all others are only read, in place
 * @param pkgsFolders {@code pkgs} folders of conda, mamba or pixi; archives and extracted packages
 *     in them are copied into the store if they are what is wanted, and they are never written
 */
public record CacheFolders(List<Path> roots, List<Path> pkgsFolders) {
  /** Makes all paths absolute. */
  public CacheFolders {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("A package cache needs a root.");
    }
    roots = roots.stream().map(Path::toAbsolutePath).toList();
    pkgsFolders = pkgsFolders.stream().map(Path::toAbsolutePath).toList();
  }

  /** Names one root and nothing else. */
  public static CacheFolders of(Path root) {
    return new CacheFolders(List.of(root), List.of());
  }

  /**
   * Names a root and folders of either kind: one that holds a store of JConda counts as a root, any
   * other as a {@code pkgs} folder. Looks at the disk.
   *
   * @param root the client's own root
   * @param others further folders, the best first; those that do not exist do no harm
   */
  public static CacheFolders of(Path root, List<Path> others) {
    List<Path> roots = new ArrayList<>(List.of(root));
    List<Path> pkgs = new ArrayList<>();
    for (Path other : others) {
      boolean store = Files.isDirectory(StoreLayout.of(other).store());
      (store ? roots : pkgs).add(other);
    }
    return new CacheFolders(roots, pkgs);
  }
}

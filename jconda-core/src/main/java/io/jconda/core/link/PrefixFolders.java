package io.jconda.core.link;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes the folders of a prefix, part by part, such that no symbolic link on the way leads out of
 * it. Not safe to share between threads.
 */
final class PrefixFolders {
  private final Path root;
  private final Disk disk;
  private final Set<String> known = new HashSet<>();

  PrefixFolders(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  /**
   * Makes a folder.
   *
   * @param folder relative to the prefix; empty is the prefix
   * @param owner the package that wants it
   */
  void make(String folder, String owner) throws IOException {
    if (folder.isEmpty() || known.contains(folder)) {
      return;
    }
    make(parent(folder), owner);
    Path path = root.resolve(folder);
    try {
      BasicFileAttributes there =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (there.isSymbolicLink()) {
        refuseLinkOut(path, folder, owner);
      } else if (!there.isDirectory()) {
        throw InsidePrefix.refused(
            folder, owner, "another package, or somebody, has a file where it wants a folder");
      }
    } catch (NoSuchFileException e) {
      try {
        disk.createDirectories(path);
      } catch (FileAlreadyExistsException e2) {
        e2.addSuppressed(e);
        throw e2;
      }
    }
    known.add(folder);
  }

  /**
   * A package may well link {@code lib64} to {@code lib}; none may link its way to another place.
   */
  private void refuseLinkOut(Path link, String folder, String owner) throws IOException {
    Path real;
    try {
      real = link.toRealPath();
    } catch (NoSuchFileException e) {
      throw InsidePrefix.refused(folder, owner, "a link that leads nowhere lies in its way");
    }
    Path realRoot = root.toRealPath();
    if (!real.startsWith(realRoot)) {
      throw InsidePrefix.refused(
          folder, owner, "a link in its way leads out of the environment, to " + real);
    }
    if (real.startsWith(realRoot.resolve("conda-meta"))) {
      throw InsidePrefix.refused(folder, owner, "a link in its way leads to the records");
    }
    if (!Files.isDirectory(real)) {
      throw InsidePrefix.refused(folder, owner, "a link in its way leads to a file");
    }
  }

  /** Forgets what was found, because a link came that may lie in the way of others. */
  void forget() {
    known.clear();
  }

  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}

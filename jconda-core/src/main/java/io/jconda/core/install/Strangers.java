package io.jconda.core.install;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Finds what came into a prefix without being written down anywhere. */
final class Strangers {
  private Strangers() {}

  /** Returns every path of a prefix but JConda's notes, folders before what is in them. */
  static List<String> paths(Path prefix) throws IOException {
    List<String> paths = new ArrayList<>();
    Path notes = Journal.folder(prefix);
    Files.walkFileTree(
        prefix,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(notes)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(folder, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            paths.add(prefix.relativize(file).toString());
            return FileVisitResult.CONTINUE;
          }
        });
    return paths;
  }

  /** Removes files that were not there, and folders that were not there if they are empty then. */
  static void remove(Path prefix, Set<String> present, Disk disk) throws IOException {
    List<String> deepestFirst = paths(prefix);
    Collections.reverse(deepestFirst);
    for (String path : deepestFirst) {
      if (!present.contains(path)) {
        remove(prefix.resolve(path), disk);
      }
    }
  }

  private static boolean remove(Path path, Disk disk) throws IOException {
    try {
      return disk.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // something in it was there before
      return false;
    }
  }
}

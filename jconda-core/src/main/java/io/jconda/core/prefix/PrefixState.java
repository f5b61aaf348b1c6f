package io.jconda.core.prefix;

import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Tells by a short text whether the packages of a prefix changed. */
public final class PrefixState {
  private PrefixState() {}

  /**
   * Returns a text that changes whenever a record of the prefix comes, goes or is written, or its
   * pins change; empty if there is no {@code conda-meta}. Reads one folder and no file; blocks. A
   * record counts as written if its size, its time or, where files have numbers, its number is
   * another one.
   */
  public static String stamp(Path prefix) {
    Path folder = PrefixRecords.metaFolder(prefix);
    List<String> lines = new ArrayList<>();
    boolean[] there = new boolean[1];
    Set<FileVisitOption> noOptions = EnumSet.noneOf(FileVisitOption.class);
    try {
      // a walk gives the attributes with the names, which spares a call for each on Windows
      Files.walkFileTree(
          folder,
          noOptions,
          1,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path seen, BasicFileAttributes attributes) {
              there[0] = true;
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = String.valueOf(file.getFileName());
              if (PrefixRecords.isRecord(name) || name.equals("pinned")) {
                lines.add(
                    name
                        + " "
                        + attributes.size()
                        + " "
                        + attributes.lastModifiedTime()
                        + " "
                        + attributes.fileKey());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw DiskFailure.explain("look at the records of the environment", folder, e);
    }
    if (!there[0]) {
      return "";
    }
    Collections.sort(lines);
    return Hashes.sha256(String.join("\n", lines));
  }
}

package io.jconda.core.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Shows what lies in a prefix such that two prefixes at different places can be compared. */
final class Pictures {
  private Pictures() {}

  /**
   * Returns path to kind, mode and content; the prefix, digests of it and times are left out, and
   * so is the folder of JConda's notes, but not what lies in it.
   */
  static SortedMap<String, String> withoutPaths(Path prefix) {
    SortedMap<String, String> picture = new TreeMap<>();
    if (!Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)) {
      return picture;
    }
    try (Stream<Path> paths = Files.walk(prefix)) {
      for (Path path : paths.toList()) {
        picture.put(prefix.relativize(path).toString(), describe(path, prefix));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    picture.remove("conda-meta/.jconda");
    // what a killed writer left of its lock locks nobody out
    picture.remove("conda-meta/.jconda/lock");
    return picture;
  }

  private static String describe(Path path, Path prefix) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    if (Files.isDirectory(path)) {
      return "folder " + mode;
    }
    String content =
        new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)
            .replace(prefix.toString(), "PREFIX")
            .replaceAll("\"sha256_in_prefix\": \"[0-9a-f]*\"", "DIGEST")
            .replaceAll("==> .* <==", "==> TIME <==")
            // a disk that refuses a link gets a copy, which is as good
            .replaceAll("\"type\": [13]", "TYPE");
    return "file " + mode + " " + content;
  }
}

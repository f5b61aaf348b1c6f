package io.jconda.core.link;

import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds out which paths leave a prefix together with packages: those that no staying package owns
 * too, with the byte code that a Python left beside modules that go.
 */
public final class Leaving {
  private static final String CACHE_FOLDER = "__pycache__";

  private final Path root;
  private final PlatformNames names;
  private final Set<String> staying = new HashSet<>();
  private final Map<String, Boolean> insideByFolder = new HashMap<>();

  private Leaving(Path root, PlatformNames names) {
    this.root = root;
    this.names = names;
  }

  /**
   * Returns the paths, relative to the prefix, of files and links that are there and may go;
   * blocks.
   *
   * <p>Records are written by many tools, so a path that is absolute, climbs, is a record, or lies
   * behind a link that leads out of the prefix is not among them.
   *
   * @param root the prefix
   * @param going the packages that leave
   * @param staying the packages that do not
   * @param platform what the prefix is for: a path that a staying package spells otherwise is its
   *     path nevertheless where upper and lower case are one
   */
  public static Set<String> paths(
      Path root,
      Collection<InstalledPackage> going,
      Collection<InstalledPackage> staying,
      Platform platform) {
    Leaving leaving = new Leaving(root, new PlatformNames(platform));
    for (InstalledPackage installed : staying) {
      for (String path : installed.ownedPaths()) {
        leaving.staying.add(leaving.names.key(path));
      }
    }
    Set<String> paths = new LinkedHashSet<>();
    try {
      for (InstalledPackage installed : going) {
        for (String path : installed.ownedPaths()) {
          leaving.add(path, paths);
        }
      }
      leaving.addStrayByteCode(paths);
    } catch (IOException e) {
      throw DiskFailure.explain("look at the files of packages that go", root, e);
    }
    return paths;
  }

  private void add(String path, Set<String> paths) throws IOException {
    if (!staying.contains(names.key(path)) && InsidePrefix.isInside(path) && isThere(path)) {
      paths.add(path);
    }
  }

  private boolean isThere(String path) throws IOException {
    Path file = root.resolve(path);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
        && liesInside(InsidePrefix.parent(path));
  }

  private boolean liesInside(String folder) throws IOException {
    Boolean known = insideByFolder.get(folder);
    if (known == null) {
      known = root.resolve(folder).toRealPath().startsWith(root.toRealPath());
      insideByFolder.put(folder, known);
    }
    return known;
  }

  /** Python writes {@code __pycache__/module.<tag>.pyc} whenever it may; no record lists those. */
  private void addStrayByteCode(Set<String> paths) throws IOException {
    Map<String, Set<String>> stemsByFolder = new HashMap<>();
    for (String path : paths) {
      if (path.endsWith(".py")) {
        String folder = InsidePrefix.parent(path);
        String stem = path.substring(folder.isEmpty() ? 0 : folder.length() + 1);
        stemsByFolder
            .computeIfAbsent(folder, any -> new HashSet<>())
            .add(stem.substring(0, stem.length() - ".py".length()));
      }
    }
    for (Map.Entry<String, Set<String>> entry : stemsByFolder.entrySet()) {
      String cache = entry.getKey().isEmpty() ? CACHE_FOLDER : entry.getKey() + "/" + CACHE_FOLDER;
      for (String name : names(root.resolve(cache))) {
        int dot = name.indexOf('.');
        if (name.endsWith(".pyc") && dot > 0 && entry.getValue().contains(name.substring(0, dot))) {
          add(cache + "/" + name, paths);
        }
      }
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    }
    return names;
  }
}

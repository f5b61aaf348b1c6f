package io.jconda.core.install;

import io.jconda.InstallException;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.InsidePrefix;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out, before a prefix is touched, which of its paths a change would touch, and refuses the
 * change if one cannot be made: what is in the way and nobody's to take, a file where a folder is
 * wanted or the other way round.
 */
final class Touched {
  private final Path prefix;

  /** What goes, in the order in which it goes. */
  private final Set<String> leaving;

  /** What comes, and for which package. */
  private final Map<String, String> created = new LinkedHashMap<>();

  private final Set<String> obstacles = new TreeSet<>();
  private final Set<String> emptied = new TreeSet<>();
  private final Set<String> folders = new TreeSet<>();
  private final Set<String> seenFolders = new TreeSet<>();
  private final Set<String> named = new HashSet<>();

  Touched(Path prefix, Set<String> leaving) {
    this.prefix = prefix;
    this.leaving = leaving;
  }

  /** Takes in what a package will bring. */
  void add(PackageLayout layout, Collection<String> byteCode) {
    for (LayoutEntry entry : layout.entries()) {
      if (layout.yielded().contains(entry.path())) {
        continue;
      }
      if (entry instanceof LayoutEntry.Stored stored
          && stored.file().kind() == StoredFile.Kind.DIRECTORY) {
        addFolder(entry.path(), layout.owner());
        named.add(entry.path());
      } else {
        add(entry.path(), layout.owner());
      }
    }
    byteCode.forEach(path -> add(path, layout.owner()));
  }

  /** Takes in a file that makes way for one that is another only where case is told. */
  void makesWay(String path) {
    Path file = prefix.resolve(path);
    if (InsidePrefix.isInside(path)
        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
        && !leaving.contains(path)) {
      obstacles.add(path);
    }
  }

  private void add(String path, String owner) {
    addFolder(Journal.parent(path), owner);
    if (created.putIfAbsent(path, owner) != null || leaving.contains(path)) {
      return;
    }
    Path file = prefix.resolve(path);
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      refuseUnlessEmptied(path, owner);
      emptied.add(path);
    } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      obstacles.add(path);
    }
  }

  private void addFolder(String folder, String owner) {
    if (folder.isEmpty() || !seenFolders.add(folder)) {
      return;
    }
    addFolder(Journal.parent(folder), owner);
    Path path = prefix.resolve(folder);
    if (Files.isDirectory(path)) {
      return;
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !leaving.contains(folder)) {
      throw new InstallException(
          "The package %s wants a folder at %s, where there is a file.".formatted(owner, path),
          "Remove the package that owns the file, or the file, first.");
    }
    folders.add(folder);
  }

  /** Returns the first folder that is there, that something would change in, and that may not. */
  Optional<Path> closed() {
    Set<String> changed = new TreeSet<>();
    for (Set<String> paths : List.of(leaving, created.keySet(), folders)) {
      paths.forEach(path -> changed.add(Journal.parent(path)));
    }
    for (String folder : changed) {
      Path path = prefix.resolve(folder);
      if (Files.isDirectory(path) && !Files.isWritable(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /** A folder makes way for a file if all that lies in it goes. */
  private void refuseUnlessEmptied(String folder, String owner) {
    List<String> kept = new ArrayList<>();
    Path path = prefix.resolve(folder);
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String relative = prefix.relativize(file).toString().replace('\\', '/');
              if (!leaving.contains(relative)) {
                kept.add(relative);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw DiskFailure.explain("look into a folder that is in the way", path, e);
    }
    if (!kept.isEmpty()) {
      throw new InstallException(
          "The package %s wants a file at %s, where there is a folder that holds %s."
              .formatted(owner, path, kept.get(0)),
          "Remove the package that owns the folder, or the folder, first.");
    }
  }

  /** Returns what is moved aside: what leaves, and what is overwritten. */
  Set<String> moved() {
    Set<String> moved = new LinkedHashSet<>(leaving);
    moved.addAll(obstacles);
    return moved;
  }

  /**
   * Returns the folders that go with what leaves, should nothing lie in them then: those that it
   * lay in, and those that packages named that go; none that another package names.
   */
  Set<String> hollow(
      Collection<String> moved,
      Collection<InstalledPackage> going,
      Collection<InstalledPackage> staying) {
    Set<String> hollow = new TreeSet<>();
    moved.forEach(path -> addParents(path, hollow));
    for (String folder : folders(going)) {
      if (InsidePrefix.isInside(folder)) {
        addParents(folder + "/", hollow);
      }
    }
    hollow.removeAll(folders(staying));
    hollow.removeAll(named);
    hollow.remove("conda-meta");
    return hollow;
  }

  private static void addParents(String path, Set<String> parents) {
    String parent = Journal.parent(path);
    while (!parent.isEmpty() && parents.add(parent)) {
      parent = Journal.parent(parent);
    }
  }

  private static Set<String> folders(Collection<InstalledPackage> packages) {
    Set<String> folders = new HashSet<>();
    for (InstalledPackage installed : packages) {
      for (PrefixPath path : installed.paths()) {
        if (path.type() == PathType.DIRECTORY) {
          folders.add(path.path());
        }
      }
    }
    return folders;
  }

  /** Returns what will be made. */
  Set<String> created() {
    return created.keySet();
  }

  /** Returns the folders that are not there yet. */
  Set<String> folders() {
    return folders;
  }

  /** Returns the folders that make way for a file, and are empty by then. */
  Set<String> emptied() {
    return emptied;
  }

  /** Returns what is overwritten. */
  Set<String> obstacles() {
    return obstacles;
  }
}

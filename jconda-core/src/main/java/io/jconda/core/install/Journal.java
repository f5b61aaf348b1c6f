package io.jconda.core.install;

import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, before a prefix is touched, all that will be touched, so that whoever finds it can undo or
 * complete the change.
 *
 * <p>It lies in {@code conda-meta/.jconda/change}, where no tool takes it for a record. What is to
 * go or to be overwritten is first moved to slots in {@code trash} beside it. While the file is
 * called {@code journal} the change is undone by {@link #rollBack}; renaming it to {@code
 * committed} is the one moment at which the change counts, and from then on {@link #finish} clears
 * up. Both may be broken off anywhere and started again.
 */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final Path prefix;
  private final Disk disk;
  private final List<String> moved;
  private final List<String> created;
  private final List<String> folders;
  private final List<String> emptied;
  private final List<String> hollow;

  /**
   * Makes a journal, which is not written yet.
   *
   * @param moved paths that are there and will be moved to the trash, in that order
   * @param created paths that will be made, be they among the moved ones or not
   * @param folders folders that are not there and will be made
   * @param emptied folders that are there, will be empty by then, and make way for a file
   * @param hollow folders that go in the end if nothing lies in them then
   */
  Journal(
      Path prefix,
      Disk disk,
      Collection<String> moved,
      Collection<String> created,
      Collection<String> folders,
      Collection<String> emptied,
      Collection<String> hollow) {
    this.prefix = prefix;
    this.disk = disk;
    this.moved = List.copyOf(moved);
    this.created = List.copyOf(created);
    this.folders = List.copyOf(folders);
    this.emptied = List.copyOf(emptied);
    this.hollow = List.copyOf(hollow);
  }

  /** Returns the folder of journal and trash. */
  static Path folder(Path prefix) {
    return PrefixRecords.notesFolder(prefix).resolve("change");
  }

  private static Path file(Path prefix) {
    return folder(prefix).resolve("journal");
  }

  private static Path committedFile(Path prefix) {
    return folder(prefix).resolve("committed");
  }

  /** Tells whether a change was left unfinished, be it only in clearing up. */
  static boolean isThere(Path prefix) throws IOException {
    try (DirectoryStream<Path> notes =
        Files.newDirectoryStream(PrefixRecords.notesFolder(prefix))) {
      return !notes.iterator().hasNext() || Files.exists(folder(prefix), LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    }
  }

  private static Path unbornFile(Path prefix) {
    return folder(prefix).resolve("unborn");
  }

  /**
   * Marks a prefix that does not count yet, although it lies in its place, because scripts have to
   * run in it.
   */
  static void markUnborn(Path prefix, Disk disk) throws IOException {
    disk.createDirectories(folder(prefix));
    disk.write(unbornFile(prefix), "");
    disk.force(unbornFile(prefix));
  }

  /** Tells whether a prefix does not count yet. */
  static boolean isUnborn(Path prefix) {
    return Files.exists(unbornFile(prefix));
  }

  /** Makes a marked prefix count. */
  static void markBorn(Path prefix, Disk disk) throws IOException {
    disk.deleteIfExists(unbornFile(prefix));
    clear(prefix, disk);
  }

  /**
   * Completes or undoes what an earlier process left; does nothing if there is nothing.
   *
   * @throws StorageException if its journal cannot be followed; nothing was touched
   */
  static void recover(Path prefix, Disk disk) throws IOException {
    if (Files.exists(file(prefix))) {
      JournalText.read(prefix, disk, file(prefix)).rollBack();
    } else if (Files.exists(committedFile(prefix))) {
      JournalText.read(prefix, disk, committedFile(prefix)).finish();
    } else if (isThere(prefix)) {
      // begun before there was a journal, or ended when there was none any more
      clear(prefix, disk);
    }
  }

  private static void clear(Path prefix, Disk disk) throws IOException {
    disk.deleteTree(folder(prefix));
    try {
      disk.deleteIfExists(PrefixRecords.notesFolder(prefix));
    } catch (DirectoryNotEmptyException e) {
      LOG.debug("Other notes stay in {}.", PrefixRecords.notesFolder(prefix));
    }
  }

  /**
   * Writes it, so that it survives a crash of the machine; from now on the prefix may be touched.
   */
  void begin() throws IOException {
    disk.createDirectories(folder(prefix).resolve("trash"));
    disk.publish(file(prefix), JournalText.write(moved, created, folders, emptied, hollow));
  }

  /**
   * Writes down every path that is there, so that what scripts make can be found and undone; what
   * they change of other packages' files cannot.
   */
  void notePresent() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String path : Strangers.paths(prefix)) {
      lines.append(path).append('\0');
    }
    disk.publish(presentFile(), lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path presentFile() {
    return folder(prefix).resolve("present");
  }

  /** Returns how many paths are moved to the trash. */
  int moves() {
    return moved.size();
  }

  /** Moves one path to the trash, if it is still there. */
  void moveAside(int index) throws IOException {
    Path path = prefix.resolve(moved.get(index));
    // two paths can be one file where a folder is a link
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      disk.move(path, slot(index));
    }
  }

  /** Keeps one of the moved paths in its place, with a copy in the trash, until it is replaced. */
  void copyAside(String path) throws IOException {
    int index = moved.indexOf(path);
    Path part = folder(prefix).resolve("trash").resolve(index + ".part");
    disk.copy(prefix.resolve(path), part);
    disk.move(part, slot(index));
  }

  private Path slot(int index) {
    return folder(prefix).resolve("trash").resolve(String.valueOf(index));
  }

  /** Makes the change count. */
  void commit() throws IOException {
    disk.move(file(prefix), committedFile(prefix));
  }

  /** Clears up after a change that counts: the trash, and folders that nothing lies in any more. */
  void finish() throws IOException {
    disk.deleteTree(folder(prefix).resolve("trash"));
    deleteEmpty(hollow);
    disk.deleteIfExists(committedFile(prefix));
    clear(prefix, disk);
  }

  /** Puts everything back: new files go, old ones return to their places. */
  void rollBack() throws IOException {
    Set<String> before = new HashSet<>(moved);
    // records come last, and so go first: who reads them finds the files of each
    List<String> newest = new ArrayList<>(created);
    Collections.reverse(newest);
    for (String path : newest) {
      Path file = prefix.resolve(path);
      if (!before.contains(path) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        disk.deleteIfExists(file);
      }
    }
    for (int index = 0; index < moved.size(); index++) {
      // whatever lies there is new, for the old one lies in the trash
      Path file = prefix.resolve(moved.get(index));
      if (Files.exists(slot(index), LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          && !isHistory(moved.get(index))) {
        disk.deleteIfExists(file);
      }
    }
    deleteEmpty(folders);
    for (String folder : emptied) {
      if (!Files.isDirectory(prefix.resolve(folder))) {
        disk.createDirectories(prefix.resolve(folder));
      }
    }
    for (int index = moved.size() - 1; index >= 0; index--) {
      if (Files.exists(slot(index), LinkOption.NOFOLLOW_LINKS)) {
        Path file = prefix.resolve(moved.get(index));
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
          disk.createDirectories(parent);
        }
        disk.move(slot(index), file);
      }
    }
    if (Files.exists(presentFile())) {
      String present = new String(Files.readAllBytes(presentFile()), StandardCharsets.UTF_8);
      Strangers.remove(prefix, Set.of(present.split("\0")), disk);
    }
    disk.deleteIfExists(file(prefix));
    clear(prefix, disk);
  }

  /** Puts everything back; if the disk resists, the journal stays for whoever comes next. */
  void undo(OperationContext context) {
    try {
      if (isThere(prefix)) {
        rollBack();
      }
    } catch (IOException e) {
      context
          .events()
          .warn(
              "The change of %s could not be undone whole (%s); the next operation on it will try again."
                  .formatted(prefix, e));
    }
  }

  /** The history makes the folder an environment, so there is one at every moment. */
  private static boolean isHistory(String path) {
    return path.equals("conda-meta/history");
  }

  private void deleteEmpty(Collection<String> paths) throws IOException {
    Set<String> deepestFirst =
        new TreeSet<>(Comparator.comparingInt(Journal::depth).reversed().thenComparing(p -> p));
    deepestFirst.addAll(paths);
    for (String path : deepestFirst) {
      Path folder = prefix.resolve(path);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        deleteIfEmpty(folder);
      }
    }
  }

  private boolean deleteIfEmpty(Path folder) throws IOException {
    try {
      return disk.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // somebody else's files lie there
      return false;
    }
  }

  private static int depth(String path) {
    return (int) path.chars().filter(c -> c == '/').count();
  }

  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}

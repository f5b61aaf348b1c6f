package io.jconda.core.link;

import io.jconda.InstallException;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.DiskFailure;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides, before anything is written, where each path of a prefix really lies and which package's
 * file lies there: that of the package with the highest rank, in whatever order packages come.
 *
 * <p>Paths that reach one place over symbolic links of packages meet there, and on platforms whose
 * file systems do not tell upper case from lower, so do names that differ in case only. No link may
 * lead out of the prefix or to its records. Not safe to share between threads.
 */
final class Seats {
  private static final int MOST_LINKS = 40;

  private final Path root;
  private final boolean fresh;
  private final PlatformNames names;
  private final Map<String, Place> seats = new HashMap<>();

  /** Where a folder really lies, by how it was asked for. */
  private final Map<String, String> resolved = new HashMap<>();

  /** The folder that was asked for last, and where it lies: its paths follow each other. */
  private String lastAsked = "";

  private String lastFound = "";

  /** Folders that are no links, by their key. */
  private final Map<String, String> folders = new HashMap<>();

  /** Who wants a place that others want too, by its key. */
  private final Map<String, Set<Place>> contenders = new LinkedHashMap<>();

  private List<String> missing = new ArrayList<>();
  private boolean ordered = true;

  /**
   * @param root the prefix
   * @param fresh whether nothing lies there yet, so that the disk need not be asked
   * @param platform what the prefix is for
   */
  Seats(Path root, boolean fresh, Platform platform) {
    this.root = root;
    this.fresh = fresh;
    this.names = new PlatformNames(platform);
  }

  /** Signals that an answer depends on packages of lower rank that did not come yet. */
  static final class OrderMatters extends RuntimeException {
    private static final long serialVersionUID = 1;

    OrderMatters(@Nullable Throwable cause) {
      super("Packages must be linked in their order.", cause, false, false);
    }
  }

  /** Is a path on its way into the prefix. */
  static final class Place {
    final PackageLayout layout;
    final LayoutEntry entry;

    /** Where it really lies, relative to the prefix, and the folder of that. */
    final String path;

    final String folder;
    private final int batch;

    /** What has to go first, relative to the prefix; empty if nothing is known to lie there. */
    private String predecessor = "";

    private boolean taken = true;

    private Place(PackageLayout layout, LayoutEntry entry, String path, String folder, int batch) {
      this.layout = layout;
      this.entry = entry;
      this.path = path;
      this.folder = folder;
      this.batch = batch;
    }

    /** Returns a path that the package lists, and that lies there as another package has it. */
    static Place claimed(PackageLayout layout, LayoutEntry entry) {
      String path = entry.path();
      Place place = new Place(layout, entry, path, InsidePrefix.parent(path), 0);
      place.taken = false;
      return place;
    }

    /** Tells whether the path is this package's; it only lists it otherwise. */
    boolean isTaken() {
      return taken;
    }

    String predecessor() {
      return predecessor;
    }
  }

  private int batch;

  /**
   * Begins a batch of packages.
   *
   * @param inOrder whether every package of lower rank came before or is in it
   */
  void begin(boolean inOrder) {
    // what came too early once may be in the way of what comes now
    ordered &= inOrder;
    batch++;
    missing = new ArrayList<>();
  }

  /** Returns the folders that the batch needs and that are not there yet, each after its parent. */
  List<String> missingFolders() {
    return missing;
  }

  /** Returns where packages have different files so far: each that lost, beside who has it now. */
  List<Clash> clashes() {
    List<Clash> clashes = new ArrayList<>();
    contenders.forEach(
        (key, places) -> {
          Place winner = Objects.requireNonNull(seats.get(key));
          String owner = winner.layout.owner();
          for (Place place : places) {
            if (!owner.equals(place.layout.owner())
                && !PlatformNames.isSame(winner.entry, place.entry)) {
              clashes.add(new Clash(winner.path, owner, place.layout.owner()));
            }
          }
        });
    return clashes;
  }

  /**
   * Finds the place of one path.
   *
   * @throws InstallException if it cannot be there, as the platform cannot hold its name or takes
   *     it for that of another file of the package, or for what lies in its way
   * @throws OrderMatters if that can only be said when all packages are there
   */
  Place place(PackageLayout layout, LayoutEntry entry) {
    try {
      return find(layout, entry);
    } catch (InstallException e) {
      if (ordered) {
        throw e;
      }
      throw new OrderMatters(e);
    }
  }

  private Place find(PackageLayout layout, LayoutEntry entry) {
    names.check(entry.path(), layout.owner());
    if (isFolder(entry)) {
      String path = resolve(entry.path(), layout.owner(), 0);
      return new Place(layout, entry, path, InsidePrefix.parent(path), batch);
    }
    String asked = entry.path();
    String folder = folderOf(asked, layout.owner());
    String path =
        folder.equals(lastAsked)
            ? asked
            : join(folder, asked.substring(asked.lastIndexOf('/') + 1));
    String key = key(path);
    if (folders.containsKey(key)) {
      throw InsidePrefix.refused(
          asked,
          layout.owner(),
          "another package, or somebody, has a folder where it wants a file");
    }
    Place place = new Place(layout, entry, path, folder, batch);
    Place there = seats.putIfAbsent(key, place);
    if (there != null) {
      Set<Place> rivals = contenders.computeIfAbsent(key, any -> new LinkedHashSet<>());
      rivals.add(there);
      rivals.add(place);
      contend(place, there);
      if (place.taken) {
        seats.put(key, place);
      }
    }
    return place;
  }

  private void contend(Place place, Place other) {
    if (other.layout.owner().equals(place.layout.owner())) {
      names.checkBeside(other.entry, place.entry, place.layout.owner());
    }
    if (isLink(place.entry) || isLink(other.entry)) {
      // what lies behind a link was, or will be, looked for on its way
      requireOrder();
      resolved.clear();
      lastAsked = "";
      lastFound = "";
    }
    if (other.layout.rank() > place.layout.rank()) {
      place.taken = false;
    } else if (other.batch == batch) {
      other.taken = false;
    } else {
      place.predecessor = other.path;
    }
  }

  private void requireOrder() {
    if (!ordered) {
      throw new OrderMatters(null);
    }
  }

  private static boolean isFolder(LayoutEntry entry) {
    return entry instanceof LayoutEntry.Stored stored
        && stored.file().kind() == StoredFile.Kind.DIRECTORY;
  }

  private static boolean isLink(LayoutEntry entry) {
    return entry instanceof LayoutEntry.Stored stored
        && stored.file().kind() == StoredFile.Kind.SYMLINK;
  }

  private String key(String path) {
    return names.key(path);
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  // ---- folders

  /** Returns where the folder of a path really lies. */
  private String folderOf(String path, String owner) {
    int end = Math.max(0, path.lastIndexOf('/'));
    if (end != lastAsked.length() || !path.startsWith(lastAsked)) {
      String folder = path.substring(0, end);
      lastFound = resolve(folder, owner, 0);
      lastAsked = folder;
    }
    return lastFound;
  }

  /** Returns where a folder really lies, relative to the prefix; it is made with its batch. */
  private String resolve(String folder, String owner, int links) {
    if (folder.isEmpty()) {
      return "";
    }
    String known = resolved.get(folder);
    if (known != null) {
      return known;
    }
    String parent = resolve(InsidePrefix.parent(folder), owner, links);
    String path = join(parent, folder.substring(folder.lastIndexOf('/') + 1));
    String key = key(path);
    String there = folders.get(key);
    if (there == null) {
      Place seat = seats.get(key);
      if (seat != null) {
        there = follow(seat, folder, owner, links);
      } else {
        there = fresh ? add(path, true) : onDisk(path, folder, owner);
      }
    }
    resolved.put(folder, there);
    return there;
  }

  private String add(String path, boolean isMissing) {
    folders.put(key(path), path);
    if (isMissing) {
      missing.add(path);
    }
    return path;
  }

  /** A package may well link {@code lib64} to {@code lib}; none may link its way elsewhere. */
  private String follow(Place place, String folder, String owner, int links) {
    if (!isLink(place.entry)) {
      throw InsidePrefix.refused(
          folder, owner, "another package, or somebody, has a file where it wants a folder");
    }
    requireOrder();
    if (links == MOST_LINKS) {
      throw InsidePrefix.refused(folder, owner, "a link that leads nowhere lies in its way");
    }
    String text = ((LayoutEntry.Stored) place.entry).file().target().orElseThrow();
    List<String> parts = new ArrayList<>();
    if (text.startsWith("/")) {
      throw leadsOut(folder, owner, text);
    }
    for (String part : (InsidePrefix.parent(place.path) + "/" + text).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw leadsOut(folder, owner, text);
        }
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String target = String.join("/", parts);
    if (isRecords(target)) {
      throw InsidePrefix.refused(folder, owner, "a link in its way leads to the records");
    }
    return resolve(target, owner, links + 1);
  }

  private static boolean isRecords(String path) {
    String first = path.indexOf('/') < 0 ? path : path.substring(0, path.indexOf('/'));
    return first.toLowerCase(Locale.ROOT).equals("conda-meta");
  }

  private static InstallException leadsOut(String folder, String owner, String target) {
    return InsidePrefix.refused(
        folder, owner, "a link in its way leads out of the environment, to " + target);
  }

  private String onDisk(String path, String folder, String owner) {
    Path there = root.resolve(path);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(there, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return add(path, false);
      }
      if (!attributes.isSymbolicLink()) {
        throw InsidePrefix.refused(
            folder, owner, "another package, or somebody, has a file where it wants a folder");
      }
      return behind(there, folder, owner);
    } catch (NoSuchFileException e) {
      return add(path, true);
    } catch (IOException e) {
      throw DiskFailure.explain("look at a folder of the environment", there, e);
    }
  }

  private String behind(Path link, String folder, String owner) throws IOException {
    Path real;
    try {
      real = link.toRealPath();
    } catch (NoSuchFileException e) {
      throw InsidePrefix.refused(folder, owner, "a link that leads nowhere lies in its way");
    }
    Path realRoot = root.toRealPath();
    if (!real.startsWith(realRoot)) {
      throw leadsOut(folder, owner, real.toString());
    }
    String target = realRoot.relativize(real).toString().replace('\\', '/');
    if (isRecords(target)) {
      throw InsidePrefix.refused(folder, owner, "a link in its way leads to the records");
    }
    if (!Files.isDirectory(real)) {
      throw InsidePrefix.refused(folder, owner, "a link in its way leads to a file");
    }
    return target.isEmpty() ? "" : add(target, false);
  }
}

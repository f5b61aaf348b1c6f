package io.jconda.core.link;

import io.jconda.InstallException;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists where each path of one package will go in one prefix, before anything is written: noarch
 * Python goes where the prefix's own Python wants it (CEP-17, CEP-20), and entry points become
 * scripts. Immutable.
 */
public final class PackageLayout {
  private final StoredPackage stored;
  private final String owner;
  private final List<LayoutEntry> entries;
  private final List<String> pythonSources;
  private final Set<String> yielded;
  private final int rank;

  private PackageLayout(
      StoredPackage stored,
      String owner,
      List<LayoutEntry> entries,
      List<String> sources,
      Set<String> yielded,
      int rank) {
    this.rank = rank;
    this.stored = stored;
    this.owner = owner;
    this.entries = List.copyOf(entries);
    this.pythonSources = List.copyOf(sources);
    this.yielded = Set.copyOf(yielded);
  }

  /**
   * Lays a package out; reads and writes nothing.
   *
   * @param stored the package
   * @param target what it is linked into
   * @param launchers where the Windows launchers of entry points come from
   * @param rank its place among the packages of the prefix: of two that bring the same path the one
   *     with the higher rank has its file there
   * @throws InstallException if a path of it leaves the prefix or is a record, an entry point holds
   *     more than names, the prefix is too long for its placeholder, or it needs a Python that is
   *     not there
   */
  public static PackageLayout of(
      StoredPackage stored, LinkTarget target, Launchers launchers, int rank) {
    PackageRecord record = stored.record();
    String owner = record.name() + " " + record.version() + " " + record.build();
    boolean noarchPython =
        stored.noarch().or(record::noarch).equals(Optional.of(NoarchType.PYTHON));
    List<LayoutEntry> entries = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    for (StoredFile file : stored.files()) {
      String plain = InsidePrefix.check(file.path(), owner);
      String path = noarchPython ? place(plain, owner, target) : plain;
      refuseLongPrefix(file, owner, target);
      entries.add(new LayoutEntry.Stored(path, file));
      if (noarchPython && plain.startsWith(PythonSite.MODULES) && plain.endsWith(".py")) {
        sources.add(path);
      }
    }
    if (noarchPython) {
      for (String text : stored.entryPoints()) {
        addEntryPoint(
            entries, EntryPoint.parse(text, owner), site(owner, target), target, launchers);
      }
    }
    return new PackageLayout(stored, owner, entries, sources, Set.of(), rank);
  }

  private static String place(String path, String owner, LinkTarget target) {
    if (path.startsWith(PythonSite.MODULES)) {
      return site(owner, target).placeOf(path);
    }
    // where there is no Python they have their place, too
    return path.startsWith(PythonSite.COMMANDS)
        ? PythonSite.placeOfCommand(path, target.platform())
        : path;
  }

  private static PythonSite site(String owner, LinkTarget target) {
    return target
        .python()
        .orElseThrow(
            () ->
                new InstallException(
                    "The package %s holds Python modules, and the environment %s has no Python."
                        .formatted(owner, target.prefix()),
                    "Add python to what is installed."));
  }

  /** Checked before anything is touched; the text of a prefix may be of any length in a text. */
  private static void refuseLongPrefix(StoredFile file, String owner, LinkTarget target) {
    if (!file.fileMode().equals(Optional.of(StoredFile.FileMode.BINARY))) {
      return;
    }
    String placeholder = file.placeholder().orElse("");
    if (target.rewrite(placeholder).isTooLongForBinary()) {
      int length = target.prefix().getBytes(StandardCharsets.UTF_8).length;
      int limit = placeholder.getBytes(StandardCharsets.UTF_8).length;
      throw new InstallException(
          ("The environment's path %s is %d bytes long, and the package %s leaves room for %d in"
                  + " its file %s.")
              .formatted(target.prefix(), length, owner, limit, file.path()),
          "Choose a path for the environment that is at least %d bytes shorter."
              .formatted(length - limit));
    }
  }

  private static void addEntryPoint(
      List<LayoutEntry> entries,
      EntryPoint point,
      PythonSite site,
      LinkTarget target,
      Launchers launchers) {
    String command = site.scripts() + "/" + point.command();
    if (!target.platform().isWindows()) {
      String python = target.prefix() + "/" + site.executable();
      String script = Shebang.forPython(python, target.platform()) + point.script();
      entries.add(made(command, PathType.UNIX_PYTHON_ENTRY_POINT, script, true));
      return;
    }
    entries.add(
        made(
            command + "-script.py",
            PathType.WINDOWS_PYTHON_ENTRY_POINT_SCRIPT,
            point.script(),
            false));
    Optional<byte[]> launcher = launchers.launcher(target.platform());
    if (launcher.isPresent()) {
      entries.add(
          new LayoutEntry.Made(
              command + ".exe", PathType.WINDOWS_PYTHON_ENTRY_POINT_EXE, launcher.get(), true));
    } else {
      // finds Python from where it lies itself, whatever the path holds
      String batch = "@\"%~dp0..\\python.exe\" \"%~dp0" + point.command() + "-script.py\" %*\r\n";
      entries.add(made(command + ".bat", PathType.WINDOWS_PYTHON_ENTRY_POINT_SCRIPT, batch, true));
    }
  }

  private static LayoutEntry made(String path, PathType type, String text, boolean executable) {
    return new LayoutEntry.Made(path, type, text.getBytes(StandardCharsets.UTF_8), executable);
  }

  /**
   * Returns the same layout without some paths' files: another package that stays has its own
   * there. The package still lists them as its own.
   */
  public PackageLayout yielding(Set<String> paths) {
    return paths.isEmpty()
        ? this
        : new PackageLayout(
            stored,
            owner,
            entries,
            pythonSources.stream().filter(source -> !paths.contains(source)).toList(),
            paths,
            rank);
  }

  /** Returns the part of the layout that is about some paths. */
  public PackageLayout only(Set<String> paths) {
    return new PackageLayout(
        stored,
        owner,
        entries.stream().filter(entry -> paths.contains(entry.path())).toList(),
        List.of(),
        Set.of(),
        rank);
  }

  /** Returns its place among the packages of the prefix. */
  public int rank() {
    return rank;
  }

  /** Returns the paths that it lists and does not write. */
  public Set<String> yielded() {
    return yielded;
  }

  /** Returns the package. */
  public StoredPackage stored() {
    return stored;
  }

  /** Returns the paths, in the order of the package; what is made here comes last. */
  public List<LayoutEntry> entries() {
    return entries;
  }

  /**
   * Returns the modules that are compiled here, relative to the prefix; only noarch packages have
   * them.
   */
  public List<String> pythonSources() {
    return pythonSources;
  }

  /** Returns the package as messages name it. */
  public String owner() {
    return owner;
  }
}

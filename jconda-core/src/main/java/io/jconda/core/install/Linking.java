package io.jconda.core.install;

import io.jconda.InstallReport;
import io.jconda.LinkMode;
import io.jconda.Plan;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Clash;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.LinkTarget;
import io.jconda.core.link.LinkedPackage;
import io.jconda.core.link.Linker;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.link.PythonSite;
import io.jconda.core.link.Workers;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Links the packages of one plan into one folder, as many at a time as are there, and compiles
 * their modules; what a new prefix and a changed one have in common. Not safe to share between
 * threads.
 */
final class Linking {
  /** Windows' MAX_PATH of 260 counts the NUL at the end. */
  private static final int LONGEST_ON_WINDOWS = 259;

  private final Plan plan;
  private final LinkTarget target;
  private final Linker linker;
  private final Launchers launchers;
  private final Disk disk;
  private final OperationContext context;
  private final Supplier<Optional<PackageRecord>> python;
  private final Map<String, Integer> ranks = new HashMap<>();
  private final SortedMap<Integer, Linked> linked = new TreeMap<>();
  private @Nullable PythonSite site;
  private Map<String, PrefixPath> byteCode = Map.of();

  /** Is a package that lies in the prefix. */
  private record Linked(PackageLayout layout, LinkedPackage result) {}

  /**
   * @param root the folder that is written into; empty if the plan makes the prefix
   * @param python brings the record of the Python that the prefix will have; may block until it is
   *     fetched
   */
  Linking(
      Plan plan,
      Path root,
      PackageCache cache,
      Launchers launchers,
      Disk disk,
      OperationContext context,
      Supplier<Optional<PackageRecord>> python) {
    this.plan = plan;
    this.target = LinkTarget.of(root, plan.prefix(), plan.platform(), plan.linkMode());
    this.linker = new Linker(target, plan.creates(), cache, disk);
    addRanks(plan.solution());
    addRanks(plan.toLink());
    this.launchers = launchers;
    this.disk = disk;
    this.context = context;
    this.python = python;
  }

  private void addRanks(List<PackageRecord> records) {
    for (PackageRecord record : records) {
      ranks.putIfAbsent(record.distName(), ranks.size());
    }
  }

  /** Completes the record of a Python with what only its package says. */
  static PackageRecord complete(StoredPackage stored) {
    PackageRecord record = stored.record();
    return record.pythonSitePackagesPath().isEmpty() && stored.pythonSitePackagesPath().isPresent()
        ? record.toBuilder().pythonSitePackagesPath(stored.pythonSitePackagesPath().get()).build()
        : record;
  }

  /** Tells whether a package can only be laid out when the Python of the prefix is known. */
  static boolean needsPython(StoredPackage stored) {
    return stored.noarch().or(stored.record()::noarch).equals(Optional.of(NoarchType.PYTHON));
  }

  /** Lays a package out, and so finds out whether it can be linked at all. */
  PackageLayout layout(StoredPackage stored) {
    String name = stored.record().distName();
    Integer known = ranks.putIfAbsent(name, ranks.size());
    int rank = known == null ? ranks.size() - 1 : known;
    if (!needsPython(stored)) {
      return PackageLayout.of(stored, target, launchers, rank);
    }
    if (site == null) {
      site = python.get().map(record -> PythonSite.of(record, plan.platform())).orElse(null);
    }
    return PackageLayout.of(
        stored, site == null ? target : target.withPython(site), launchers, rank);
  }

  /**
   * Links packages.
   *
   * @param inOrder whether all packages before them in the plan's solution are linked, or among
   *     them
   * @return whether they are; if not, all must be linked anew into an empty folder, in their order
   */
  boolean link(List<PackageLayout> layouts, boolean inOrder) {
    Optional<List<LinkedPackage>> results = linker.link(layouts, inOrder, context);
    if (results.isEmpty()) {
      return false;
    }
    for (int i = 0; i < layouts.size(); i++) {
      PackageLayout layout = layouts.get(i);
      linked.put(layout.rank(), new Linked(layout, results.get().get(i)));
      String name = layout.stored().record().distName();
      context.events().emit(number -> new ProgressEvent.PackageLinked(number, name));
    }
    return true;
  }

  /** Puts files of staying packages back; their records stay as they are. */
  void restore(List<PackageLayout> parts) {
    linker.link(parts, true, context);
  }

  /** Tells whether modules will be compiled, as far as the plan and the machine go. */
  boolean compiles() {
    return plan.compilesBytecode() && plan.platform() == Platform.current();
  }

  /** Returns where the byte code of a package's modules would go. */
  List<String> expectedByteCode(PackageLayout layout) {
    PythonSite known = site;
    return known == null || !compiles()
        ? List.of()
        : layout.pythonSources().stream().map(known::byteCodeOf).toList();
  }

  /**
   * Compiles the modules of all packages that were linked; blocks.
   *
   * @param root where they lie now
   * @param scratch an existing folder for lists of them
   */
  void compile(Path root, Path scratch, InstallReport.Builder report) {
    PythonSite known = site;
    List<String> sources = new ArrayList<>();
    for (Linked one : linked.values()) {
      sources.addAll(one.layout().pythonSources());
    }
    if (known == null || sources.isEmpty() || !compiles()) {
      return;
    }
    long start = System.nanoTime();
    context
        .events()
        .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.COMPILE, sources.size(), -1));
    try {
      byteCode = new ByteCode(root, plan.prefix(), known, disk).compile(sources, scratch, context);
    } catch (IOException e) {
      report.warning(ByteCode.warning(plan.prefix(), e));
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.COMPILE, time));
  }

  /**
   * Writes the records of all packages that were linked; each appears as a whole.
   *
   * @param metaFolder where they go
   * @param scratch an existing folder beside them, where they are written first; the same if nobody
   *     reads them yet
   */
  void writeRecords(Path metaFolder, Path scratch, Records records) {
    Workers.each(
        List.copyOf(linked.values()),
        context,
        one -> write(records.record(one.layout(), one.result(), byteCode), metaFolder, scratch));
  }

  /** Writes one record, such that no reader sees a part of it. */
  void write(InstalledPackage installed, Path metaFolder, Path scratch) {
    Path file = metaFolder.resolve(installed.fileName());
    try {
      Path written = scratch.resolve(installed.fileName());
      disk.write(written, installed.toJson());
      if (!scratch.equals(metaFolder)) {
        disk.move(written, file);
      }
    } catch (IOException e) {
      throw DiskFailure.explain("write a package's record", file, e);
    }
  }

  /** Returns the layouts of the packages that were linked, in the order of the solution. */
  List<PackageLayout> layouts() {
    List<PackageLayout> layouts = new ArrayList<>();
    for (Linked one : linked.values()) {
      layouts.add(one.layout());
    }
    return layouts;
  }

  /**
   * Counts what was linked, and says if links had to be copies, which menu items were not made, and
   * which packages have different files at the same paths.
   */
  void report(InstallReport.Builder report) {
    for (Linked one : linked.values()) {
      LinkedPackage result = one.result();
      report.files(result.linked(), result.copied(), result.patched());
      for (LayoutEntry entry : one.layout().entries()) {
        String path = entry.path();
        if (isMenuItem(path)) {
          report.skippedMenuItem(one.layout().stored().record().name() + ": " + path);
        }
      }
    }
    warnOfClashes(linker.clashes(), report);
    warnOfLongPaths(report);
    boolean wanted = plan.linkMode() == LinkMode.HARD && !linked.isEmpty();
    if (wanted && !linker.linksHard()) {
      report.warning(
          ("The files of %s were copied, because its file system takes no hard links from the"
                  + " package cache. A root on the same file system would save the room.")
              .formatted(plan.prefix()));
    }
  }

  /** CEP-32: tools should at least warn. Of files that are the same nobody loses anything. */
  void warnOfClashes(List<Clash> clashes, InstallReport.Builder report) {
    Map<List<String>, List<Clash>> pairs = new LinkedHashMap<>();
    for (Clash clash : clashes) {
      pairs
          .computeIfAbsent(List.of(clash.winner(), clash.loser()), any -> new ArrayList<>())
          .add(clash);
    }
    pairs.forEach(
        (pair, paths) ->
            report.warning(
                "%s and %s have different files at the same place, %d in all, the first of them %s. Those of %s win; the others come back when nothing overwrites them any more."
                    .formatted(
                        pair.get(0),
                        pair.get(1),
                        paths.size(),
                        plan.prefix().resolve(paths.get(0).path()),
                        pair.get(0))));
  }

  /** Upper and lower case are one here (conda: {@code path_actions.py}). */
  private static boolean isMenuItem(String path) {
    return path.regionMatches(true, 0, "Menu/", 0, 5)
        && path.regionMatches(true, path.length() - 5, ".json", 0, 5);
  }

  /** Many programs of Windows open no longer ones, unless its registry and they agree. */
  private void warnOfLongPaths(InstallReport.Builder report) {
    if (!plan.platform().isWindows()) {
      return;
    }
    int room = LONGEST_ON_WINDOWS - plan.prefix().toString().length() - 1;
    List<String> tooLong =
        linked.values().stream()
            .flatMap(one -> one.layout().entries().stream())
            .map(LayoutEntry::path)
            .filter(path -> path.length() > room)
            .toList();
    if (!tooLong.isEmpty()) {
      report.warning(
          "%d files have paths of more than %d letters, the first of them %s; not every program of Windows can open those. A shorter path of the environment helps."
              .formatted(
                  tooLong.size(), LONGEST_ON_WINDOWS, plan.prefix().resolve(tooLong.get(0))));
    }
  }
}

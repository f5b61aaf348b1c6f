package io.jconda.core.install;

import io.jconda.EnvironmentExistsException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.Frozen;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a prefix that is not there: built beside its place, with its place baked in, and renamed
 * into it when it is whole. A package is linked as soon as it and what it needs are in the store,
 * while others still arrive.
 */
final class NewPrefix {
  /** Backup programs leave out folders with such a file; pixi marks its prefixes so too. */
  private static final String CACHE_TAG = "CACHEDIR.TAG";

  private static final String CACHE_TAG_TEXT =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This folder holds a conda environment, which can be made again from its packages.
      # Backup programs leave it out: see https://bford.info/cachedir/
      """;

  private final Plan plan;
  private final Supply supply;
  private final Path prefix;
  private final PackageCache cache;
  private final Launchers launchers;
  private final Path rootPrefix;
  private final Disk disk;
  private final OperationContext context;
  private final Siblings siblings;
  private final LinkScripts scripts;
  private final Deque<Path> madeParents = new ArrayDeque<>();
  private @Nullable Path old;
  private boolean wasEmptyFolder;
  private boolean movedIn;
  private boolean unborn;

  NewPrefix(
      Plan plan,
      Supply supply,
      PackageCache cache,
      Launchers launchers,
      Path rootPrefix,
      Disk disk,
      OperationContext context) {
    this.plan = plan;
    this.supply = supply;
    this.prefix = plan.prefix();
    this.cache = cache;
    this.launchers = launchers;
    this.rootPrefix = rootPrefix;
    this.disk = disk;
    this.context = context;
    this.siblings = new Siblings(prefix, disk);
    this.scripts = new LinkScripts(plan, cache, rootPrefix, disk, context);
  }

  /** Makes it; blocks. After a failure everything is as it was. */
  void make(InstallReport.Builder report) {
    refuseWhatIsThere();
    warnOfPath(report);
    Path building = siblings.name(Siblings.Role.TMP);
    boolean done = false;
    try {
      makeParents();
      disk.createDirectories(PrefixRecords.metaFolder(building));
      build(building, report);
      context.checkpoint();
      if (!movedIn) {
        moveIn(building);
      }
      if (unborn) {
        Journal.markBorn(prefix, disk);
      }
      done = true;
    } catch (IOException e) {
      throw DiskFailure.explain("make the environment", prefix, e);
    } finally {
      if (!done) {
        undo(building);
      }
    }
    dropOld();
  }

  private void refuseWhatIsThere() {
    if (plan.replaces()) {
      PrefixChange.refuseChanged(plan);
    }
    if (!Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isDirectory(PrefixRecords.metaFolder(prefix))) {
      if (!plan.replaces()) {
        throw new EnvironmentExistsException(
            "There is an environment at %s already.".formatted(prefix),
            "Install into it, or say that it is to be replaced, or choose another place.");
      }
      Frozen.refuse(prefix);
      return;
    }
    if (!Files.isDirectory(prefix, LinkOption.NOFOLLOW_LINKS) || !isEmpty(prefix)) {
      throw new InstallException(
          "%s is there already, and is neither an environment nor an empty folder."
              .formatted(prefix),
          "Choose another place, or move away what lies there.");
    }
  }

  /** Scripts and programs of many packages fail at such places, and say everything but why. */
  private void warnOfPath(InstallReport.Builder report) {
    String path = prefix.toString();
    boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(path);
    if (!ascii || path.indexOf(' ') >= 0) {
      report.warning(
          "The path %s has %s in it, with which some packages do not work."
              .formatted(prefix, ascii ? "a blank" : "letters that are not of ASCII"));
    }
  }

  private static boolean isEmpty(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      throw DiskFailure.explain("look into the folder", folder, e);
    }
  }

  /** Remembers which folders it makes, so that a failure takes them away again. */
  private void makeParents() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path folder = prefix.getParent();
        folder != null && !Files.exists(folder);
        folder = folder.getParent()) {
      missing.push(folder);
    }
    for (Path folder : missing) {
      disk.createDirectories(folder);
      madeParents.push(folder);
    }
  }

  private void build(Path building, InstallReport.Builder report) throws IOException {
    List<PackageRecord> records = plan.toLink();
    try (Fetching fetching = new Fetching(cache, supply, context)) {
      long start = System.nanoTime();
      context
          .events()
          .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.LINK, records.size(), -1));
      Linking linking = linkAsTheyCome(building, records, fetching, report);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.LINK, time));
      report.fetchTime(fetching.elapsed());
      runScripts(building, linking.layouts(), report);
      Path built = movedIn ? prefix : building;
      Path meta = PrefixRecords.metaFolder(built);
      linking.compile(built, meta, report);
      Records writer = Records.first(plan);
      // in its place already, it has readers
      Path scratch = movedIn ? Journal.folder(prefix) : meta;
      linking.writeRecords(meta, scratch, writer);
      if (!Files.exists(built.resolve(CACHE_TAG), LinkOption.NOFOLLOW_LINKS)) {
        // a package's own may be the store's file under another name
        disk.write(built.resolve(CACHE_TAG), CACHE_TAG_TEXT);
      }
      History history = History.empty().with(writer.revision(List.of(), records));
      disk.write(meta.resolve("history"), history.toText());
      linking.report(report);
    }
  }

  /** Scripts run in the place that the prefix will have; until it is whole it is none. */
  private void runScripts(Path building, List<PackageLayout> layouts, InstallReport.Builder report)
      throws IOException {
    if (!movedIn) {
      // none of them runs, or it would be in its place by now
      scripts.beforeLinking(layouts, building, report);
      if (scripts.runAfterLinking(layouts)) {
        markUnborn(building);
        moveIn(building);
      }
    }
    scripts.afterLinking(layouts, report);
  }

  /** Whatever lies in the store is linked while the rest arrives; Python before what needs it. */
  private Linking linkAsTheyCome(
      Path building, List<PackageRecord> records, Fetching fetching, InstallReport.Builder report)
      throws IOException {
    Linking linking = linking(building, records, fetching);
    Room room = Room.of(prefix);
    boolean links = Forecasts.links(plan, rootPrefix);
    Set<String> before = new HashSet<>();
    boolean pythonIsThere = python(records) == null;
    List<StoredPackage> waiting = new ArrayList<>();
    for (List<StoredPackage> some = fetching.awaitSome();
        !some.isEmpty();
        some = fetching.awaitSome()) {
      if (scripts.runBeforeLinking(some)) {
        return linkInPlace(building, records, fetching, report);
      }
      waiting.addAll(some);
      for (StoredPackage stored : some) {
        pythonIsThere |= isPython(stored.record());
      }
      List<PackageLayout> ready = new ArrayList<>();
      for (StoredPackage stored : List.copyOf(waiting)) {
        if (pythonIsThere || !Linking.needsPython(stored)) {
          ready.add(linking.layout(stored));
          before.add(stored.record().distName());
          waiting.remove(stored);
        }
      }
      ready.sort(Comparator.comparingInt(PackageLayout::rank));
      room.take(ready, links);
      if (!linking.link(ready, isBeginning(before))) {
        return linkAnew(building, records, fetching);
      }
    }
    return linking;
  }

  /** Tells whether packages are the first ones of the solution, with no gap. */
  private boolean isBeginning(Set<String> names) {
    for (PackageRecord record :
        plan.solution().subList(0, Math.min(names.size(), plan.solution().size()))) {
      if (!names.contains(record.distName())) {
        return false;
      }
    }
    return true;
  }

  /** Links of packages lie in the way of others, so that the order counts: all at once, in it. */
  private Linking linkAnew(Path building, List<PackageRecord> records, Fetching fetching)
      throws IOException {
    disk.deleteTree(building);
    disk.createDirectories(PrefixRecords.metaFolder(building));
    Linking linking = linking(building, records, fetching);
    List<PackageLayout> layouts = new ArrayList<>();
    for (PackageRecord record : records) {
      layouts.add(linking.layout(fetching.await(record)));
    }
    linking.link(layouts, true);
    return linking;
  }

  /** Scripts want to run in the prefix before anything lies in it; until it is whole it is none. */
  private Linking linkInPlace(
      Path building, List<PackageRecord> records, Fetching fetching, InstallReport.Builder report)
      throws IOException {
    fetching.awaitAll();
    disk.deleteTree(building);
    disk.createDirectories(PrefixRecords.metaFolder(building));
    markUnborn(building);
    moveIn(building);
    Linking linking = linking(prefix, records, fetching);
    List<PackageLayout> layouts = new ArrayList<>();
    for (PackageRecord record : records) {
      layouts.add(linking.layout(fetching.await(record)));
    }
    scripts.beforeLinking(layouts, Journal.folder(prefix).resolve("package"), report);
    linking.link(layouts, true);
    return linking;
  }

  private void markUnborn(Path folder) throws IOException {
    Journal.markUnborn(folder, disk);
    unborn = true;
  }

  private Linking linking(Path building, List<PackageRecord> records, Fetching fetching) {
    return new Linking(
        plan, building, cache, launchers, disk, context, () -> python(records, fetching));
  }

  private static boolean isPython(PackageRecord record) {
    return record.name().equals("python");
  }

  private static Optional<PackageRecord> python(List<PackageRecord> records, Fetching fetching) {
    PackageRecord python = python(records);
    return python == null
        ? Optional.empty()
        : Optional.of(Linking.complete(fetching.await(python)));
  }

  private static @Nullable PackageRecord python(List<PackageRecord> records) {
    for (PackageRecord record : records) {
      if (isPython(record)) {
        return record;
      }
    }
    return null;
  }

  private void moveIn(Path building) throws IOException {
    if (Files.isDirectory(PrefixRecords.metaFolder(prefix))) {
      // other tools know nothing of the lock, and fetching and linking take their time
      PrefixChange.refuseChanged(plan);
      Path aside = siblings.name(Siblings.Role.OLD);
      disk.move(prefix, aside);
      old = aside;
    } else if (Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)) {
      wasEmptyFolder = true;
      if (!hasPosixRename()) {
        // elsewhere an empty folder is in the way of a rename
        disk.deleteIfExists(prefix);
      }
    }
    disk.move(building, prefix);
    movedIn = true;
  }

  private boolean hasPosixRename() {
    return prefix.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Undoes as much as the disk lets it; what stays is cleared up by whoever comes next. */
  private void undo(Path building) {
    try {
      if (Files.exists(building, LinkOption.NOFOLLOW_LINKS)) {
        disk.deleteTree(building);
      } else if (movedIn) {
        // a link script failed
        Path gone = siblings.name(Siblings.Role.GONE);
        disk.move(prefix, gone);
        disk.deleteTree(gone);
      }
      Path aside = old;
      if (aside != null && !Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)) {
        disk.move(aside, prefix);
      }
      if (wasEmptyFolder) {
        disk.createDirectories(prefix);
      }
      for (Path parent : madeParents) {
        disk.deleteIfExists(parent);
      }
    } catch (DirectoryNotEmptyException e) {
      // somebody else has put something there meanwhile
      return;
    } catch (IOException e) {
      context
          .events()
          .warn(
              "Not everything beside %s could be cleared up (%s); the next operation on it will try again."
                  .formatted(prefix, e));
    }
  }

  private void dropOld() {
    Path aside = old;
    if (aside == null) {
      return;
    }
    try {
      disk.deleteTree(aside);
    } catch (IOException e) {
      context
          .events()
          .warn(
              "The environment that was replaced could not be deleted whole (%s); what is left lies in %s."
                  .formatted(e, aside));
    }
  }
}

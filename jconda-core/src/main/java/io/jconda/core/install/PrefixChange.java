package io.jconda.core.install;

import io.jconda.CondaException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.OperationCancelledException;
import io.jconda.Plan;
import io.jconda.StorageException;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.Leaving;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.Frozen;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes a prefix that is there: everything is fetched and checked first, then written down in a
 * {@link Journal}, then done, and undone if anything fails.
 */
final class PrefixChange {
  private static final String HISTORY = "conda-meta/history";

  private final Plan plan;
  private final Supply supply;
  private final Path prefix;
  private final PackageCache cache;
  private final Launchers launchers;
  private final Path rootPrefix;
  private final Disk disk;
  private final OperationContext context;
  private final LinkScripts scripts;
  private final PrefixRecords before;
  private final List<InstalledPackage> going = new ArrayList<>();
  private final List<InstalledPackage> staying = new ArrayList<>();

  /** Reads the prefix's records. */
  PrefixChange(
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
    this.scripts = new LinkScripts(plan, cache, rootPrefix, disk, context);
    this.before = PrefixRecords.read(prefix);
  }

  /** Changes it; blocks. After a failure everything is as it was. */
  void make(InstallReport.Builder report) {
    refuseChanged(plan);
    Frozen.refuse(prefix);
    sortPackages();
    Contest contest = new Contest(plan, staying);
    List<PackageRecord> records = plan.toLink();
    try (Fetching fetching = new Fetching(cache, supply, context)) {
      Linking linking =
          new Linking(
              plan, prefix, cache, launchers, disk, context, () -> python(records, fetching));
      fetching.awaitAll();
      report.fetchTime(fetching.elapsed());
      List<PackageLayout> layouts = new ArrayList<>();
      for (PackageRecord record : records) {
        context.checkpoint();
        PackageLayout layout = linking.layout(fetching.await(record));
        linking.warnOfClashes(contest.clashes(layout), report);
        layouts.add(layout.yielding(contest.yielded(layout)));
      }
      Touched touched = touched(contest, linking, layouts);
      List<PackageLayout> restored = restored(contest, linking, touched, report);
      refuseWithoutAccessOrRoom(touched, layouts);
      warnOfObstacles(touched, report);
      // other tools know nothing of the lock, and fetching takes its time
      refuseChanged(plan);
      change(linking, layouts, restored, touched, report);
    }
  }

  /** Refuses a plan whose prefix is not any more what it was made for. */
  static void refuseChanged(Plan plan) {
    if (!PrefixState.stamp(plan.prefix()).equals(plan.basedOn())) {
      throw new InstallException(
          "The environment %s changed since the plan was made.".formatted(plan.prefix()),
          "Make the plan again.");
    }
  }

  private void sortPackages() {
    staying.addAll(before.packages());
    for (PackageRecord record : plan.toUnlink()) {
      InstalledPackage installed =
          staying.stream()
              .filter(one -> isSame(one.record(), record))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InstallException(
                          "The plan removes %s %s %s, which is not in the environment %s."
                              .formatted(record.name(), record.version(), record.build(), prefix),
                          "Make the plan again."));
      staying.remove(installed);
      going.add(installed);
    }
    // what needs others goes before them
    List<PackageRecord> order =
        TopologicalOrder.of(going.stream().map(InstalledPackage::record).toList());
    going.sort(Comparator.comparingInt(one -> -order.indexOf(one.record())));
  }

  private static boolean isSame(PackageRecord one, PackageRecord other) {
    return one.name().equals(other.name())
        && one.version().toString().equals(other.version().toString())
        && one.build().equals(other.build());
  }

  /** The Python that will be there: the one that comes, else the one that stays. */
  private Optional<PackageRecord> python(List<PackageRecord> records, Fetching fetching) {
    Optional<PackageRecord> coming =
        records.stream().filter(record -> record.name().equals("python")).findFirst();
    return coming.isPresent()
        ? coming.map(record -> Linking.complete(fetching.await(record)))
        : staying.stream()
            .map(InstalledPackage::record)
            .filter(record -> record.name().equals("python"))
            .findFirst();
  }

  // ---- checks

  private Touched touched(Contest contest, Linking linking, List<PackageLayout> layouts) {
    Touched touched = new Touched(prefix, Leaving.paths(prefix, going, staying, plan.platform()));
    for (PackageLayout layout : layouts) {
      touched.add(layout, linking.expectedByteCode(layout));
      contest.otherSpellings(layout).forEach(touched::makesWay);
    }
    return touched;
  }

  /** Finds the files that come back when the package goes that had overwritten them. */
  private List<PackageLayout> restored(
      Contest contest, Linking linking, Touched touched, InstallReport.Builder report) {
    List<PackageLayout> restored = new ArrayList<>();
    contest
        .losers(prefix, going, touched.created())
        .forEach(
            (loser, paths) -> {
              try {
                PackageLayout part =
                    linking.layout(cache.fetch(loser.record(), context)).only(paths.keySet());
                touched.add(part, List.of());
                paths.values().forEach(touched::makesWay);
                restored.add(part);
              } catch (OperationCancelledException e) {
                throw e;
              } catch (CondaException e) {
                report.warning(
                    "%d files of %s stay as another package left them, the first of them %s: %s"
                        .formatted(
                            paths.size(),
                            loser.distName(),
                            prefix.resolve(paths.keySet().iterator().next()),
                            e.problem()));
              }
            });
    return restored;
  }

  private void refuseWithoutAccessOrRoom(Touched touched, List<PackageLayout> layouts) {
    for (Path folder : List.of(prefix, PrefixRecords.metaFolder(prefix))) {
      if (!Files.isWritable(folder)) {
        throw closed(folder);
      }
    }
    Optional<Path> closed = touched.closed();
    if (closed.isPresent()) {
      throw closed(closed.get());
    }
    Room.of(prefix).take(layouts, Forecasts.links(plan, rootPrefix));
  }

  private static StorageException closed(Path folder) {
    return new StorageException(
        "The environment cannot be changed: nothing may be written into %s.".formatted(folder),
        "Check the folder's owner and permissions.");
  }

  private void warnOfObstacles(Touched touched, InstallReport.Builder report) {
    Set<String> owned = new HashSet<>();
    staying.forEach(installed -> owned.addAll(installed.ownedPaths()));
    List<String> foreign =
        touched.obstacles().stream()
            .filter(path -> !owned.contains(path) && !path.endsWith(".pyc"))
            .toList();
    if (!foreign.isEmpty()) {
      report.warning(
          "%d files that no package owns were replaced by files of packages, the first of them %s."
              .formatted(foreign.size(), prefix.resolve(foreign.get(0))));
    }
  }

  // ---- the change

  private void change(
      Linking linking,
      List<PackageLayout> layouts,
      List<PackageLayout> restored,
      Touched touched,
      InstallReport.Builder report) {
    Records writer = Records.after(History.read(prefix), before, plan);
    List<InstalledPackage> restated = new ArrayList<>(writer.restated(staying));
    restated.addAll(halved(touched, restated));
    Journal journal = journal(layouts, restated, touched);
    boolean done = false;
    try {
      context.checkpoint();
      journal.begin();
      if (hasScripts(layouts)) {
        journal.notePresent();
      }
      scripts.beforeUnlinking(going, report);
      unlink(journal, touched);
      scripts.beforeLinking(layouts, Journal.folder(prefix).resolve("package"), report);
      linking.restore(restored);
      link(linking, layouts);
      scripts.afterLinking(layouts, report);
      linking.compile(prefix, Journal.folder(prefix), report);
      context.checkpoint();
      Path meta = PrefixRecords.metaFolder(prefix);
      linking.writeRecords(meta, Journal.folder(prefix), writer);
      restated.forEach(installed -> linking.write(installed, meta, Journal.folder(prefix)));
      journal.copyAside(HISTORY);
      replaceHistory(history(writer));
      journal.commit();
      done = true;
    } catch (IOException e) {
      throw DiskFailure.explain("change the environment", prefix, e);
    } finally {
      if (!done) {
        journal.undo(context);
      }
    }
    linking.report(report);
    try {
      journal.finish();
    } catch (IOException e) {
      report.warning(
          "Not all that was replaced in %s could be deleted (%s); the next operation on it will try again."
              .formatted(prefix, e));
    }
  }

  /**
   * Returns staying packages that miss a file for a while, because another's takes its place or
   * theirs comes back: their records, though the same afterwards, are away meanwhile.
   */
  private List<InstalledPackage> halved(Touched touched, List<InstalledPackage> restated) {
    Set<String> obstacles = touched.obstacles();
    Set<String> away = new HashSet<>();
    restated.forEach(installed -> away.add(installed.fileName()));
    return obstacles.isEmpty()
        ? List.of()
        : staying.stream()
            .filter(installed -> !away.contains(installed.fileName()))
            .filter(installed -> installed.ownedPaths().stream().anyMatch(obstacles::contains))
            .toList();
  }

  private Journal journal(
      List<PackageLayout> layouts, List<InstalledPackage> restated, Touched touched) {
    Set<String> moved = new LinkedHashSet<>();
    Set<String> created = new LinkedHashSet<>(touched.created());
    // records go first and come last: who reads them finds the files of each
    going.forEach(installed -> moved.add("conda-meta/" + installed.fileName()));
    for (InstalledPackage installed : restated) {
      moved.add("conda-meta/" + installed.fileName());
      created.add("conda-meta/" + installed.fileName());
    }
    for (PackageLayout layout : layouts) {
      PackageRecord record = layout.stored().record();
      String file = "conda-meta/" + InstalledPackage.builder(record).build().fileName();
      if (!moved.contains(file) && Files.exists(prefix.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
        throw new InstallException(
            "The plan adds %s %s %s, which is in the environment %s already."
                .formatted(record.name(), record.version(), record.build(), prefix),
            "Make the plan again.");
      }
      created.add(file);
    }
    moved.addAll(touched.moved());
    moved.add(HISTORY);
    return new Journal(
        prefix,
        disk,
        moved,
        created,
        touched.folders(),
        touched.emptied(),
        touched.hollow(moved, going, staying));
  }

  /** Written where a crash leaves it to be cleared up, and not beside the records. */
  private void replaceHistory(String text) throws IOException {
    Path next = Journal.folder(prefix).resolve("history");
    disk.write(next, text);
    disk.force(next);
    disk.move(next, History.file(prefix));
  }

  private String history(Records writer) {
    List<PackageRecord> unlinked = going.stream().map(InstalledPackage::record).toList();
    return History.read(prefix).with(writer.revision(unlinked, plan.toLink())).toText();
  }

  /** Scripts may make what no record names; undoing the change has to find it. */
  private boolean hasScripts(List<PackageLayout> layouts) {
    return scripts.runBeforeUnlinking(going)
        || scripts.runBeforeLinking(layouts.stream().map(PackageLayout::stored).toList())
        || scripts.runAfterLinking(layouts);
  }

  private void unlink(Journal journal, Touched touched) throws IOException {
    long start = System.nanoTime();
    context
        .events()
        .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.UNLINK, going.size(), -1));
    for (int index = 0; index < journal.moves() - 1; index++) {
      context.checkpoint();
      journal.moveAside(index);
    }
    for (String folder : touched.emptied()) {
      disk.deleteTree(prefix.resolve(folder));
    }
    for (InstalledPackage installed : going) {
      String name = installed.distName();
      context.events().emit(number -> new ProgressEvent.PackageUnlinked(number, name));
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.UNLINK, time));
  }

  private void link(Linking linking, List<PackageLayout> layouts) {
    long start = System.nanoTime();
    context
        .events()
        .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.LINK, layouts.size(), -1));
    linking.link(layouts, true);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.LINK, time));
  }
}

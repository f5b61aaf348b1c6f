package io.jconda.core.client;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.OfflineException;
import io.jconda.PackageNotFoundException;
import io.jconda.Plan;
import io.jconda.UnsatisfiableException;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.config.Settings;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.host.VirtualPackages;
import io.jconda.core.install.Installer;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.Pinned;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.Solution;
import io.jconda.core.solver.SolveMode;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.solve.Optimality;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what is wanted of a prefix into a plan: loads indexes, solves, compares with what is there.
 */
final class Planner {
  private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

  private final Settings settings;
  private final Disk disk;
  private final Repodata repodata;
  private final PackageCache cache;
  private final Installer installer;

  Planner(Settings settings, Disk disk, Rooms rooms) {
    this.settings = settings;
    this.disk = disk;
    this.repodata = rooms.repodata();
    this.cache = rooms.cache();
    this.installer = rooms.installer();
  }

  /** Plans to make an environment, or to put a new one in the place of one that is there. */
  Plan create(Wanted wanted, OperationContext context) {
    Platform platform = wanted.platform().orElseGet(settings::platform);
    wanted.contents().warnings().forEach(context.events()::warn);
    if (wanted.contents().lock().isPresent()) {
      return locked(wanted, platform, "create", List.of(), context)
          .creates(true)
          .replaces(wanted.replace())
          .build();
    }
    Solved solved = solve(wanted, platform, creation(wanted), context);
    return draft(wanted, platform, "create")
        .creates(true)
        .replaces(wanted.replace())
        .changes(PlanChanges.between(List.of(), solved.records()))
        .solution(solved.records())
        .optimality(solved.optimality())
        .updateSpecs(solved.requested())
        .build();
  }

  /** Puts what a lock file names beside what is there, in the place of what has the same name. */
  private Plan.Builder locked(
      Wanted wanted,
      Platform platform,
      String command,
      List<PackageRecord> there,
      OperationContext context) {
    LockedRecords locked = LockedRecords.of(wanted.contents(), platform, installer, context);
    Map<String, PackageRecord> all = new LinkedHashMap<>();
    there.forEach(record -> all.put(record.name(), record));
    locked.records().forEach(record -> all.put(record.name(), record));
    List<PackageRecord> solution = TopologicalOrder.of(all.values());
    return draft(wanted, platform, command + " from a lock file")
        .changes(PlanChanges.between(there, solution))
        .solution(solution)
        .pip(locked.pip())
        .updateSpecs(locked.roots());
  }

  private static SolveRequest.Builder creation(Wanted wanted) {
    return SolveRequest.builder().specs(specs(wanted)).pins(wanted.pins());
  }

  /** What pip shall install needs pip, as conda sees to (conda: {@code env/env.py}). */
  private static List<MatchSpec> specs(Wanted wanted) {
    List<MatchSpec> specs = wanted.specs();
    if (wanted.contents().pip().isEmpty()
        || specs.stream().anyMatch(spec -> spec.name().equals("pip"))) {
      return specs;
    }
    List<MatchSpec> all = new ArrayList<>(specs);
    all.add(MatchSpec.parse("pip"));
    return all;
  }

  /** Plans to add to an environment that is there. */
  Plan install(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.contents().warnings().forEach(context.events()::warn);
    if (wanted.contents().lock().isPresent()) {
      return locked(wanted, present.platform(), "install", present.records(), context)
          .basedOn(present.state())
          .build();
    }
    return changed(
        wanted, present, "install", present.request(SolveMode.INSTALL, specs(wanted)), context);
  }

  /** Plans to bring some packages, or all if none is named, to their newest version. */
  Plan update(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.specs().forEach(present::requireInstalled);
    return wanted.specs().isEmpty()
        ? changed(
            wanted,
            present,
            "update --all",
            present.request(SolveMode.UPDATE_ALL, List.of()),
            context)
        : changed(
            wanted, present, "update", present.request(SolveMode.UPDATE, wanted.specs()), context);
  }

  private Plan changed(
      Wanted wanted,
      Present present,
      String command,
      SolveRequest.Builder request,
      OperationContext context) {
    Solved solved = solve(wanted, present.platform(), request, context);
    return draft(wanted, present.platform(), command)
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solved.records()))
        .solution(solved.records())
        .optimality(solved.optimality())
        .updateSpecs(solved.requested())
        .build();
  }

  /** Plans to take packages out; needs no channel. */
  Plan uninstall(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.specs().forEach(present::requireInstalled);
    SolveRequest request =
        present.request(SolveMode.REMOVE, List.of()).removals(wanted.specs()).build();
    List<PackageRecord> solution =
        new Solver().solve(request, NoRecords.INSTANCE, context).records();
    return draft(wanted, present.platform(), "remove")
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solution))
        .solution(solution)
        .removeSpecs(wanted.specs())
        .build();
  }

  /** Plans to bring a prefix back to what it had after a revision of its history. */
  Plan rollback(Wanted wanted, int revision, OperationContext context) {
    Present present = Present.read(wanted);
    Rollback rollback = Rollback.to(revision, present.prefix(), present.records());
    List<PackageRecord> solution =
        rollback.isAtHand()
            ? rollback.solution(name -> List.of())
            : found(wanted, present, rollback, context);
    return draft(wanted, present.platform(), "rollback " + revision)
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solution))
        .solution(solution)
        .updateSpecs(rollback.requested())
        .removeSpecs(rollback.dropped())
        .build();
  }

  /** The channels tell best what a package needs; what they have no more the cache may have. */
  private List<PackageRecord> found(
      Wanted wanted, Present present, Rollback rollback, OperationContext context) {
    rollback.takeIn(cache.care().packages(Set.of(), context));
    try (ChannelIndexes indexes = load(wanted, present.platform(), List.of(), context)) {
      return rollback.solution(indexes::records);
    } catch (ChannelException | OfflineException e) {
      try {
        List<PackageRecord> solution = rollback.solution(name -> List.of());
        LOG.debug("The channels cannot be asked; all packages are in the cache.", e);
        return solution;
      } catch (PackageNotFoundException missing) {
        missing.addSuppressed(e);
        throw missing;
      }
    }
  }

  private Plan.Builder draft(Wanted wanted, Platform platform, String command) {
    StringBuilder called = new StringBuilder("jconda ").append(command);
    for (MatchSpec spec : wanted.specs()) {
      called.append(' ').append(spec);
    }
    return Plan.builder(wanted.prefix(), platform)
        .channels(wanted.channels())
        .command(called.toString().strip())
        .compileBytecode(wanted.compileBytecode())
        .pip(wanted.contents().pip())
        .variables(wanted.contents().variables())
        .allowLinkScripts(wanted.allowLinkScripts())
        .linkMode(wanted.linkMode());
  }

  /** Is a solution with its records as the channels have them. */
  private record Solved(
      List<PackageRecord> records, List<MatchSpec> requested, Optimality optimality) {}

  private Solved solve(
      Wanted wanted, Platform platform, SolveRequest.Builder request, OperationContext context) {
    VirtualPackages.lookAhead();
    List<MatchSpec> reached = IndexedRecords.reached(request);
    try (ChannelIndexes indexes = load(wanted, platform, reached, context)) {
      try {
        return solve(wanted, platform, request, indexes, context);
      } catch (ChannelException e) {
        if (!indexes.areDamaged()) {
          throw e;
        }
        LOG.debug("A cached index is damaged; it is made anew.", e);
      }
    }
    try (ChannelIndexes indexes = load(wanted, platform, reached, context)) {
      return solve(wanted, platform, request, indexes, context);
    }
  }

  private Solved solve(
      Wanted wanted,
      Platform platform,
      SolveRequest.Builder request,
      ChannelIndexes indexes,
      OperationContext context) {
    IndexedRecords source = source(wanted, indexes, context);
    SolveRequest complete = complete(wanted, platform, request);
    return phase(Phase.SOLVE, context, () -> solve(complete, source, indexes, context));
  }

  private IndexedRecords source(Wanted wanted, ChannelIndexes indexes, OperationContext context) {
    return new IndexedRecords(
        indexes,
        NamedArchives.records(wanted.specs(), indexes::records, cache.care(), context),
        settings);
  }

  private static Solved solve(
      SolveRequest request,
      IndexedRecords source,
      ChannelIndexes indexes,
      OperationContext context) {
    long start = System.nanoTime();
    Solution solution;
    try {
      solution = new Solver().solve(request, source, context);
    } catch (UnsatisfiableException | PackageNotFoundException e) {
      throw indexes.missing().isEmpty() ? e : notCached(indexes.missing(), e);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    int size = solution.records().size();
    context.events().emit(n -> new ProgressEvent.Solved(n, size, elapsed));
    return new Solved(
        source.asServed(solution.records()), solution.requested(), solution.optimality());
  }

  /** That there is no solution says nothing where a part of the index is not there. */
  private static OfflineException notCached(Set<String> names, CondaException cause) {
    return new OfflineException(
        "The index of %s is not in the cache, JConda is offline, and without it there is no solution."
            .formatted(names.stream().sorted().limit(5).collect(Collectors.joining(", "))),
        "Allow the network, or plan the same once while online.",
        cause);
  }

  private ChannelIndexes load(
      Wanted wanted, Platform platform, List<MatchSpec> ahead, OperationContext context) {
    return phase(
        Phase.INDEX,
        context,
        () -> {
          ChannelIndexes indexes =
              repodata
                  .refreshing(wanted.refreshIndexes())
                  .load(channels(wanted, context), platform, context);
          indexes.follow(ahead);
          return indexes;
        });
  }

  private SolveRequest complete(Wanted wanted, Platform platform, SolveRequest.Builder request) {
    return request
        .options(wanted.solveOptions())
        .virtualPackages(virtualPackages(wanted, platform))
        .build();
  }

  /** Writes to a file what {@link #create} or {@link #install} would solve. */
  Path saveProblem(Wanted wanted, boolean creates, Path file, OperationContext context) {
    if (creates) {
      Platform platform = wanted.platform().orElseGet(settings::platform);
      return saveProblem(wanted, platform, creation(wanted), file, context);
    }
    Present present = Present.read(wanted);
    SolveRequest.Builder request = present.request(SolveMode.INSTALL, wanted.specs());
    return saveProblem(wanted, present.platform(), request, file, context);
  }

  private Path saveProblem(
      Wanted wanted,
      Platform platform,
      SolveRequest.Builder request,
      Path file,
      OperationContext context) {
    try (ChannelIndexes indexes =
        load(wanted, platform, IndexedRecords.reached(request), context)) {
      IndexedRecords source = source(wanted, indexes, context);
      SolveRequest complete = complete(wanted, platform, request);
      return Problems.save(complete, source, file, disk, context);
    }
  }

  /** Makes the embedded channel a folder; names are for the room that knows them. */
  private List<Channel> channels(Wanted wanted, OperationContext context) {
    List<Channel> channels = new ArrayList<>();
    for (Channel channel : wanted.channels()) {
      if (channel.isEmbedded()) {
        channels.add(Channel.of(EmbeddedChannel.folder(settings.root(), disk, context)));
      } else {
        channels.add(channel);
      }
    }
    return channels;
  }

  private List<PackageRecord> virtualPackages(Wanted wanted, Platform platform) {
    Map<String, PackageRecord> packages = new LinkedHashMap<>();
    for (PackageRecord record : VirtualPackages.detect(platform, settings.overrides())) {
      packages.put(record.name(), record);
    }
    for (PackageRecord record : wanted.virtualPackages()) {
      packages.put(record.name(), record);
    }
    return List.copyOf(packages.values());
  }

  static <T> T phase(Phase phase, OperationContext context, Supplier<T> work) {
    long start = System.nanoTime();
    context.events().emit(n -> new ProgressEvent.PhaseStarted(n, phase, -1, -1));
    T result = work.get();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    context.events().emit(n -> new ProgressEvent.PhaseFinished(n, phase, elapsed));
    return result;
  }

  /**
   * Is what lies in a prefix, as far as planning needs it.
   *
   * @param prefix the folder
   * @param records the packages
   * @param requested the specs in force, by name
   * @param pinned the specs of {@code conda-meta/pinned}
   * @param extraPins what the request pins
   * @param platform what the environment is for
   * @param state its present state
   */
  record Present(
      Path prefix,
      List<PackageRecord> records,
      Map<String, String> requested,
      List<String> pinned,
      List<MatchSpec> extraPins,
      Platform platform,
      String state) {

    static Present read(Wanted wanted) {
      Path prefix = wanted.prefix();
      String state = PrefixState.stamp(prefix);
      List<PackageRecord> records =
          PrefixRecords.read(prefix).packages().stream().map(InstalledPackage::record).toList();
      Set<String> names = records.stream().map(PackageRecord::name).collect(Collectors.toSet());
      return new Present(
          prefix,
          records,
          History.read(prefix).requestedSpecs(names),
          Pinned.read(prefix),
          wanted.pins(),
          wanted.platform().orElseGet(() -> platformOf(records)),
          state);
    }

    /** The platform of its native packages; the machine's where there is none. */
    static Platform platformOf(List<PackageRecord> records) {
      return records.stream()
          .map(PackageRecord::subdir)
          .filter(subdir -> !subdir.isEmpty() && !subdir.equals(Platform.NOARCH.subdir()))
          .findFirst()
          .map(Platform::of)
          .orElseGet(Platform::current);
    }

    /**
     * Begins a request that knows what is there, what was asked for earlier, and what may not move.
     */
    SolveRequest.Builder request(SolveMode mode, List<MatchSpec> asked) {
      return SolveRequest.builder()
          .mode(mode)
          .specs(asked)
          .remembered(requested.values().stream().map(MatchSpec::parseLenient).toList())
          .installed(records)
          .pins(pins());
    }

    /**
     * What the user pinned, by request and by {@code conda-meta/pinned}; the solver holds Python.
     */
    private List<MatchSpec> pins() {
      List<MatchSpec> pins = new ArrayList<>(extraPins);
      pinned.forEach(text -> pins.add(MatchSpec.parseLenient(text)));
      return pins;
    }

    void requireInstalled(MatchSpec spec) {
      if (records.stream().noneMatch(spec::matches)) {
        throw new PackageNotFoundException(
            spec.toString(),
            List.of(),
            "'%s' is not installed in %s.".formatted(spec, prefix),
            "List what is installed with packages(), or install it.");
      }
    }
  }

  /** Is no channel at all. */
  private enum NoRecords implements RecordSource {
    INSTANCE;

    @Override
    public List<PackageRecord> records(String name) {
      return List.of();
    }

    @Override
    public int channelRank(PackageRecord record) {
      return 0;
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }
}

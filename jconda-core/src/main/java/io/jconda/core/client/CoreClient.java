package io.jconda.core.client;

import io.jconda.ClientInfo;
import io.jconda.CondaClient;
import io.jconda.Configuration;
import io.jconda.Environment;
import io.jconda.EnvironmentExistsException;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.EnvironmentRequest;
import io.jconda.InstallReport;
import io.jconda.Operation;
import io.jconda.Plan;
import io.jconda.build.MirrorRequest;
import io.jconda.cache.PackageStore;
import io.jconda.core.config.Settings;
import io.jconda.core.env.EnvironmentNames;
import io.jconda.core.env.EnvironmentRegistry;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.host.VirtualPackages;
import io.jconda.core.install.PrefixLocks;
import io.jconda.core.install.Recovery;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.pip.PipTarget;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.JCondaVersion;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.ActivationOptions;
import io.jconda.query.PackageQuery;
import io.jconda.solve.SolveResult;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.RequestHandler;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Is the client: it begins operations, and hands each part of them to the room whose work it is.
 */
final class CoreClient implements CondaClient, RequestHandler {
  private final ClientOptions options;
  private final Settings settings;
  private final NetworkSettings networkSettings;
  private final SharedResources resources;
  private final Disk disk;
  private final Sides sides;
  private final EnvironmentNames names;
  private final EnvironmentRegistry registry;
  private final Execution execution;
  private final Operations operations;
  private final Programs programs;
  private final PackageStore store;
  private final Queries queries;
  private final Mirrors mirrors;
  private final PrefixLocks prefixLocks;
  private final Recovery recovery;

  CoreClient(ClientOptions options, Disk disk) {
    this.options = options;
    this.disk = disk;
    this.settings = Settings.builder().options(options).build();
    this.networkSettings = NetworkWiring.of(options.network(), settings, options.readEnvironment());
    this.resources =
        options
            .origin()
            .map(origin -> ((CoreClient) origin).resources)
            .orElseGet(SharedResources::new)
            .retain();
    this.operations = new Operations(resources.executor());
    this.programs = new Programs(resources, disk, options.readEnvironment());
    Locks locks = Locks.at(settings.root().resolve("lock"), disk);
    this.prefixLocks = new PrefixLocks(locks, disk);
    this.recovery = new Recovery(prefixLocks, disk);
    Network network = resources.networks().retain(networkSettings);
    this.sides = Sides.of(options, settings, disk, prefixLocks, network);
    this.queries = new Queries(options, settings, disk, operations, sides, this::requireReadable);
    this.mirrors = new Mirrors(options, settings, disk, network, operations, sides);
    this.names = new EnvironmentNames(settings.environmentFolders());
    Optional<Path> list =
        options.registerEnvironments()
            ? Optional.of(Path.of(System.getProperty("user.home"), ".conda", "environments.txt"))
            : Optional.empty();
    this.registry = new EnvironmentRegistry(names.folders(), list, disk, locks);
    this.execution =
        new Execution(
            sides,
            registry,
            new Satisfaction(disk),
            new Furnishing(programs, this::pipTarget, disk),
            this::environment);
    Rooms rooms = sides.of(settings.offline());
    this.store =
        new CorePackageStore(
            rooms.cache().care(), settings.root(), registry, operations, options.progress());
  }

  Rooms rooms(Wanted wanted) {
    return sides.of(wanted);
  }

  Planner planner(Wanted wanted) {
    return new Planner(settings, disk, rooms(wanted));
  }

  @Override
  public EnvironmentRequest env(String name) {
    return EnvironmentRequest.of(this, name, names.prefix(name));
  }

  @Override
  public EnvironmentRequest env(Path prefix) {
    return EnvironmentRequest.of(this, prefix.toAbsolutePath().normalize());
  }

  @Override
  public List<Environment> environments() {
    return registry.list().stream()
        .map(prefix -> environment(wanted(env(prefix), List.of()), InstallReport.nothing()))
        .toList();
  }

  private Wanted wanted(EnvironmentRequest request, List<MatchSpec> more) {
    return Wanted.of(request, more, settings, options.progress());
  }

  private Environment environment(Wanted wanted, InstallReport report) {
    return new CoreEnvironment(this, wanted.withoutSpecs(), report);
  }

  private PipTarget pipTarget(Wanted wanted) {
    return new CoreEnvironment(this, wanted.withoutSpecs(), InstallReport.nothing()).pipTarget();
  }

  /** Returns a channel as users write it: the embedded one is a folder of this root else. */
  Channel shownChannel(Channel channel) {
    String embedded = Channel.of(settings.root().resolve("embedded")).name() + "/";
    return channel.name().startsWith(embedded) ? Channel.embedded() : channel;
  }

  /** Returns an environment's name if it lies in the folder of named ones. */
  Optional<String> name(Path prefix) {
    return names.name(prefix);
  }

  /** Begins to compute what activating an environment sets; its scripts may have to run. */
  Operation<Activation> activate(
      Environment environment, Wanted wanted, ActivationOptions options) {
    return start("activate", wanted, context -> programs.activation(environment, options, context));
  }

  /** Keeps other writers out of a prefix, such as what pip does to it. */
  Locks.Held alone(Path prefix, OperationContext context) {
    return prefixLocks.acquire(prefix, context);
  }

  /** Lets conda bring pip, as a part of an operation of pip's. */
  void bringPip(Wanted wanted, OperationContext context) {
    recovery.recover(wanted.prefix(), context);
    Environment unused =
        execution.carryOut(wanted, () -> planner(wanted).install(wanted, context), context);
  }

  /** Returns what handles on environments ask for. */
  EnvironmentWork work() {
    return new EnvironmentWork(this, execution, registry);
  }

  /** Returns what runs in environments. */
  Programs programs() {
    return programs;
  }

  @Override
  public Operation<Environment> create(EnvironmentRequest request) {
    Wanted wanted = wanted(request, List.of());
    return start(
        "create",
        wanted,
        context -> {
          recovery.recover(wanted.prefix(), context);
          if (PrefixRecords.isEnvironment(wanted.prefix()) && !wanted.replace()) {
            throw new EnvironmentExistsException(
                "There is an environment at %s already.".formatted(wanted.prefix()),
                "Add to it with install or ensure, or let create replace it with replace().");
          }
          Supplier<Plan> planning = () -> planner(wanted).create(wanted, context);
          return wanted.replace()
              ? execution.carryOut(wanted, planning, context)
              : execution.carryOutOnce(wanted, planning, context);
        });
  }

  @Override
  public Operation<Environment> install(EnvironmentRequest request, List<String> specs) {
    Wanted wanted = wanted(request, parse(specs));
    return start(
        "install",
        wanted,
        context -> {
          recovery.recover(wanted.prefix(), context);
          return execution.carryOut(wanted, () -> planInstall(wanted, context), context);
        });
  }

  private Plan planInstall(Wanted wanted, OperationContext context) {
    return PrefixRecords.isEnvironment(wanted.prefix())
        ? planner(wanted).install(wanted, context)
        : planner(wanted).create(wanted, context);
  }

  @Override
  public Operation<Environment> ensure(EnvironmentRequest request, List<String> specs) {
    Wanted wanted = wanted(request, parse(specs));
    return start(
        "ensure",
        wanted,
        context -> {
          long start = System.nanoTime();
          recovery.recover(wanted.prefix(), context);
          return execution.ensure(wanted, start, () -> planInstall(wanted, context), context);
        });
  }

  @Override
  public Operation<Environment> open(EnvironmentRequest request) {
    Wanted wanted = wanted(request, List.of());
    return start(
        "open",
        wanted,
        context -> {
          if (!PrefixRecords.isEnvironment(wanted.prefix())) {
            // one that is being replaced will be there soon
            recovery.recover(wanted.prefix(), context);
          }
          requireReadable(wanted.prefix());
          return environment(wanted, InstallReport.nothing());
        });
  }

  @Override
  public Operation<Plan> plan(EnvironmentRequest request, List<String> specs) {
    Wanted wanted = wanted(request, parse(specs));
    return start(
        "plan",
        wanted,
        context -> {
          recovery.recover(wanted.prefix(), context);
          return forecast(
              wanted,
              wanted.replace()
                  ? planner(wanted).create(wanted, context)
                  : planInstall(wanted, context),
              context);
        });
  }

  Plan forecast(Wanted wanted, Plan plan, OperationContext context) {
    return plan.toBuilder().forecast(rooms(wanted).installer().forecast(plan, context)).build();
  }

  @Override
  public Operation<Path> saveProblem(EnvironmentRequest request, List<String> specs, Path file) {
    Wanted wanted = wanted(request, parse(specs));
    return start(
        "save problem",
        wanted,
        context -> {
          recovery.recover(wanted.prefix(), context);
          boolean creates = wanted.replace() || !PrefixRecords.isEnvironment(wanted.prefix());
          return planner(wanted).saveProblem(wanted, creates, file, context);
        });
  }

  @Override
  public SolveResult replay(Path file) {
    return replayAsync(file).await();
  }

  @Override
  public Operation<SolveResult> replayAsync(Path file) {
    return operations.start(
        "replay",
        file.toString(),
        Optional.empty(),
        options.progress(),
        context -> Problems.replay(file, context));
  }

  @Override
  public Environment apply(Plan plan) {
    return applyAsync(plan).await();
  }

  @Override
  public Operation<Environment> applyAsync(Plan plan) {
    EnvironmentRequest request =
        env(plan.prefix())
            .channel(plan.channels().toArray(Channel[]::new))
            .platform(plan.platform());
    Wanted wanted = wanted(request, List.of());
    return start("apply", wanted, context -> execution.carryOutOnce(wanted, () -> plan, context));
  }

  /**
   * Begins work on an environment that must be there, after what a killed process left is undone.
   */
  <T> Operation<T> onExisting(String what, Wanted wanted, Function<OperationContext, T> work) {
    return start(
        what,
        wanted,
        context -> {
          recovery.recover(wanted.prefix(), context);
          requireEnvironment(wanted.prefix());
          return work.apply(context);
        });
  }

  /**
   * Makes an environment ready to be looked at: what a killed process left is undone, but who is at
   * work on it is not waited for.
   */
  void requireReadable(Path prefix) {
    recovery.recoverUnlessBusy(prefix);
    requireEnvironment(prefix);
  }

  private static void requireEnvironment(Path prefix) {
    if (!PrefixRecords.isEnvironment(prefix)) {
      throw new EnvironmentNotFoundException(
          "There is no environment at %s.".formatted(prefix),
          "Make it with create, install or ensure, or look at environments() for those that there"
              + " are.");
    }
  }

  private <T> Operation<T> start(String what, Wanted wanted, Function<OperationContext, T> work) {
    String target = names.name(wanted.prefix()).orElseGet(wanted.prefix()::toString);
    return operations.start(what, target, wanted.timeout(), wanted.progress(), work);
  }

  static List<MatchSpec> parse(List<String> specs) {
    return specs.stream().map(MatchSpec::parse).toList();
  }

  static List<MatchSpec> parse(String... specs) {
    return parse(Arrays.asList(specs));
  }

  @Override
  public PackageStore cache() {
    return store;
  }

  @Override
  public MirrorRequest mirror(Path folder) {
    return MirrorRequest.of(mirrors, folder.toAbsolutePath().normalize());
  }

  @Override
  public PackageQuery query() {
    return PackageQuery.of(queries);
  }

  @Override
  public ClientInfo info() {
    Platform platform = settings.platform();
    return new ClientInfo(
        JCondaVersion.CURRENT,
        settings.root(),
        names.folder(),
        settings.root().resolve("store"),
        platform,
        settings.channels(),
        VirtualPackages.detect(platform, settings.overrides()),
        settings.offline());
  }

  @Override
  public Configuration explain() {
    return settings.configuration();
  }

  @Override
  public Builder newBuilder() {
    return Builder.from(options.toBuilder().origin(this).build());
  }

  @Override
  public void close() {
    if (!options.permanent() && operations.close()) {
      resources.networks().release(networkSettings);
      resources.release();
    }
  }

  /** Returns where the client's things lie, without I/O. */
  @Override
  public String toString() {
    return "CondaClient[" + settings.root() + "]";
  }
}

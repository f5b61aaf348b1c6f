package io.jconda;

import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import io.jconda.progress.ProgressListener;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.VirtualPackages;
import io.jconda.spi.Contents;
import io.jconda.spi.RequestHandler;
import io.jconda.spi.RequestTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wanted of an environment. An immutable value: every method that sets something
 * returns a new request and touches neither disk nor network; the terminal operations do the work.
 *
 * <p>Terminal operations block; each has an {@code …Async} twin that returns an {@link Operation}.
 * What they mean on what is there already:
 *
 * <ul>
 *   <li>{@link #create()} makes a new environment and fails if there is one, unless {@link
 *       #replace()} was called.
 *   <li>{@link #install(String...)} makes the environment or adds to it; it keeps what it can, and
 *       does not move Python to another minor version unless Python is named.
 *   <li>{@link #ensure(String...)} does the same, and nothing at all if what is asked for is there
 *       already: no network, no solve, no write.
 *   <li>{@link #open()} makes nothing; the environment must be there.
 *   <li>{@link #plan(String...)} says what {@code install} would do, and changes nothing.
 * </ul>
 *
 * <p>All of them throw, beside what they say: {@link PackageNotFoundException}, {@link
 * UnsatisfiableException}, {@link ChannelException}, {@link OfflineException}, {@link
 * IntegrityException}, {@link InstallException}, {@link StorageException}, {@link
 * EnvironmentBusyException}, {@link OperationCancelledException}. After any of them the environment
 * is as it was; but what {@link #pip} asks for is installed last, and if that fails with a {@link
 * CommandFailedException} a new environment is removed again, while one that was there keeps what
 * conda did.
 */
@CheckReturnValue
public final class EnvironmentRequest {
  private final Draft values;

  private EnvironmentRequest(Draft values) {
    this.values = values;
  }

  /** Holds what is said; not changed any more once a request holds it. */
  private static final class Draft {
    private final RequestHandler handler;
    private final Optional<String> name;
    private final Path prefix;
    private RequestTerms terms = RequestTerms.NONE;
    private List<MatchSpec> specs = List.of();
    private Contents contents = Contents.NONE;
    private List<MatchSpec> pins = List.of();
    private @Nullable Platform platform;
    private List<PackageRecord> virtualPackages = List.of();
    private SolveOptions solveOptions = SolveOptions.defaults();
    private AllowedScripts linkScripts = AllowedScripts.NONE;
    private boolean compileBytecode = true;
    private @Nullable LinkMode linkMode;
    private boolean refreshIndexes;
    private boolean replace;

    private Draft(RequestHandler handler, Optional<String> name, Path prefix) {
      this.handler = handler;
      this.name = name;
      this.prefix = prefix;
    }

    private Draft(Draft other) {
      this(other.handler, other.name, other.prefix);
      this.specs = other.specs;
      this.contents = other.contents;
      this.pins = other.pins;
      this.platform = other.platform;
      this.virtualPackages = other.virtualPackages;
      this.solveOptions = other.solveOptions;
      this.linkScripts = other.linkScripts;
      this.compileBytecode = other.compileBytecode;
      this.linkMode = other.linkMode;
      this.refreshIndexes = other.refreshIndexes;
      this.replace = other.replace;
      this.terms = other.terms;
    }
  }

  /**
   * Begins a request for a named environment; for implementations of {@link CondaClient}.
   *
   * @param handler who does the work
   * @param name the environment's name
   * @param prefix its folder
   */
  public static EnvironmentRequest of(RequestHandler handler, String name, Path prefix) {
    return new EnvironmentRequest(new Draft(handler, Optional.of(name), prefix));
  }

  /**
   * Begins a request for an environment that has a folder and no name; for implementations of
   * {@link CondaClient}.
   *
   * @param handler who does the work
   * @param prefix its folder
   */
  public static EnvironmentRequest of(RequestHandler handler, Path prefix) {
    return new EnvironmentRequest(new Draft(handler, Optional.empty(), prefix));
  }

  private EnvironmentRequest with(RequestTerms terms) {
    Draft draft = new Draft(values);
    draft.terms = terms;
    return new EnvironmentRequest(draft);
  }

  private static <T> List<T> plus(List<T> list, List<T> more) {
    List<T> all = new ArrayList<>(list);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static List<MatchSpec> parse(String... texts) {
    return Arrays.stream(texts).map(MatchSpec::parse).toList();
  }

  /**
   * Adds channels, each of lower priority than those before it. A request that names none uses the
   * client's.
   *
   * @param more names, URLs or folders, as for {@link Channel#of(String)}
   * @throws IllegalArgumentException if one is none of them
   */
  public EnvironmentRequest channel(String... more) {
    return with(values.terms.withChannels(more));
  }

  /**
   * Adds channels, each of lower priority than those before it. A request that names none uses the
   * client's.
   */
  public EnvironmentRequest channel(Channel... more) {
    return with(values.terms.withChannels(more));
  }

  /**
   * Asks for Python of a version. {@code "3.13"} means {@code 3.13.*}; a text with an operator or a
   * star means what it says.
   *
   * @param version a version or version spec; a string, so that 3.10 never becomes 3.1
   * @throws InvalidSpecException if it cannot be read
   */
  public EnvironmentRequest python(String version) {
    String trimmed = version.strip();
    boolean plain =
        !trimmed.isEmpty() && trimmed.chars().allMatch(c -> c == '.' || Character.isDigit(c));
    return with(plain ? "python=" + trimmed : "python " + trimmed);
  }

  /**
   * Asks for packages, beside those that a terminal operation names.
   *
   * @param more match specs such as {@code "numpy>=2"}
   * @throws InvalidSpecException if one cannot be read; the message points at the character
   */
  public EnvironmentRequest with(String... more) {
    Draft draft = new Draft(values);
    draft.specs = plus(values.specs, parse(more));
    return new EnvironmentRequest(draft);
  }

  /**
   * Asks for what pip shall install once conda's packages are there, with conda's own {@code pip}.
   *
   * @param requirements lines of a file of requirements, such as {@code "requests>=2"}
   */
  public EnvironmentRequest pip(String... requirements) {
    return with(values.contents.withPip(List.of(requirements)));
  }

  /**
   * Sets a variable that activating the environment sets; it is kept in {@code conda-meta/state}.
   *
   * @throws IllegalArgumentException if the name is none that a process can have, or {@code PATH}
   */
  public EnvironmentRequest variable(String name, String value) {
    return with(values.contents.withVariable(name, value));
  }

  private EnvironmentRequest with(Contents contents) {
    Draft draft = new Draft(values);
    draft.contents = contents;
    return new EnvironmentRequest(draft);
  }

  /**
   * Asks for what a file says, beside what is asked for already: its dependencies, what pip shall
   * install, its variables, and its channels, behind those of this request. The client's channels
   * come last, unless it says {@code nodefaults}. The name that it proposes is left aside.
   *
   * @throws IllegalArgumentException if it has a variable that a process cannot have
   */
  public EnvironmentRequest from(EnvironmentFile file) {
    Draft draft = new Draft(values);
    draft.terms = values.terms.withChannels(file.channels().toArray(Channel[]::new));
    draft.specs = plus(values.specs, file.dependencies());
    draft.contents = values.contents.withFile(file);
    return new EnvironmentRequest(draft);
  }

  /**
   * Asks for exactly the packages that a lock file names for the platform; nothing is solved, and
   * no index is read. What an archive says of itself is needed to plan, so that planning fetches
   * the archives. In an environment that is there packages that the lock does not name stay.
   *
   * <p>Match specs and requirements for pip cannot be asked for in the same request.
   *
   * @param lock the file
   * @param categories the groups of its packages that count; {@code main} if none is named
   */
  public EnvironmentRequest from(LockFile lock, String... categories) {
    return with(values.contents.withLock(lock, categories));
  }

  /**
   * Restricts packages that are installed for whatever reason, without asking for them.
   *
   * @param more match specs
   * @throws InvalidSpecException if one cannot be read
   */
  public EnvironmentRequest pin(String... more) {
    Draft draft = new Draft(values);
    draft.pins = plus(values.pins, parse(more));
    return new EnvironmentRequest(draft);
  }

  /** Sets the platform that the environment is for; the client's if this is not called. */
  public EnvironmentRequest platform(Platform target) {
    Draft draft = new Draft(values);
    draft.platform = target;
    return new EnvironmentRequest(draft);
  }

  /**
   * States what the machine that will run the environment has, in the place of what was detected
   * (CEP-30).
   *
   * @param spec {@code name=version} or {@code name=version=build}, such as {@code "__cuda=12.4"}
   * @throws IllegalArgumentException if the name does not begin with two underscores or the version
   *     is missing
   */
  public EnvironmentRequest virtualPackage(String spec) {
    Draft draft = new Draft(values);
    draft.virtualPackages = plus(values.virtualPackages, List.of(VirtualPackages.parse(spec)));
    return new EnvironmentRequest(draft);
  }

  /** Sets how the order of channels counts; as the client says if this is not called. */
  public EnvironmentRequest channelPriority(ChannelPriority priority) {
    return solveOptions(values.solveOptions.channelPriority(priority));
  }

  /**
   * Shuts out packages that are newer than a time; for single channels and packages see {@link
   * ExcludeNewer}.
   */
  public EnvironmentRequest excludeNewer(Instant time) {
    return solveOptions(values.solveOptions.excludeNewer(ExcludeNewer.than(time)));
  }

  /**
   * Sets how the solver chooses among the packages that fit, in the place of what was set before,
   * {@link #channelPriority} and {@link #excludeNewer} included. The environment's handle keeps
   * them for later changes, but for {@link SolveOptions#dependencies}, which counts once.
   */
  public EnvironmentRequest solveOptions(SolveOptions options) {
    Draft draft = new Draft(values);
    draft.solveOptions = options;
    return new EnvironmentRequest(draft);
  }

  /**
   * Sets whether the packages' own link scripts may run; they may not if this is not called, and
   * are reported.
   */
  public EnvironmentRequest allowLinkScripts(boolean allow) {
    Draft draft = new Draft(values);
    draft.linkScripts = allow ? AllowedScripts.ALL : AllowedScripts.NONE;
    return new EnvironmentRequest(draft);
  }

  /**
   * Lets the link scripts of some packages run, for those that do not work without; may be called
   * more than once. Those of others are reported.
   *
   * @param packages names of packages
   * @throws InvalidSpecException if one of them is no name of a package
   */
  public EnvironmentRequest allowLinkScriptsOf(String... packages) {
    Set<String> names = new HashSet<>();
    for (String name : packages) {
      MatchSpec spec = MatchSpec.parse(name);
      if (!spec.isExactName() || !spec.toString().equals(spec.name())) {
        throw new InvalidSpecException(
            name,
            0,
            "more is said than the name of a package whose link scripts may run",
            "Write its name alone, such as 'openssl'.");
      }
      names.add(spec.name());
    }
    Draft draft = new Draft(values);
    draft.linkScripts = draft.linkScripts.and(names);
    return new EnvironmentRequest(draft);
  }

  /**
   * Sets whether Python modules are compiled to byte code while installing; they are if this is not
   * called.
   */
  public EnvironmentRequest compileBytecode(boolean compile) {
    Draft draft = new Draft(values);
    draft.compileBytecode = compile;
    return new EnvironmentRequest(draft);
  }

  /**
   * Sets how files come into the environment; if this is not called, by hard link, unless the
   * client's settings say {@code always_copy}.
   */
  public EnvironmentRequest linkMode(LinkMode mode) {
    Draft draft = new Draft(values);
    draft.linkMode = mode;
    return new EnvironmentRequest(draft);
  }

  /**
   * Sets whether only what is on this machine may be used; what is missing is an {@link
   * OfflineException}.
   */
  public EnvironmentRequest offline(boolean only) {
    return with(values.terms.withOffline(only));
  }

  /**
   * Sets whether the servers of the channels are asked for their indexes however fresh the cached
   * ones are; an index that has not changed is not sent again. They are not if this is not called:
   * an index is used for as long as its server or the client says. Offline this changes nothing.
   */
  public EnvironmentRequest refreshIndexes(boolean refresh) {
    Draft draft = new Draft(values);
    draft.refreshIndexes = refresh;
    return new EnvironmentRequest(draft);
  }

  /** Lets {@link #create()} put the new environment in the place of one that is there. */
  public EnvironmentRequest replace() {
    Draft draft = new Draft(values);
    draft.replace = true;
    return new EnvironmentRequest(draft);
  }

  /**
   * Limits how long a terminal operation may take, waiting for other processes included; without
   * limit if this is not called.
   *
   * @param limit how long; more than zero
   * @throws IllegalArgumentException if it is not more than zero
   */
  public EnvironmentRequest timeout(Duration limit) {
    return with(values.terms.withTimeout(limit));
  }

  /**
   * Sets who hears what a terminal operation is doing; the client's listener if this is not called.
   */
  public EnvironmentRequest onProgress(ProgressListener listener) {
    return with(values.terms.withProgress(listener));
  }

  /**
   * Makes the environment, with what was asked for with {@link #python} and {@link #with}; possibly
   * an empty one.
   *
   * @throws EnvironmentExistsException if it is there already and {@link #replace()} was not called
   */
  @CanIgnoreReturnValue
  public Environment create() {
    return createAsync().await();
  }

  /** Does what {@link #create()} does, without waiting for it. */
  @CanIgnoreReturnValue
  public Operation<Environment> createAsync() {
    return values.handler.create(this);
  }

  /**
   * Makes the environment or adds to it.
   *
   * @param more match specs, beside those of {@link #with}
   * @throws InvalidSpecException if one cannot be read; nothing was done
   */
  @CanIgnoreReturnValue
  public Environment install(String... more) {
    return installAsync(more).await();
  }

  /** Does what {@link #install(String...)} does, without waiting for it. */
  @CanIgnoreReturnValue
  public Operation<Environment> installAsync(String... more) {
    return values.handler.install(this, List.of(more));
  }

  /**
   * Makes sure that the environment has what is asked for, and does nothing if it has.
   *
   * @param more match specs, beside those of {@link #with}
   * @throws InvalidSpecException if one cannot be read; nothing was done
   */
  @CanIgnoreReturnValue
  public Environment ensure(String... more) {
    return ensureAsync(more).await();
  }

  /** Does what {@link #ensure(String...)} does, without waiting for it. */
  @CanIgnoreReturnValue
  public Operation<Environment> ensureAsync(String... more) {
    return values.handler.ensure(this, List.of(more));
  }

  /**
   * Returns a handle on the environment that is there. Does not wait for who changes it, unless
   * that is about to replace it.
   *
   * @throws EnvironmentNotFoundException if there is none
   */
  public Environment open() {
    return openAsync().await();
  }

  /** Does what {@link #open()} does, without waiting for it. */
  public Operation<Environment> openAsync() {
    return values.handler.open(this);
  }

  /**
   * Says what {@link #install(String...)} would do (with {@link #replace()}: what {@link #create()}
   * would do), and changes nothing but caches of indexes.
   *
   * @param more match specs, beside those of {@link #with}
   * @throws InvalidSpecException if one cannot be read
   */
  public Plan plan(String... more) {
    return planAsync(more).await();
  }

  /** Does what {@link #plan(String...)} does, without waiting for it. */
  public Operation<Plan> planAsync(String... more) {
    return values.handler.plan(this, List.of(more));
  }

  /**
   * Writes what {@link #plan(String...)} would solve to a file, whether it has a solution or not:
   * for a bug report, or to be measured. {@link CondaClient#replay(Path)} solves it anywhere, with
   * the same answer, without channels or environment.
   *
   * <p>The file is JSON: the request with all its options, the virtual packages, what is installed,
   * and the records of the channels that the solve reaches. It has no secrets in it, but names,
   * versions and where they come from. Where time runs out it holds what was reached by then.
   *
   * @param file replaced in one step if it is there; its folder must exist
   * @param more match specs, beside those of {@link #with}
   * @return the file, absolute
   * @throws InvalidSpecException if a spec cannot be read
   * @throws ChannelException if a channel cannot be read
   * @throws StorageException if the file cannot be written
   */
  @CanIgnoreReturnValue
  public Path saveProblem(Path file, String... more) {
    return saveProblemAsync(file, more).await();
  }

  /** Does what {@link #saveProblem(Path, String...)} does, without waiting for it. */
  @CanIgnoreReturnValue
  public Operation<Path> saveProblemAsync(Path file, String... more) {
    return values.handler.saveProblem(this, List.of(more), file);
  }

  /** Returns the environment's name; empty if it was asked for by its folder. */
  public Optional<String> name() {
    return values.name;
  }

  /** Returns the environment's folder, absolute. */
  public Path prefix() {
    return values.prefix;
  }

  /** Returns the channels, highest priority first; empty for the client's. */
  public List<Channel> channels() {
    return values.terms.channels();
  }

  /** Returns what was asked for with {@link #python} and {@link #with}. */
  public List<MatchSpec> specs() {
    return values.specs;
  }

  /** Returns what is asked for beside match specs: what pip installs, variables, a lock file. */
  public Contents contents() {
    return values.contents;
  }

  /** Returns what was asked for with {@link #pin}. */
  public List<MatchSpec> pins() {
    return values.pins;
  }

  /** Returns the platform, if one was set. */
  public Optional<Platform> platform() {
    return Optional.ofNullable(values.platform);
  }

  /** Returns what was stated with {@link #virtualPackage}. */
  public List<PackageRecord> virtualPackages() {
    return values.virtualPackages;
  }

  /** Returns how the solver chooses among the packages that fit. */
  public SolveOptions solveOptions() {
    return values.solveOptions;
  }

  /** Returns whose link scripts may run. */
  public AllowedScripts allowedScripts() {
    return values.linkScripts;
  }

  /** Tells whether Python modules are compiled. */
  public boolean compilesBytecode() {
    return values.compileBytecode;
  }

  /** Returns how files come into the environment; empty if this is not said. */
  public Optional<LinkMode> linkMode() {
    return Optional.ofNullable(values.linkMode);
  }

  /** Tells whether only what is on this machine may be used. */
  public boolean isOffline() {
    return values.terms.offline();
  }

  /** Tells whether servers are asked for their indexes however fresh the cached ones are. */
  public boolean refreshesIndexes() {
    return values.refreshIndexes;
  }

  /** Tells whether {@link #create()} may replace what is there. */
  public boolean replaces() {
    return values.replace;
  }

  /** Returns the time limit, if one was set. */
  public Optional<Duration> timeout() {
    return values.terms.timeout();
  }

  /** Returns who hears of progress, if somebody was set. */
  public Optional<ProgressListener> progress() {
    return values.terms.progress();
  }

  /** Returns the target, channels and specs on one line. */
  @Override
  public String toString() {
    return "EnvironmentRequest["
        + values.name.orElseGet(values.prefix::toString)
        + ", channels="
        + channels()
        + ", specs="
        + specs()
        + "]";
  }
}

package io.jconda.build;

import io.jconda.CheckReturnValue;
import io.jconda.Operation;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.VirtualPackages;
import io.jconda.spi.MirrorHandler;
import io.jconda.spi.RequestTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Collects what is to be copied from channels to a folder that is a channel itself, for sites
 * without a network. An immutable value: every method that sets something returns a new request and
 * touches neither disk nor network; {@link #plan} and {@link #copy} do the work.
 *
 * <p>What is copied:
 *
 * <ul>
 *   <li>by default, what one solve of the specs takes for each platform ({@link Scope#SOLVED}): the
 *       environment that the specs ask for can be made from the folder, and nothing else is there.
 *       Copy again for another set of specs: the folder keeps what it has.
 *   <li>{@link Scope#CLOSURE}: every record that the specs accept, and every record that a
 *       dependency of one of these accepts, and so on: many times as much, from which other
 *       solutions can be made.
 *   <li>{@link Scope#EVERYTHING}: all records of the platforms.
 * </ul>
 *
 * <p>The folder is one channel, so the order of several source channels is lost in it. Therefore
 * strict priority holds when it is filled: of a name only the first channel that has it is copied,
 * unless a spec names another.
 *
 * <p>The machine that will install from the folder may be another one than that which copies. So a
 * platform that is named is solved for with the virtual packages that every machine of it has
 * (glibc 2.17, no CUDA, macOS 0), be it this machine's own; {@link #virtualPackage} says what the
 * machines have. Where no platform is named they are taken to be like this one.
 */
@CheckReturnValue
public final class MirrorRequest {
  private final Draft values;

  private MirrorRequest(Draft values) {
    this.values = values;
  }

  /** Tells how much is copied. */
  public enum Scope {
    /** What one solve of the specs takes, for each platform. */
    SOLVED,
    /** All records that the specs accept, and all that these can come to need. */
    CLOSURE,
    /** All records of the platforms; specs have no say. */
    EVERYTHING
  }

  /** Holds what is said; not changed any more once a request holds it. */
  private static final class Draft {
    private final MirrorHandler handler;
    private final Path folder;
    private RequestTerms terms = RequestTerms.NONE;
    private List<Platform> platforms = List.of();
    private List<MatchSpec> specs = List.of();
    private List<MatchSpec> exclusions = List.of();
    private List<PackageRecord> virtualPackages = List.of();
    private Scope scope = Scope.SOLVED;
    private boolean prune;

    private Draft(MirrorHandler handler, Path folder) {
      this.handler = handler;
      this.folder = folder;
    }

    private Draft(Draft other) {
      this(other.handler, other.folder);
      this.platforms = other.platforms;
      this.specs = other.specs;
      this.exclusions = other.exclusions;
      this.virtualPackages = other.virtualPackages;
      this.scope = other.scope;
      this.prune = other.prune;
      this.terms = other.terms;
    }
  }

  /**
   * Begins a request; for implementations of {@link io.jconda.CondaClient}.
   *
   * @param handler who does the work
   * @param folder where to copy to, absolute
   */
  public static MirrorRequest of(MirrorHandler handler, Path folder) {
    return new MirrorRequest(new Draft(handler, folder));
  }

  private MirrorRequest with(RequestTerms terms) {
    Draft draft = new Draft(values);
    draft.terms = terms;
    return new MirrorRequest(draft);
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
   * Adds channels to copy from, each of lower priority than those before it. A request that names
   * none uses the client's.
   *
   * @param more names, URLs or folders, as for {@link Channel#of(String)}
   * @throws IllegalArgumentException if one is none of them
   */
  public MirrorRequest channel(String... more) {
    return with(values.terms.withChannels(more));
  }

  /** Adds channels to copy from, each of lower priority than those before it. */
  public MirrorRequest channel(Channel... more) {
    return with(values.terms.withChannels(more));
  }

  /**
   * Adds platforms to copy for; noarch packages belong to each. A request that names none copies
   * for machines like this one.
   */
  public MirrorRequest platform(Platform... more) {
    Draft draft = new Draft(values);
    draft.platforms = List.copyOf(new LinkedHashSet<>(plus(values.platforms, List.of(more))));
    return new MirrorRequest(draft);
  }

  /**
   * Asks for packages, beside those that a terminal operation names.
   *
   * @param more match specs such as {@code "python=3.13"}
   * @throws io.jconda.InvalidSpecException if one cannot be read
   */
  public MirrorRequest with(String... more) {
    Draft draft = new Draft(values);
    draft.specs = plus(values.specs, parse(more));
    return new MirrorRequest(draft);
  }

  /**
   * Leaves records out, whatever needs them; a solve looks for a way without them.
   *
   * @param more match specs, such as {@code "*[license=AGPL*]"}
   * @throws io.jconda.InvalidSpecException if one cannot be read
   */
  public MirrorRequest exclude(String... more) {
    Draft draft = new Draft(values);
    draft.exclusions = plus(values.exclusions, parse(more));
    return new MirrorRequest(draft);
  }

  /** Sets how much is copied. */
  public MirrorRequest scope(Scope howMuch) {
    Draft draft = new Draft(values);
    draft.scope = howMuch;
    return new MirrorRequest(draft);
  }

  /**
   * States what the machines that will install have, in the place of what is known of them
   * (CEP-30). Counts for the platforms that know it: {@code __glibc} for Linux, {@code __osx} for
   * macOS, {@code __win} for Windows, others for each.
   *
   * @param spec {@code name=version} or {@code name=version=build}, such as {@code "__glibc=2.34"}
   * @throws IllegalArgumentException if the name does not begin with two underscores or the version
   *     is missing
   */
  public MirrorRequest virtualPackage(String spec) {
    Draft draft = new Draft(values);
    draft.virtualPackages = plus(values.virtualPackages, List.of(VirtualPackages.parse(spec)));
    return new MirrorRequest(draft);
  }

  /**
   * Sets whether archives and records that are not asked for any more leave the folder; they stay
   * if this is not called. Only subdirs of the platforms asked for, and noarch, are pruned.
   */
  public MirrorRequest prune(boolean removeTheRest) {
    Draft draft = new Draft(values);
    draft.prune = removeTheRest;
    return new MirrorRequest(draft);
  }

  /**
   * Sets whether only what is on this machine may be used: folders, and indexes in the cache.
   * Without it the client decides.
   */
  public MirrorRequest offline(boolean offlineOnly) {
    return with(values.terms.withOffline(offlineOnly));
  }

  /**
   * Sets how long a terminal operation may take; it is cancelled after that.
   *
   * @param limit how long; more than zero
   * @throws IllegalArgumentException if it is not more than zero
   */
  public MirrorRequest timeout(Duration limit) {
    return with(values.terms.withTimeout(limit));
  }

  /** Sets who hears what is going on; the client's listener if this is not called. */
  public MirrorRequest onProgress(ProgressListener listener) {
    return with(values.terms.withProgress(listener));
  }

  /**
   * Says what {@link #copy} would do, and changes nothing. Blocks; reads the archives that the
   * folder has already.
   *
   * @param more match specs, beside those of {@link #with}
   * @throws io.jconda.InvalidSpecException if one cannot be read
   * @throws io.jconda.PackageNotFoundException if a spec's name is in no channel
   * @throws io.jconda.UnsatisfiableException if a solve finds nothing
   * @throws io.jconda.ChannelException if a channel cannot be read
   * @throws io.jconda.StorageException if the folder cannot be read or is something else than a
   *     channel
   * @throws io.jconda.IntegrityException if the folder, or another channel, has another archive of
   *     the same name
   * @throws IllegalArgumentException if nothing is asked for
   */
  public MirrorPlan plan(String... more) {
    return planAsync(more).await();
  }

  /** Does what {@link #plan} does, without waiting for it. */
  public Operation<MirrorPlan> planAsync(String... more) {
    return values.handler.plan(asking(more));
  }

  /**
   * Copies, and blocks until the folder has all that was asked for.
   *
   * <p>Archives come several at once, each under another name until its SHA-256 (else its MD5) and
   * its size are right. The index of each subdir is replaced in one step, and only when all
   * archives are there, so the folder is a valid channel at every moment. Whatever stops this, even
   * a kill: called again it takes what is there and right, goes on with archives that broke off,
   * and fetches what is wrong anew. One process copies to a folder at a time, the others wait.
   *
   * <p>Records are those of the channels' indexes, whose dependencies may have been mended since
   * the archives were made. Of a record's fields those are kept that conda's index form knows.
   *
   * @param more match specs, beside those of {@link #with}
   * @throws io.jconda.InvalidSpecException if one cannot be read
   * @throws io.jconda.PackageNotFoundException if a spec's name is in no channel
   * @throws io.jconda.UnsatisfiableException if a solve finds nothing
   * @throws io.jconda.ChannelException if a channel or an archive cannot be had
   * @throws io.jconda.OfflineException if the network is needed and must not be used
   * @throws io.jconda.IntegrityException if an archive is not what its record says, or if the
   *     folder, or another channel, has another archive of the same name
   * @throws io.jconda.StorageException if the folder cannot be written, is something else than a
   *     channel, or the disk has not enough room
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted or the time
   *     was up
   * @throws IllegalArgumentException if nothing is asked for
   */
  public MirrorReport copy(String... more) {
    return copyAsync(more).await();
  }

  /** Does what {@link #copy} does, without waiting for it. */
  public Operation<MirrorReport> copyAsync(String... more) {
    return values.handler.copy(asking(more));
  }

  private MirrorRequest asking(String... more) {
    MirrorRequest request = with(more);
    if (request.values.specs.isEmpty() && values.scope != Scope.EVERYTHING) {
      throw new IllegalArgumentException(
          "Say what to copy: name specs, or choose Scope.EVERYTHING.");
    }
    return request;
  }

  /** Returns the folder to copy to, absolute. */
  public Path folder() {
    return values.folder;
  }

  /** Returns the channels to copy from, highest priority first; empty for the client's. */
  public List<Channel> channels() {
    return values.terms.channels();
  }

  /** Returns the platforms to copy for; empty for the machine's own. */
  public List<Platform> platforms() {
    return values.platforms;
  }

  /** Returns what was asked for. */
  public List<MatchSpec> specs() {
    return values.specs;
  }

  /** Returns what is left out. */
  public List<MatchSpec> exclusions() {
    return values.exclusions;
  }

  /** Returns what was stated with {@link #virtualPackage}. */
  public List<PackageRecord> virtualPackages() {
    return values.virtualPackages;
  }

  /** Returns how much is copied. */
  public Scope scope() {
    return values.scope;
  }

  /** Tells whether what is not asked for any more leaves the folder. */
  public boolean prunes() {
    return values.prune;
  }

  /** Tells whether only what is on this machine may be used. */
  public boolean isOffline() {
    return values.terms.offline();
  }

  /** Returns the time limit, if one was set. */
  public Optional<Duration> timeout() {
    return values.terms.timeout();
  }

  /** Returns who hears of progress, if somebody was set. */
  public Optional<ProgressListener> progress() {
    return values.terms.progress();
  }

  /** Returns from where to where, on one line. */
  @Override
  public String toString() {
    return "MirrorRequest[" + channels() + " to " + values.folder + ", specs=" + values.specs + "]";
  }
}

package io.jconda.query;

import io.jconda.CheckReturnValue;
import io.jconda.Operation;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spi.QueryHandler;
import io.jconda.spi.RequestTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Collects where to look for packages, and asks. An immutable value: every method that sets
 * something returns a new query and touches neither disk nor network; {@link #search}, {@link
 * #depends} and {@link #whoNeeds} do the work, and each has an {@code …Async} twin.
 *
 * <p>It looks in channels, for one platform or several, or in one environment ({@link
 * #installedIn}). Nothing is installed and no environment changes.
 *
 * <p>All three throw, beside what they say: {@link io.jconda.ChannelException}, {@link
 * io.jconda.OfflineException}, {@link io.jconda.StorageException}, {@link
 * io.jconda.OperationCancelledException}.
 */
@CheckReturnValue
public final class PackageQuery {
  private static final int MOST_NODES = 10_000;

  private final Draft values;

  private PackageQuery(Draft values) {
    this.values = values;
  }

  /** Holds what is said; not changed any more once a request holds it. */
  private static final class Draft {
    private final QueryHandler handler;
    private RequestTerms terms = RequestTerms.NONE;
    private List<Platform> platforms = List.of();
    private @Nullable Path prefix;
    private int depth;
    private int limit = MOST_NODES;
    private boolean solved;
    private boolean allRecords;

    private Draft(QueryHandler handler) {
      this.handler = handler;
    }

    private Draft(Draft other) {
      this(other.handler);
      this.platforms = other.platforms;
      this.prefix = other.prefix;
      this.depth = other.depth;
      this.limit = other.limit;
      this.solved = other.solved;
      this.allRecords = other.allRecords;
      this.terms = other.terms;
    }
  }

  /**
   * Begins a query; for implementations of {@link io.jconda.CondaClient}.
   *
   * @param handler who does the work
   */
  public static PackageQuery of(QueryHandler handler) {
    return new PackageQuery(new Draft(handler));
  }

  private PackageQuery with(RequestTerms terms) {
    Draft draft = new Draft(values);
    draft.terms = terms;
    return new PackageQuery(draft);
  }

  private static <T> List<T> plus(List<T> list, List<T> more) {
    List<T> all = new ArrayList<>(list);
    all.addAll(more);
    return List.copyOf(all);
  }

  /**
   * Adds channels, each of lower priority than those before it. A query that names none uses the
   * client's.
   *
   * @param more names, URLs or folders, as for {@link Channel#of(String)}
   * @throws IllegalArgumentException if one is none of them
   */
  public PackageQuery channel(String... more) {
    return with(values.terms.withChannels(more));
  }

  /**
   * Adds channels, each of lower priority than those before it. A query that names none uses the
   * client's.
   */
  public PackageQuery channel(Channel... more) {
    return with(values.terms.withChannels(more));
  }

  /**
   * Adds platforms to look for; noarch packages belong to each. A query that names none looks for
   * the machine's own.
   */
  public PackageQuery platform(Platform... more) {
    Draft draft = new Draft(values);
    draft.platforms = List.copyOf(new LinkedHashSet<>(plus(values.platforms, List.of(more))));
    return new PackageQuery(draft);
  }

  /**
   * Looks at what is installed in an environment, in the place of channels.
   *
   * @param environment the environment's folder; made absolute
   */
  public PackageQuery installedIn(Path environment) {
    Draft draft = new Draft(values);
    draft.prefix = environment.toAbsolutePath().normalize();
    return new PackageQuery(draft);
  }

  /**
   * Sets how many levels a tree has below its roots: 1 for what is direct alone. Without it {@link
   * #depends} goes to the end and {@link #whoNeeds} one level.
   *
   * @param levels 1 or more; {@code Integer.MAX_VALUE} for all
   * @throws IllegalArgumentException if it is less than 1
   */
  public PackageQuery depth(int levels) {
    Draft draft = new Draft(values);
    draft.depth = positive(levels, "A tree needs a depth of 1 or more.");
    return new PackageQuery(draft);
  }

  /**
   * Sets how many nodes a tree has at most, 10,000 if this is not called; one that would have more
   * says so with {@link PackageTree#isTruncated()}.
   *
   * @param nodes 1 or more
   * @throws IllegalArgumentException if it is less than 1
   */
  public PackageQuery limit(int nodes) {
    Draft draft = new Draft(values);
    draft.limit = positive(nodes, "A tree needs room for 1 node or more.");
    return new PackageQuery(draft);
  }

  private static int positive(int number, String otherwise) {
    if (number < 1) {
      throw new IllegalArgumentException(otherwise);
    }
    return number;
  }

  /**
   * Sets whether {@link #depends} shows what a solve of the spec would install, in the place of the
   * best candidate for each dependency by itself.
   */
  public PackageQuery solved(boolean solve) {
    Draft draft = new Draft(values);
    draft.solved = solve;
    return new PackageQuery(draft);
  }

  /**
   * Sets whether {@link #whoNeeds} looks at all records of a package, in the place of those of its
   * newest version in each channel and platform.
   */
  public PackageQuery allRecords(boolean all) {
    Draft draft = new Draft(values);
    draft.allRecords = all;
    return new PackageQuery(draft);
  }

  /**
   * Sets whether only what is on this machine may be used: folders, and indexes in the cache
   * however old. Without it the client decides.
   */
  public PackageQuery offline(boolean offlineOnly) {
    return with(values.terms.withOffline(offlineOnly));
  }

  /**
   * Sets how long a terminal operation may take; it is cancelled after that.
   *
   * @param limit how long; more than zero
   * @throws IllegalArgumentException if it is not more than zero
   */
  public PackageQuery timeout(Duration limit) {
    return with(values.terms.withTimeout(limit));
  }

  /** Sets who hears what is going on; the client's listener if this is not called. */
  public PackageQuery onProgress(ProgressListener listener) {
    return with(values.terms.withProgress(listener));
  }

  /**
   * Finds packages. Blocks. That nothing is found is no failure: the result is empty then, and has
   * names that look alike.
   *
   * @param specs match specs: a name, a name with {@code *} ({@code *torch*}), or with version,
   *     build, channel and so on; one at least
   * @throws io.jconda.InvalidSpecException if one cannot be read
   * @throws IllegalArgumentException if there is none
   */
  public SearchResult search(String... specs) {
    return searchAsync(specs).await();
  }

  /** Does what {@link #search} does, without waiting for it. */
  public Operation<SearchResult> searchAsync(String... specs) {
    if (specs.length == 0) {
      throw new IllegalArgumentException("Say what to search for; '*' is everything.");
    }
    return values.handler.search(this, Arrays.stream(specs).map(MatchSpec::parse).toList());
  }

  /**
   * Shows what a package needs, as a tree: one root for each platform and each name that the spec
   * means. Blocks.
   *
   * <p>The root is the best candidate: of the first channel that has the name, without
   * track_features, the highest version and build number, the latest. For each dependency it is
   * again the best that fulfils this dependency, and what else its package says of the name, unless
   * the tree has chosen one of that name before which fits: that one stays. So the tree shows what
   * a package asks for even where no set of packages fulfils all of it; {@link #solved} shows a set
   * that does.
   *
   * @param spec a match spec
   * @throws io.jconda.InvalidSpecException if it cannot be read
   * @throws io.jconda.PackageNotFoundException if nothing fits it
   * @throws io.jconda.UnsatisfiableException if it was to be solved and cannot be
   */
  public PackageTree depends(String spec) {
    return dependsAsync(spec).await();
  }

  /** Does what {@link #depends} does, without waiting for it. */
  public Operation<PackageTree> dependsAsync(String spec) {
    return values.handler.depends(this, MatchSpec.parse(spec));
  }

  /**
   * Shows which packages need one, as a tree with a root for each name that the spec means. Blocks,
   * and reads every record of the indexes.
   *
   * <p>A record counts if one of its dependencies accepts a record that the spec means; where there
   * is none of the name (a virtual package, or one that no channel has) every dependency on the
   * name counts. Of each package the records of its newest version are looked at; see {@link
   * #allRecords}. Optional dependencies (CEP-44) do not count.
   *
   * @param spec a match spec
   * @throws io.jconda.InvalidSpecException if it cannot be read
   * @throws io.jconda.PackageNotFoundException if nothing fits it and nothing depends on it
   */
  public PackageTree whoNeeds(String spec) {
    return whoNeedsAsync(spec).await();
  }

  /** Does what {@link #whoNeeds} does, without waiting for it. */
  public Operation<PackageTree> whoNeedsAsync(String spec) {
    return values.handler.whoNeeds(this, MatchSpec.parse(spec));
  }

  /** Returns the channels, highest priority first; empty for the client's. */
  public List<Channel> channels() {
    return values.terms.channels();
  }

  /** Returns the platforms; empty for the machine's own. */
  public List<Platform> platforms() {
    return values.platforms;
  }

  /** Returns the folder of the environment that is looked at; empty if channels are. */
  public Optional<Path> prefix() {
    return Optional.ofNullable(values.prefix);
  }

  /** Returns how many levels a tree has, if that was set. */
  public OptionalInt depth() {
    return values.depth == 0 ? OptionalInt.empty() : OptionalInt.of(values.depth);
  }

  /** Returns how many nodes a tree has at most. */
  public int limit() {
    return values.limit;
  }

  /** Tells whether a solve decides what the tree shows. */
  public boolean isSolved() {
    return values.solved;
  }

  /** Tells whether all records of a package are looked at. */
  public boolean looksAtAllRecords() {
    return values.allRecords;
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

  /** Returns where it looks, on one line. */
  @Override
  public String toString() {
    return values.prefix != null
        ? "PackageQuery[installed in " + values.prefix + "]"
        : "PackageQuery[channels=" + channels() + ", platforms=" + values.platforms + "]";
  }
}

package io.jconda.core.config;

import io.jconda.Configuration;
import io.jconda.core.config.Values.Item;
import io.jconda.solve.ChannelPriority;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spi.ClientOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what a client's options come to, resolved once: what code says wins over system properties,
 * those over the environment, that over files, and those over defaults. Immutable, no I/O.
 */
public final class Settings {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

  private final Path root;
  private final Channel alias;
  private final Map<String, String> overrides;
  private final Map<String, String> environment;
  private final Optional<Duration> indexLifetime;
  private final List<Channel> channels;
  private final boolean offline;
  private final Values values;
  private final ChannelNames names;
  private final Tls tls;
  private final List<MatchSpec> pins;
  private final List<Disallowed> disallowed;
  private final Optional<Platform> platform;
  private final List<Path> packageFolders;
  private final List<Path> environmentFolders;
  private final SettingsBuilder.Resolved resolved;

  Settings(SettingsBuilder.Resolved resolved) {
    this.resolved = resolved;
    this.root = resolved.root();
    this.environment = resolved.environment();
    this.overrides = resolved.overrides();
    this.values = resolved.values();
    ClientOptions options = resolved.options();
    this.alias = ChannelNames.alias(values);
    this.names = new ChannelNames(values, alias);
    List<Channel> configured = values.channels(Key.CHANNELS);
    this.channels =
        options.channels().orElse(configured.isEmpty() ? List.of(Channel.CONDA_FORGE) : configured);
    this.offline = options.offline().orElse(values.truth(Key.OFFLINE).orElse(false));
    this.indexLifetime =
        options.indexLifetime().isPresent()
            ? options.indexLifetime()
            : values.lifetime(Key.LOCAL_REPODATA_TTL);
    this.tls = Tls.of(values, resolved.surroundings());
    this.pins = values.read(Key.PINNED_PACKAGES, MatchSpec::parseLenient);
    this.disallowed = disallowed(values);
    this.platform = values.readOne(Key.SUBDIR, Platform::of);
    Set<Path> folders = new LinkedHashSet<>(options.packageFolders());
    folders.addAll(values.paths(Key.PKGS_DIRS, resolved.surroundings()));
    this.packageFolders = List.copyOf(folders);
    this.environmentFolders = values.paths(Key.ENVS_DIRS, resolved.surroundings());
    checkTheRest();
    for (String sentence : unheeded()) {
      LOG.warn(sentence);
    }
  }

  /** Starts from the running JVM's properties and environment. */
  public static SettingsBuilder builder() {
    return new SettingsBuilder();
  }

  /** What is read when it is asked for is read once here, so that a bad value shows at once. */
  private void checkTheRest() {
    for (Key key : values.said()) {
      switch (key.shape()) {
        case TRUTH -> values.truth(key);
        case COUNT -> values.count(key);
        case SECONDS -> values.seconds(key);
        case PRIORITY -> values.priority(key);
        default -> values.origin(key);
      }
    }
    values.platforms(Key.SUBDIRS);
    values.channels(Key.ALLOWLIST_CHANNELS);
    values.channels(Key.DENYLIST_CHANNELS);
    if (alwaysCopy() && values.truth(Key.ALWAYS_SOFTLINK).orElse(false)) {
      throw values.unfit(Key.ALWAYS_SOFTLINK, "It contradicts always_copy: keep one of them.");
    }
  }

  /** Returns what was said that nothing heeds, as sentences that say what happens instead. */
  List<String> unheeded() {
    List<String> sentences = new ArrayList<>();
    for (Key key : List.of(Key.ALWAYS_SOFTLINK, Key.ALLOW_SOFTLINKS)) {
      if (values.truth(key).orElse(false)) {
        // cleaning the cache would leave the links without what they lead to
        sentences.add(
            "%s: %s has no effect: files are linked hard, or copied where that cannot be."
                .formatted(values.origin(key), key.id()));
      }
    }
    List<Platform> subdirs = subdirs();
    if (!subdirs.isEmpty() && !Set.copyOf(subdirs).equals(Set.of(platform(), Platform.NOARCH))) {
      sentences.add(
          "%s: subdirs has no effect: a request's platform and noarch are searched."
              .formatted(values.origin(Key.SUBDIRS)));
    }
    return List.copyOf(sentences);
  }

  private static List<Disallowed> disallowed(Values values) {
    List<Disallowed> found = new ArrayList<>();
    for (Item item : values.items(Key.DISALLOWED_PACKAGES)) {
      found.add(
          new Disallowed(
              values.read(Key.DISALLOWED_PACKAGES, item, MatchSpec::parse),
              "disallowed_packages of " + item.raw().origin()));
    }
    return List.copyOf(found);
  }

  /** Returns the absolute folder that everything of JConda lies in; it may not exist yet. */
  public Path root() {
    return root;
  }

  /** Returns the folder of cached indexes, below {@link #root()}. */
  public Path indexFolder() {
    return root.resolve("index").resolve("v1");
  }

  /** Returns where channels that are known by name lie, with its secrets if it has any. */
  public Channel channelAlias() {
    return alias;
  }

  /** Returns the channels of requests that name none, the highest first; at least one. */
  public List<Channel> channels() {
    return channels;
  }

  /** Returns how the order of channels counts where a request does not say; empty for strictly. */
  public Optional<ChannelPriority> channelPriority() {
    return values.priority(Key.CHANNEL_PRIORITY);
  }

  /**
   * Returns the channels of this configuration that hold secrets, for transports: what is below
   * such a one by name or URL is asked for with them.
   */
  public List<Channel> channelsWithSecrets() {
    return names.withSecrets();
  }

  /**
   * Returns the variables {@code CONDA_OVERRIDE_*} by their whole names, empty values included
   * (CEP-30); none if the client does not read the environment.
   */
  public Map<String, String> overrides() {
    return overrides;
  }

  /**
   * Returns how long an index counts as fresh; empty means as long as its server says, and not at
   * all where it says nothing.
   */
  public Optional<Duration> indexLifetime() {
    return indexLifetime;
  }

  /** Returns whether shards are asked for where a channel has them. */
  public boolean useShards() {
    return values
        .truth(Key.REPODATA_USE_SHARDS)
        .orElse(values.truth(Key.USE_SHARDED_REPODATA).orElse(true));
  }

  /** Returns whether {@code repodata.json.zst} is asked for before {@code repodata.json}. */
  public boolean useZst() {
    return values.truth(Key.REPODATA_USE_ZST).orElse(true);
  }

  /** Returns whether only archives in the old form are wanted. */
  public boolean onlyTarBz2() {
    return values.truth(Key.USE_ONLY_TAR_BZ2).orElse(false);
  }

  /** Returns whether no request may use the network. */
  public boolean offline() {
    return offline;
  }

  /** Returns specs that restrict every request without asking. */
  public List<MatchSpec> pins() {
    return pins;
  }

  /**
   * Is what must not be installed.
   *
   * @param spec which packages
   * @param reason who says so
   */
  public record Disallowed(MatchSpec spec, String reason) {}

  /** Returns what must not be installed. */
  public List<Disallowed> disallowed() {
    return disallowed;
  }

  /** Returns whether Python asks for pip where a channel has it. */
  public boolean addPip() {
    return values.truth(Key.ADD_PIP_AS_PYTHON_DEPENDENCY).orElse(true);
  }

  /** Returns whether files are copied where a request does not say. */
  public boolean alwaysCopy() {
    return values.truth(Key.ALWAYS_COPY).orElse(false);
  }

  /** Returns whether a soft link may serve where a hard link cannot. */
  public boolean allowSoftlinks() {
    return values.truth(Key.ALLOW_SOFTLINKS).orElse(false);
  }

  /** Returns the platform of requests that name none. */
  public Platform platform() {
    return platform.isPresent() ? platform.get() : Platform.current();
  }

  /** Returns the subdirs that are wanted in the place of a platform's and noarch; mostly none. */
  public List<Platform> subdirs() {
    return values.platforms(Key.SUBDIRS);
  }

  /** Returns the read-only sources of packages: those of code, then conda's caches. */
  public List<Path> packageFolders() {
    return packageFolders;
  }

  /**
   * Returns the folders of named environments, absolute: those that are configured, then the
   * root's.
   */
  public List<Path> environmentFolders() {
    Path own = root.resolve("envs");
    Set<Path> folders = new LinkedHashSet<>(environmentFolders);
    folders.add(own);
    return List.copyOf(folders);
  }

  /**
   * Returns the proxies by what they serve, as {@code .condarc} writes it: {@code http}, {@code
   * https}, {@code all}, or {@code scheme://host}. A URL may hold a user and a password.
   */
  public Map<String, String> proxyServers() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Item> entry : values.map(Key.PROXY_SERVERS).entrySet()) {
      texts.put(entry.getKey(), entry.getValue().text());
    }
    return texts;
  }

  /** Returns whom to believe and how to show who one is. */
  public Tls tls() {
    return tls;
  }

  /** Returns how long connecting may take; empty if nothing is said. */
  public Optional<Duration> connectTimeout() {
    return duration(Key.REMOTE_CONNECT_TIMEOUT_SECS);
  }

  /** Returns how long a server may be silent; empty if nothing is said. */
  public Optional<Duration> readTimeout() {
    return duration(Key.REMOTE_READ_TIMEOUT_SECS);
  }

  private Optional<Duration> duration(Key key) {
    Optional<Double> seconds = values.seconds(key);
    return seconds.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(seconds.get() * 1000)));
  }

  /** Returns how often a request is tried again; empty if nothing is said. */
  public OptionalInt retries() {
    return optional(Key.REMOTE_MAX_RETRIES);
  }

  /** Returns what the pause before another try grows by, in seconds; empty if nothing is said. */
  public Optional<Double> backOffFactor() {
    return values.seconds(Key.REMOTE_BACKOFF_FACTOR);
  }

  /** Returns how many archives may be fetched at once; empty if nothing is said. */
  public OptionalInt fetchThreads() {
    return threads(Key.FETCH_THREADS);
  }

  /** Returns how many indexes may be fetched at once; empty if nothing is said. */
  public OptionalInt indexThreads() {
    return threads(Key.REPODATA_THREADS);
  }

  /** Zero leaves it to the default of all, as conda has it. */
  private OptionalInt threads(Key key) {
    OptionalInt own = optional(key);
    OptionalInt found = own.orElse(0) > 0 ? own : optional(Key.DEFAULT_THREADS);
    return found.orElse(0) > 0 ? found : OptionalInt.empty();
  }

  private OptionalInt optional(Key key) {
    Optional<Integer> count = values.count(key);
    return count.isEmpty() ? OptionalInt.empty() : OptionalInt.of(count.get());
  }

  /** Returns the mirrors of channels, by a channel's name or URL, in the order to try. */
  public Map<String, List<String>> mirrors() {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    for (Map.Entry<String, List<Item>> entry : values.lists(Key.MIRRORED_CHANNELS).entrySet()) {
      texts.put(entry.getKey(), entry.getValue().stream().map(Item::text).toList());
    }
    return texts;
  }

  /** Returns the environment's variables; none for a client that does not read them. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Returns what the settings are and where they came from. */
  public Configuration configuration() {
    return Explanation.of(resolved, this);
  }

  /**
   * Returns the channels that one stands for, by their canonical names: several for {@code
   * defaults} and other multichannels, else the channel itself.
   *
   * @param channel a channel as it was asked for
   * @param platform the platform that packages are wanted for
   * @throws io.jconda.ChannelException if one is on the list of denied channels, or there is a list
   *     of allowed ones and it is not on it
   */
  public List<Channel> expand(Channel channel, Platform platform) {
    return names.expand(channel, platform);
  }

  /**
   * Returns the URL of a channel, without secrets and without a slash at its end.
   *
   * @param channel a channel that is not embedded
   * @throws IllegalArgumentException if the channel is the embedded one, which has no URL
   */
  public URI channelUrl(Channel channel) {
    if (channel.isEmbedded()) {
      throw new IllegalArgumentException("The embedded channel has no URL until it is made.");
    }
    return names.url(channel);
  }

  /** Returns where everything lies, and nothing else. */
  @Override
  public String toString() {
    return "Settings[" + root + "]";
  }
}

package io.jconda;

import io.jconda.build.MirrorRequest;
import io.jconda.cache.PackageStore;
import io.jconda.progress.ProgressListener;
import io.jconda.query.PackageQuery;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.SolveResult;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.CondaProvider;
import io.jconda.spi.NetworkOptions;
import java.net.Authenticator;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * Owns what JConda works with: connections, threads, a package cache and the folder of named
 * environments.
 *
 * <p>Expensive to make and cheap to share: an application has one. Thread-safe. {@link #close()}
 * cancels what is under way, waits for it, and leaves no thread behind; a client that was derived
 * with {@link #newBuilder()} shares the connections and threads of its origin, which end with the
 * last of them.
 */
public interface CondaClient extends AutoCloseable {
  /**
   * Starts a client that reads nothing of its user's machine but the root: no {@code .condarc}, no
   * {@code CONDA_*} variables, and that writes no {@code ~/.conda/environments.txt}.
   */
  static Builder builder() {
    return new Builder(ClientOptions.DEFAULTS);
  }

  /** Makes a client with the defaults of {@link #builder()}. */
  static CondaClient create() {
    return builder().build();
  }

  /**
   * Begins a request for a named environment; touches no network, and no disk unless {@code
   * envs_dirs} names folders, in which the name is then looked for.
   *
   * @param name the environment's name, a plain file name
   * @throws InvalidNameException if the name is not allowed: empty, reserved ({@code base}, {@code
   *     root}), or with one of {@code / \ : #} or a blank in it
   */
  @CheckReturnValue
  EnvironmentRequest env(String name);

  /**
   * Begins a request for an environment in a folder of the caller's choice; touches neither disk
   * nor network.
   *
   * @param prefix the environment's folder; made absolute
   */
  @CheckReturnValue
  EnvironmentRequest env(Path prefix);

  /**
   * Lists the environments under the root and, if the client registers environments, those that
   * {@code ~/.conda/environments.txt} names and that exist, by prefix. Reads the disk.
   *
   * @throws StorageException if the root cannot be read
   */
  List<Environment> environments();

  /**
   * Does what a plan says, and blocks until it is done.
   *
   * @param plan a plan of this or another client of the same machine
   * @return the environment, whose {@link Environment#report()} tells what was done
   * @throws InstallException if the environment changed since the plan was made, or cannot take a
   *     package
   * @throws EnvironmentExistsException if the plan makes an environment that is there by now
   * @throws EnvironmentBusyException if another process is changing the environment for longer than
   *     the time allowed
   * @throws ChannelException if an archive cannot be fetched
   * @throws IntegrityException if an archive is not what its record says
   * @throws StorageException if the disk refuses
   * @throws OperationCancelledException if the waiting thread was interrupted
   */
  Environment apply(Plan plan);

  /** Does what {@link #apply(Plan)} does, without waiting for it. */
  Operation<Environment> applyAsync(Plan plan);

  /**
   * Solves what {@link EnvironmentRequest#saveProblem(Path, String...)} wrote to a file, with what
   * the file holds and nothing else: no channel, no environment, no property of this machine. The
   * same file gives the same answer everywhere. Computes on the client's threads and blocks until
   * it is done; nothing is installed.
   *
   * @param file the file
   * @throws UnsatisfiableException if nothing fulfils what is asked for
   * @throws PackageNotFoundException if the name of a spec exists nowhere
   * @throws StorageException if the file cannot be read
   * @throws CondaException if it is no such file, is torn, or is of a newer version
   * @throws OperationCancelledException if the waiting thread was interrupted
   */
  SolveResult replay(Path file);

  /** Does what {@link #replay(Path)} does, without waiting for it. */
  Operation<SolveResult> replayAsync(Path file);

  /** Returns what takes care of the package cache under this client's root; touches no disk. */
  PackageStore cache();

  /**
   * Begins a request to copy packages from channels to a folder that is a channel itself; touches
   * neither disk nor network.
   *
   * @param folder where to copy to; made absolute
   */
  @CheckReturnValue
  MirrorRequest mirror(Path folder);

  /** Begins a query about packages; touches neither disk nor network. */
  @CheckReturnValue
  PackageQuery query();

  /**
   * Returns what this client works with: versions, folders, platform, virtual packages. Reads the
   * machine once.
   */
  ClientInfo info();

  /**
   * Returns this client's settings and where each of them came from. Settings are resolved when a
   * client is made: code wins over system properties, those over the environment, that over files,
   * and those over defaults. No I/O.
   */
  Configuration explain();

  /** Starts a client that begins with this one's options and shares its connections and threads. */
  @CheckReturnValue
  Builder newBuilder();

  /**
   * Cancels what is under way, waits until it is undone, and frees connections and threads.
   * Idempotent.
   */
  @Override
  void close();

  /** Collects the options of a client. Not safe to share between threads. */
  final class Builder {
    private final ClientOptions.Builder options;

    private Builder(ClientOptions options) {
      this.options = options.toBuilder();
    }

    /**
     * Starts from given options; for implementations of {@link CondaClient#newBuilder()}.
     *
     * @param options what to begin with
     */
    public static Builder from(ClientOptions options) {
      return new Builder(options);
    }

    /**
     * Sets the folder under which the package cache, indexes and named environments lie. Without
     * it, it is the system property {@code jconda.root}, else the environment variable {@code
     * JCONDA_ROOT}, else {@code ~/.jconda}.
     *
     * @param root the folder; made when it is first needed
     */
    public Builder root(Path root) {
      options.root(root.toAbsolutePath().normalize());
      return this;
    }

    /**
     * Sets the channels of requests that name none, highest priority first; conda-forge if this is
     * not called.
     *
     * @param channels names, URLs or folders, as for {@link Channel#of(String)}
     */
    public Builder channels(String... channels) {
      return channels(Arrays.stream(channels).map(Channel::of).toArray(Channel[]::new));
    }

    /** Sets the channels of requests that name none, highest priority first. */
    public Builder channels(Channel... channels) {
      options.channels(List.of(channels));
      return this;
    }

    /**
     * Sets whether every request of the client is offline; see {@link
     * EnvironmentRequest#offline(boolean)}.
     */
    public Builder offline(boolean offline) {
      options.offline(offline);
      return this;
    }

    /**
     * Sets whether conda's variables are honoured ({@code CONDA_OVERRIDE_*}, and {@code CONDA_KEY}
     * for each key of {@code .condarc}), and JConda's own: {@code JCONDA_KEY}, and the system
     * property {@code jconda.key}, which win over conda's. They are not if this is not called.
     */
    public Builder readEnvironment(boolean read) {
      options.readEnvironment(read);
      return this;
    }

    /**
     * Sets whether the {@code .condarc} files of conda's search path are read. They are not if this
     * is not called. Variables in their values are replaced, as conda does; {@link
     * #readEnvironment} is another matter.
     */
    public Builder readConfiguration(boolean read) {
      options.readConfiguration(read);
      return this;
    }

    /**
     * Names files to read, in the form of {@code .condarc}, whatever they are called. They win over
     * those of the search path, and each over those before it.
     *
     * @param files the files, which must exist when the client is made
     */
    public Builder configurationFiles(Path... files) {
      options.configurationFiles(
          Arrays.stream(files).map(file -> file.toAbsolutePath().normalize()).toList());
      return this;
    }

    /**
     * Sets a key of {@code .condarc} in code, which stands for what files, variables and properties
     * say of it; of a map, for those names only.
     *
     * @param key the key, such as {@code remote_max_retries}
     * @param values its value, the elements of a list, or {@code name=value} for those of a map,
     *     where a value that is a list has blanks between its elements
     */
    public Builder setting(String key, String... values) {
      options.setting(key, List.of(values));
      return this;
    }

    /**
     * Sets where channels lie that are known by their name alone.
     *
     * @param url the URL of a server or a folder of it, such as {@code
     *     https://mirror.example/conda}
     */
    public Builder channelAlias(String url) {
      return setting("channel_alias", url);
    }

    /**
     * Says where a channel lies, and those whose names begin with its name and a slash.
     *
     * @param name the channel's name, such as {@code internal}
     * @param location where it lies, without its name: {@code https://conda.example} for {@code
     *     https://conda.example/internal}
     */
    public Builder customChannel(String name, String location) {
      options.addSetting("custom_channels", name + "=" + location);
      return this;
    }

    /**
     * Gives several channels one name.
     *
     * @param name the name
     * @param channels names, URLs or folders, highest priority first
     */
    public Builder multichannel(String name, String... channels) {
      options.addSetting("custom_multichannels", name + "=" + String.join(" ", channels));
      return this;
    }

    /** Sets the channels that {@code defaults} stands for, highest priority first. */
    public Builder defaultChannels(String... channels) {
      return setting("default_channels", channels);
    }

    /** Sets how the order of channels counts for requests that do not say. */
    public Builder channelPriority(ChannelPriority priority) {
      return setting("channel_priority", priority.name().toLowerCase(Locale.ROOT));
    }

    /** Sets the platform of requests that name none; the machine's own if this is not called. */
    public Builder platform(Platform platform) {
      return setting("subdir", platform.subdir());
    }

    /** Restricts packages in every request without asking for them. */
    public Builder pin(String... specs) {
      return setting("pinned_packages", specs);
    }

    /**
     * Sets where named environments lie, beside the root's own folder: a name is looked for in all
     * of them, in this order, and a new environment is made in the first that can be written.
     */
    public Builder environmentFolders(Path... folders) {
      return setting(
          "envs_dirs", Arrays.stream(folders).map(Path::toString).toArray(String[]::new));
    }

    /**
     * Sets how long an index counts as fresh, whatever its server says; zero asks the server each
     * time.
     */
    public Builder indexLifetime(Duration lifetime) {
      options.indexLifetime(lifetime);
      return this;
    }

    /**
     * Sets whether environments are noted in, and listed from, {@code ~/.conda/environments.txt},
     * as conda does.
     */
    public Builder registerEnvironments(boolean register) {
      options.registerEnvironments(register);
      return this;
    }

    /**
     * Sets whether the archives of packages stay in the package cache beside their files, so that a
     * damaged file can be restored without the network; they are dropped unless this is called.
     */
    public Builder keepArchives(boolean keep) {
      options.keepArchives(keep);
      return this;
    }

    /**
     * Sets further folders where packages may lie, the best first, that are only read: roots of
     * JConda, whose packages are used in place, and {@code pkgs} folders of conda, mamba or pixi,
     * whose archives and extracted packages are copied if they are what is wanted. If the client's
     * own root cannot be written, new packages go into the first of these roots that can.
     *
     * @param folders the folders; those that do not exist do no harm
     */
    public Builder packageFolders(Path... folders) {
      options.packageFolders(List.of(folders));
      return this;
    }

    /**
     * Adds a credential for a server or a part of it; see {@link Credential}. A place that makes no
     * sense fails at {@link #build()}.
     */
    public Builder credential(Credential credential) {
      return network(network -> network.credential(credential));
    }

    /**
     * Sets where a channel is asked for instead, in that order; see {@link
     * NetworkOptions.Builder#mirror}.
     *
     * @param channel the channel's name or URL
     * @param mirrors URLs or folders
     */
    public Builder mirror(String channel, String... mirrors) {
      return network(network -> network.mirror(channel, mirrors));
    }

    /**
     * Sets who chooses proxies, above the JVM's and conda's settings; called on the client's
     * threads.
     */
    public Builder proxySelector(ProxySelector selector) {
      return network(network -> network.proxySelector(selector));
    }

    /**
     * Sets who is asked for a user and password when a server or a proxy wants one by basic
     * authentication and no credential says it; called on the client's threads.
     */
    public Builder authenticator(Authenticator authenticator) {
      return network(network -> network.authenticator(authenticator));
    }

    /** Sets what makes TLS connections, above all settings about certificates. */
    public Builder sslContext(SSLContext context) {
      return network(network -> network.sslContext(context));
    }

    /** Adds a header for every server that is asked; redirects to other servers lose it. */
    public Builder header(String name, String value) {
      return network(network -> network.header(name, value));
    }

    /**
     * Sets who says what headers a URL gets, for redirects too: it decides where secrets go.
     *
     * @param source gets the URL without secrets; called on the client's threads
     */
    public Builder headers(Function<URI, Map<String, String>> source) {
      return network(network -> network.headers(source));
    }

    /**
     * Sets what else concerns connections: time limits, certificates, files of credentials.
     *
     * <p>A client that is derived from another one shares its connections as long as both say the
     * same about the network; else it has connections of its own and shares the threads.
     *
     * <pre>{@code
     * builder.network(network -> network.readTimeout(Duration.ofSeconds(20)).retries(5));
     * }</pre>
     *
     * @param change changes the options, which begin as they stand; called at once
     */
    public Builder network(UnaryOperator<NetworkOptions.Builder> change) {
      options.network(change.apply(options.network().toBuilder()).build());
      return this;
    }

    /** Sets who hears the progress of requests that name no listener. */
    public Builder onProgress(ProgressListener listener) {
      options.progress(listener);
      return this;
    }

    /**
     * Makes the client. Touches no network, and no disk unless configuration is to be read.
     *
     * @throws ConfigurationException if a setting cannot be used
     * @throws CondaException if {@code jconda-core} is not on the class path or module path, or an
     *     option makes no sense
     */
    public CondaClient build() {
      return CondaProvider.load().newClient(options.build());
    }
  }
}

package io.jconda.spi;

import io.jconda.CondaClient;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds the options of a client, as {@link CondaClient.Builder} collected them. Immutable. */
public final class ClientOptions {
  /** What a client has of which nothing is said. */
  public static final ClientOptions DEFAULTS = new Builder().build();

  private final @Nullable Path root;
  private final @Nullable List<Channel> channels;
  private final @Nullable Boolean offline;
  private final @Nullable Duration indexLifetime;
  private final Map<String, List<String>> settings;
  private final boolean readConfiguration;
  private final List<Path> configurationFiles;
  private final boolean readEnvironment;
  private final boolean registerEnvironments;
  private final NetworkOptions network;
  private final boolean keepArchives;
  private final List<Path> packageFolders;
  private final ProgressListener progress;
  private final @Nullable CondaClient origin;
  private final boolean permanent;

  private ClientOptions(Builder builder) {
    this.root = builder.root;
    this.channels = builder.channels;
    this.offline = builder.offline;
    this.indexLifetime = builder.indexLifetime;
    this.settings = Map.copyOf(builder.settings);
    this.readConfiguration = builder.readConfiguration;
    this.configurationFiles = builder.configurationFiles;
    this.readEnvironment = builder.readEnvironment;
    this.registerEnvironments = builder.registerEnvironments;
    this.network = builder.network;
    this.keepArchives = builder.keepArchives;
    this.packageFolders = builder.packageFolders;
    this.progress = builder.progress;
    this.origin = builder.origin;
    this.permanent = builder.permanent;
  }

  /** Starts other options from these. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.root = root;
    builder.channels = channels;
    builder.offline = offline;
    builder.indexLifetime = indexLifetime;
    builder.settings.putAll(settings);
    builder.readConfiguration = readConfiguration;
    builder.configurationFiles = configurationFiles;
    builder.readEnvironment = readEnvironment;
    builder.registerEnvironments = registerEnvironments;
    builder.network = network;
    builder.keepArchives = keepArchives;
    builder.packageFolders = packageFolders;
    builder.progress = progress;
    builder.origin = origin;
    builder.permanent = permanent;
    return builder;
  }

  /** Returns where everything lies; empty for the default. */
  public Optional<Path> root() {
    return Optional.ofNullable(root);
  }

  /** Returns the channels of requests that name none; empty if nothing is said. */
  public Optional<List<Channel>> channels() {
    return Optional.ofNullable(channels);
  }

  /** Returns whether no request may use the network; empty if nothing is said. */
  public Optional<Boolean> offline() {
    return Optional.ofNullable(offline);
  }

  /** Returns how long an index counts as fresh; empty if nothing is said. */
  public Optional<Duration> indexLifetime() {
    return Optional.ofNullable(indexLifetime);
  }

  /**
   * Returns what is said of keys of {@code .condarc}: one value, the elements of a list, or {@code
   * name=value} for those of a map.
   */
  public Map<String, List<String>> settings() {
    return settings;
  }

  /** Returns whether {@code .condarc} files are read. */
  public boolean readConfiguration() {
    return readConfiguration;
  }

  /** Returns the files that are read beside those, the strongest last. */
  public List<Path> configurationFiles() {
    return configurationFiles;
  }

  /** Returns whether {@code CONDA_*} and {@code JCONDA_*} variables are honoured. */
  public boolean readEnvironment() {
    return readEnvironment;
  }

  /** Returns whether {@code ~/.conda/environments.txt} is kept. */
  public boolean registerEnvironments() {
    return registerEnvironments;
  }

  /** Returns what concerns connections. */
  public NetworkOptions network() {
    return network;
  }

  /** Returns whether archives stay in the package cache. */
  public boolean keepArchives() {
    return keepArchives;
  }

  /** Returns further folders where packages may lie, the best first. */
  public List<Path> packageFolders() {
    return packageFolders;
  }

  /** Returns who hears of requests that name no listener. */
  public ProgressListener progress() {
    return progress;
  }

  /** Returns the client whose connections and threads are shared; empty for new ones. */
  public Optional<CondaClient> origin() {
    return Optional.ofNullable(origin);
  }

  /**
   * Returns whether closing the client has no effect, as for the one that {@link io.jconda.Conda}
   * shares.
   */
  public boolean permanent() {
    return permanent;
  }

  /** Collects options. Not safe to share between threads. */
  public static final class Builder {
    private @Nullable Path root;
    private @Nullable List<Channel> channels;
    private @Nullable Boolean offline;
    private @Nullable Duration indexLifetime;
    private final Map<String, List<String>> settings = new HashMap<>();
    private boolean readConfiguration;
    private List<Path> configurationFiles = List.of();
    private boolean readEnvironment;
    private boolean registerEnvironments;
    private NetworkOptions network = NetworkOptions.DEFAULTS;
    private boolean keepArchives;
    private List<Path> packageFolders = List.of();
    private ProgressListener progress = event -> {};
    private @Nullable CondaClient origin;
    private boolean permanent;

    private Builder() {}

    /** Sets {@link ClientOptions#root()}. */
    public Builder root(Path root) {
      this.root = root;
      return this;
    }

    /** Sets {@link ClientOptions#channels()}. */
    public Builder channels(List<Channel> channels) {
      this.channels = List.copyOf(channels);
      return this;
    }

    /** Sets {@link ClientOptions#offline()}. */
    public Builder offline(boolean offline) {
      this.offline = offline;
      return this;
    }

    /** Sets {@link ClientOptions#indexLifetime()}. */
    public Builder indexLifetime(Duration indexLifetime) {
      this.indexLifetime = indexLifetime;
      return this;
    }

    /** Sets what is said of a key, in the place of what was. */
    public Builder setting(String key, List<String> values) {
      settings.put(key, List.copyOf(values));
      return this;
    }

    /** Adds to what is said of a key. */
    public Builder addSetting(String key, String value) {
      List<String> values = new ArrayList<>(settings.getOrDefault(key, List.of()));
      values.add(value);
      return setting(key, values);
    }

    /** Sets {@link ClientOptions#readConfiguration()}. */
    public Builder readConfiguration(boolean readConfiguration) {
      this.readConfiguration = readConfiguration;
      return this;
    }

    /** Sets {@link ClientOptions#configurationFiles()}. */
    public Builder configurationFiles(List<Path> files) {
      this.configurationFiles = List.copyOf(files);
      return this;
    }

    /** Sets {@link ClientOptions#readEnvironment()}. */
    public Builder readEnvironment(boolean readEnvironment) {
      this.readEnvironment = readEnvironment;
      return this;
    }

    /** Sets {@link ClientOptions#registerEnvironments()}. */
    public Builder registerEnvironments(boolean registerEnvironments) {
      this.registerEnvironments = registerEnvironments;
      return this;
    }

    /** Sets {@link ClientOptions#network()}. */
    public Builder network(NetworkOptions network) {
      this.network = network;
      return this;
    }

    /** Returns {@link ClientOptions#network()} as it stands, to begin another from it. */
    public NetworkOptions network() {
      return network;
    }

    /** Sets {@link ClientOptions#keepArchives()}. */
    public Builder keepArchives(boolean keepArchives) {
      this.keepArchives = keepArchives;
      return this;
    }

    /** Sets {@link ClientOptions#packageFolders()}. */
    public Builder packageFolders(List<Path> packageFolders) {
      this.packageFolders = List.copyOf(packageFolders);
      return this;
    }

    /** Sets {@link ClientOptions#progress()}. */
    public Builder progress(ProgressListener progress) {
      this.progress = progress;
      return this;
    }

    /** Sets {@link ClientOptions#origin()}; a client that is derived can be closed. */
    public Builder origin(CondaClient origin) {
      this.origin = origin;
      this.permanent = false;
      return this;
    }

    /** Sets {@link ClientOptions#permanent()}. */
    public Builder permanent(boolean permanent) {
      this.permanent = permanent;
      return this;
    }

    /** Returns the options. */
    public ClientOptions build() {
      return new ClientOptions(this);
    }
  }
}

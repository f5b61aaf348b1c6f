package io.jconda.core.config;

import io.jconda.CondaException;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a client's options come to, resolved once: what code says wins over system properties,
 * those over the environment, and that over defaults. Immutable.
 */
public final class Settings {
  private static final String DEFAULT_ALIAS = "https://conda.anaconda.org";
  // conda: base/context.py, custom_channels and default_channels
  private static final String PKGS_HOST = "https://repo.anaconda.com/";
  private static final String PKGS = "pkgs/";
  private static final String DEFAULTS = "defaults";
  private static final String OVERRIDE = "CONDA_OVERRIDE_";

  private final Path root;
  private final Channel alias;
  private final Map<String, String> overrides;
  private final @Nullable Duration indexLifetime;
  private final Map<String, String> environment;

  private Settings(Builder builder) {
    this.root = builder.resolveRoot();
    this.alias = builder.resolveAlias();
    this.overrides = builder.resolveOverrides();
    this.indexLifetime = builder.indexLifetime;
    this.environment = builder.readEnvironment ? builder.environment : Map.of();
  }

  /** Starts from the running JVM's properties and environment. */
  public static Builder builder() {
    return new Builder();
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
    return Optional.ofNullable(indexLifetime);
  }

  /** Returns whether shards are asked for where a channel has them. */
  public boolean useShards() {
    return true;
  }

  /** Returns whether {@code repodata.json.zst} is asked for before {@code repodata.json}. */
  public boolean useZst() {
    return true;
  }

  /** Returns whether no request may use the network. */
  public boolean offline() {
    return false;
  }

  /**
   * Returns the proxies by what they serve, as {@code .condarc} writes it: {@code http}, {@code
   * https}, {@code all}, or {@code scheme://host}. A URL may hold a user and a password.
   */
  public Map<String, String> proxyServers() {
    return Map.of();
  }

  /** Returns whom to believe and how to show who one is. */
  public Tls tls() {
    return Tls.DEFAULT;
  }

  /** Returns how long connecting may take; empty if nothing is said. */
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  /** Returns how long a server may be silent; empty if nothing is said. */
  public Optional<Duration> readTimeout() {
    return Optional.empty();
  }

  /** Returns how often a request is tried again; empty if nothing is said. */
  public OptionalInt retries() {
    return OptionalInt.empty();
  }

  /** Returns what the pause before another try grows by, in seconds; empty if nothing is said. */
  public Optional<Double> backOffFactor() {
    return Optional.empty();
  }

  /** Returns the mirrors of channels, by a channel's name or URL, in the order to try. */
  public Map<String, List<String>> mirrors() {
    return Map.of();
  }

  /** Returns the environment's variables; none for a client that does not read them. */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * Returns the channels that a name stands for: several for {@code defaults}, else the channel.
   *
   * @param channel a channel as it was asked for
   * @param platform the platform that packages are wanted for
   */
  public List<Channel> expand(Channel channel, Platform platform) {
    if (!channel.name().equals(DEFAULTS)) {
      return List.of(channel);
    }
    Channel main = Channel.of(PKGS + "main");
    Channel r = Channel.of(PKGS + "r");
    return platform.isWindows() ? List.of(main, r, Channel.of(PKGS + "msys2")) : List.of(main, r);
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
    return channel.url().orElseGet(() -> named(channel.name()));
  }

  private URI named(String name) {
    return URI.create(
        name.startsWith(PKGS) ? PKGS_HOST + name : alias.url().orElseThrow() + "/" + name);
  }

  /** Collects where settings come from. Not safe to share between threads. */
  public static final class Builder {
    private @Nullable Path root;
    private @Nullable Duration indexLifetime;
    private boolean readEnvironment;
    private Map<String, String> environment = System.getenv();

    private Builder() {}

    /**
     * Sets the root; without it, it is the system property {@code jconda.root}, else the variable
     * {@code JCONDA_ROOT}, else {@code ~/.jconda}.
     */
    public Builder root(Path root) {
      this.root = root;
      return this;
    }

    /** Sets how long an index counts as fresh, whatever its server says. */
    public Builder indexLifetime(Duration indexLifetime) {
      this.indexLifetime = indexLifetime;
      return this;
    }

    /** Sets whether conda's own variables count; JConda's always do. */
    public Builder readEnvironment(boolean readEnvironment) {
      this.readEnvironment = readEnvironment;
      return this;
    }

    /** Sets the environment to read instead of the JVM's. */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /**
     * Resolves the settings.
     *
     * @throws CondaException if a variable holds something that cannot be used
     */
    public Settings build() {
      return new Settings(this);
    }

    private Path resolveRoot() {
      if (root != null) {
        return root.toAbsolutePath().normalize();
      }
      Path home = Path.of(System.getProperty("user.home"));
      String text = System.getProperty("jconda.root", "");
      if (text.isBlank()) {
        text = environment.getOrDefault("JCONDA_ROOT", "");
      }
      if (text.isBlank()) {
        return home.resolve(".jconda").toAbsolutePath().normalize();
      }
      Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
      return path.toAbsolutePath().normalize();
    }

    private Channel resolveAlias() {
      String text = readEnvironment ? environment.getOrDefault("CONDA_CHANNEL_ALIAS", "") : "";
      try {
        Channel channel = Channel.of(text.isBlank() ? DEFAULT_ALIAS : text);
        if (channel.url().isPresent()) {
          return channel;
        }
        throw new IllegalArgumentException("It is a name.");
      } catch (IllegalArgumentException e) {
        throw new CondaException(
            "The environment variable CONDA_CHANNEL_ALIAS holds no URL of a server or folder.",
            "Set it to something like %s, or unset it.".formatted(DEFAULT_ALIAS),
            e);
      }
    }

    private Map<String, String> resolveOverrides() {
      Map<String, String> found = new TreeMap<>();
      if (readEnvironment) {
        environment.forEach(
            (name, value) -> {
              if (name.startsWith(OVERRIDE)) {
                found.put(name, value);
              }
            });
      }
      return Map.copyOf(found);
    }
  }
}

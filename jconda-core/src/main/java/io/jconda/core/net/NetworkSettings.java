package io.jconda.core.net;

import io.jconda.Credential;
import java.net.Authenticator;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says how a {@link Network} behaves. Immutable; two are equal if all they hold is, so that clients
 * with equal settings can share connections.
 */
public final class NetworkSettings {
  private final Builder values;
  private final List<Object> identity;

  private NetworkSettings(Builder values) {
    this.values = values;
    this.identity = values.identity();
  }

  /** Returns what holds unless something else is said. */
  public static NetworkSettings defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Tells whether http and https are forbidden; folders can be read all the same. */
  public boolean offline() {
    return values.offline;
  }

  /** Returns how long a connection may take, and how long the other side may be silent in TLS. */
  public Duration connectTimeout() {
    return values.connectTimeout;
  }

  /** Returns how long a server may be silent within an answer. */
  public Duration readTimeout() {
    return values.readTimeout;
  }

  /** Returns how long everything up to the whole head of an answer may take. */
  Duration headTimeout() {
    return connectTimeout().multipliedBy(2).plus(readTimeout());
  }

  /** Returns how often a request is repeated after it failed. */
  public int retries() {
    return values.retries;
  }

  /** Returns the wait before the first repetition, give or take a half; each next is twice it. */
  public Duration backOff() {
    return values.backOff;
  }

  /** Returns the longest wait before a repetition, whatever the server asks for. */
  public Duration longestWait() {
    return values.longestWait;
  }

  /** Returns how many bytes a second a body must bring, measured over {@link #speedWindow()}. */
  public long lowestSpeed() {
    return values.lowestSpeed;
  }

  /** Returns over how much waiting the speed of a body is measured. */
  public Duration speedWindow() {
    return values.speedWindow;
  }

  /** Returns how many requests to one server are under way at once. */
  public int requestsPerHost() {
    return values.requestsPerHost;
  }

  /** Returns credentials beside those that channels bring along. */
  List<Credential> credentials() {
    return List.copyOf(values.credentials);
  }

  /** Returns the files with credentials, in the order in which they count. */
  List<CredentialSource> credentialSources() {
    return List.copyOf(values.credentialSources);
  }

  /** Returns where channels are asked for instead. */
  Map<URI, List<URI>> mirrors() {
    return Map.copyOf(values.mirrors);
  }

  /** Returns whom to trust over https. */
  TlsOptions tls() {
    return values.tls;
  }

  /** Returns the application's own proxy selector. */
  Optional<ProxySelector> proxySelector() {
    return Optional.ofNullable(values.proxySelector);
  }

  /** Returns the proxies of the configuration and the environment. */
  ProxyRules proxyRules() {
    return new ProxyRules(values.proxyServers, values.environment);
  }

  /** Returns who is asked when a server or a proxy wants a password. */
  Optional<Authenticator> authenticator() {
    return Optional.ofNullable(values.authenticator);
  }

  /** Returns headers for the servers that are asked, but not for those that they lead to. */
  Map<String, String> headers() {
    return Map.copyOf(values.headers);
  }

  /** Returns who says what headers a URL gets, wherever it comes from. */
  Optional<Function<URI, Map<String, String>>> headersByUri() {
    return Optional.ofNullable(values.headersByUri);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkSettings settings && settings.identity.equals(identity);
  }

  /** Hashes plain values only: for a record's own hash code a JVM makes a good many classes. */
  @Override
  public int hashCode() {
    return Objects.hash(offline(), connectTimeout(), readTimeout(), retries(), requestsPerHost());
  }

  /** Collects settings. Not safe to share between threads. */
  public static final class Builder {
    private boolean offline;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration readTimeout = Duration.ofSeconds(60);
    private int retries = 3;
    private Duration backOff = Duration.ofMillis(500);
    private Duration longestWait = Duration.ofSeconds(30);
    private long lowestSpeed = 1000;
    private Duration speedWindow = Duration.ofSeconds(30);
    private int requestsPerHost = 16;
    private final List<Credential> credentials = new ArrayList<>();
    private final List<CredentialSource> credentialSources = new ArrayList<>();
    private final Map<URI, List<URI>> mirrors = new LinkedHashMap<>();
    private TlsOptions tls = TlsOptions.JVM;
    private @Nullable ProxySelector proxySelector;
    private Map<String, String> proxyServers = Map.of();
    private Map<String, String> environment = Map.of();
    private @Nullable Authenticator authenticator;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable Function<URI, Map<String, String>> headersByUri;

    private Builder() {}

    /** Forbids or allows http and https; allowed by default. */
    public Builder offline(boolean offline) {
      this.offline = offline;
      return this;
    }

    /** Sets how long a connection may take to come about; 10 seconds by default. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = positive(connectTimeout);
      return this;
    }

    /** Sets how long a server may be silent within an answer; a minute by default. */
    public Builder readTimeout(Duration readTimeout) {
      this.readTimeout = positive(readTimeout);
      return this;
    }

    /**
     * Sets how often a request is repeated after it failed; 3 by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder retries(int retries) {
      if (retries < 0) {
        throw new IllegalArgumentException("There cannot be " + retries + " retries.");
      }
      this.retries = retries;
      return this;
    }

    /** Sets the wait before the first repetition; half a second by default. */
    public Builder backOff(Duration backOff) {
      this.backOff = positive(backOff);
      return this;
    }

    /** Sets the longest wait before a repetition; half a minute by default. */
    public Builder longestWait(Duration longestWait) {
      this.longestWait = positive(longestWait);
      return this;
    }

    /**
     * Sets how many bytes a second a body must bring; 1,000 over 30 seconds by default. What is
     * slower breaks off.
     *
     * @param lowestSpeed the rate; 0 for any
     * @param window over how much waiting it is measured
     */
    public Builder lowestSpeed(long lowestSpeed, Duration window) {
      this.lowestSpeed = lowestSpeed;
      this.speedWindow = positive(window);
      return this;
    }

    /**
     * Sets how many requests to one server are under way at once; 16 by default.
     *
     * @throws IllegalArgumentException if it is less than one
     */
    public Builder requestsPerHost(int requestsPerHost) {
      if (requestsPerHost < 1) {
        throw new IllegalArgumentException("Nothing would ever be asked for.");
      }
      this.requestsPerHost = requestsPerHost;
      return this;
    }

    /**
     * Adds a credential.
     *
     * @throws IllegalArgumentException if its place makes no sense
     */
    public Builder credential(Credential credential) {
      CredentialScope.of(credential.where());
      credentials.add(credential);
      return this;
    }

    /**
     * Adds a file of credentials, behind those that are there; it is read when a request needs it.
     *
     * @param required whether its absence is an error
     */
    public Builder credentialsFile(Path file, boolean required) {
      credentialSources.add(
          new CredentialSource(
              file,
              required
                  ? CredentialSource.Kind.REQUIRED_JSON
                  : CredentialSource.Kind.OPTIONAL_JSON));
      return this;
    }

    /**
     * Adds a user's netrc file, behind the sources that are there; it may be absent.
     *
     * @param environment the environment, whose {@code NETRC} names it
     * @param home the user's home
     * @param windows whether this is Windows
     */
    public Builder netrc(Map<String, String> environment, Path home, boolean windows) {
      return netrc(Netrc.locate(environment, home, windows));
    }

    Builder netrc(Path file) {
      credentialSources.add(new CredentialSource(file, CredentialSource.Kind.NETRC));
      return this;
    }

    /** Sets where what lies below a URL is asked for instead, in that order. */
    public Builder mirrors(URI channel, List<URI> instead) {
      mirrors.put(channel, List.copyOf(instead));
      return this;
    }

    /** Sets whom to trust over https; the JVM's authorities by default. */
    public Builder tls(TlsOptions tls) {
      this.tls = tls;
      return this;
    }

    /** Sets who chooses proxies, above everything else. */
    public Builder proxySelector(ProxySelector proxySelector) {
      this.proxySelector = proxySelector;
      return this;
    }

    /** Sets {@code proxy_servers} of the configuration. */
    public Builder proxyServers(Map<String, String> proxyServers) {
      this.proxyServers = Map.copyOf(proxyServers);
      return this;
    }

    /** Sets the environment whose proxy variables count; none by default. */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /** Sets who is asked when a server or a proxy wants a password. */
    public Builder authenticator(Authenticator authenticator) {
      this.authenticator = authenticator;
      return this;
    }

    /** Adds a header for the servers that are asked, but not for those that they lead to. */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /** Sets who says what headers a URL gets, wherever it comes from. */
    public Builder headersByUri(Function<URI, Map<String, String>> headersByUri) {
      this.headersByUri = headersByUri;
      return this;
    }

    /** Makes the settings; the builder must not be used again. */
    public NetworkSettings build() {
      return new NetworkSettings(this);
    }

    private List<Object> identity() {
      return Arrays.asList(
          offline,
          connectTimeout,
          readTimeout,
          retries,
          backOff,
          longestWait,
          lowestSpeed,
          speedWindow,
          requestsPerHost,
          List.copyOf(credentials),
          List.copyOf(credentialSources),
          Map.copyOf(mirrors),
          tls,
          Optional.ofNullable(proxySelector),
          proxyServers,
          environment,
          Optional.ofNullable(authenticator),
          Map.copyOf(headers),
          Optional.ofNullable(headersByUri));
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("A time must be longer than " + duration + ".");
      }
      return duration;
    }
  }
}

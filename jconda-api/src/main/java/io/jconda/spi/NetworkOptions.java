package io.jconda.spi;

import io.jconda.Credential;
import java.net.Authenticator;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Holds what an application says about connections; what it does not say comes from conda's
 * configuration, if the client reads that, else from defaults. Immutable. No secret stands in its
 * text.
 */
public final class NetworkOptions {
  /** What a client has of which nothing is said. */
  public static final NetworkOptions DEFAULTS = new Builder().build();

  private final Builder values;

  private NetworkOptions(Builder values) {
    this.values = values;
  }

  /** Starts other options from these. */
  public Builder toBuilder() {
    return values.copy();
  }

  /** Returns the credentials that code gave, those that were given first first. */
  public List<Credential> credentials() {
    return List.copyOf(values.credentials);
  }

  /** Returns the files of credentials that code named. */
  public List<Path> credentialsFiles() {
    return List.copyOf(values.credentialsFiles);
  }

  /** Returns whether the user's own credentials are read; empty for as the environment is. */
  public Optional<Boolean> userCredentials() {
    return Optional.ofNullable(values.userCredentials);
  }

  /** Returns the mirrors of channels, by a channel's name or URL. */
  public Map<String, List<String>> mirrors() {
    return Map.copyOf(values.mirrors);
  }

  /** Returns who chooses proxies. */
  public Optional<ProxySelector> proxySelector() {
    return Optional.ofNullable(values.proxySelector);
  }

  /** Returns who is asked for passwords. */
  public Optional<Authenticator> authenticator() {
    return Optional.ofNullable(values.authenticator);
  }

  /** Returns who decides all about TLS. */
  public Optional<SSLContext> sslContext() {
    return Optional.ofNullable(values.sslContext);
  }

  /** Returns whether certificates of servers are checked; empty if nothing is said. */
  public Optional<Boolean> verify() {
    return Optional.ofNullable(values.verify);
  }

  /** Returns the authorities that are trusted instead of the JVM's. */
  public Optional<Path> caBundle() {
    return Optional.ofNullable(values.caBundle);
  }

  /** Returns the client's own certificate. */
  public Optional<Path> clientCertificate() {
    return Optional.ofNullable(values.clientCertificate);
  }

  /** Returns the key of the client's certificate. */
  public Optional<Path> clientKey() {
    return Optional.ofNullable(values.clientKey);
  }

  /** Returns headers for all servers that are asked. */
  public Map<String, String> headers() {
    return Map.copyOf(values.headers);
  }

  /** Returns who says what headers a URL gets. */
  public Optional<Function<URI, Map<String, String>>> headersByUri() {
    return Optional.ofNullable(values.headersByUri);
  }

  /** Returns how long connecting may take; empty if nothing is said. */
  public Optional<Duration> connectTimeout() {
    return Optional.ofNullable(values.connectTimeout);
  }

  /** Returns how long a server may be silent; empty if nothing is said. */
  public Optional<Duration> readTimeout() {
    return Optional.ofNullable(values.readTimeout);
  }

  /** Returns how often a request is tried again; empty if nothing is said. */
  public OptionalInt retries() {
    return values.retries;
  }

  /** Returns how many bytes a second must come; empty if nothing is said. */
  public OptionalLong lowestSpeed() {
    return values.lowestSpeed;
  }

  /** Returns over how much waiting the speed is measured. */
  public Duration speedWindow() {
    return values.speedWindow;
  }

  /** Returns how many requests to one server are under way at once; empty if nothing is said. */
  public OptionalInt requestsPerHost() {
    return values.requestsPerHost;
  }

  /** Returns a text without secrets: URLs of mirrors, which may hold some, are only counted. */
  @Override
  public String toString() {
    return "NetworkOptions[credentials=%s, mirrored channels=%d]"
        .formatted(values.credentials, values.mirrors.size());
  }

  /** Collects options. Not safe to share between threads. */
  public static final class Builder {
    private final List<Credential> credentials = new ArrayList<>();
    private final List<Path> credentialsFiles = new ArrayList<>();
    private @Nullable Boolean userCredentials;
    private final Map<String, List<String>> mirrors = new LinkedHashMap<>();
    private @Nullable ProxySelector proxySelector;
    private @Nullable Authenticator authenticator;
    private @Nullable SSLContext sslContext;
    private @Nullable Boolean verify;
    private @Nullable Path caBundle;
    private @Nullable Path clientCertificate;
    private @Nullable Path clientKey;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable Function<URI, Map<String, String>> headersByUri;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;
    private OptionalInt retries = OptionalInt.empty();
    private OptionalLong lowestSpeed = OptionalLong.empty();
    private Duration speedWindow = Duration.ofSeconds(30);
    private OptionalInt requestsPerHost = OptionalInt.empty();

    private Builder() {}

    private Builder copy() {
      Builder copy = new Builder();
      copy.credentials.addAll(credentials);
      copy.credentialsFiles.addAll(credentialsFiles);
      copy.userCredentials = userCredentials;
      copy.mirrors.putAll(mirrors);
      copy.proxySelector = proxySelector;
      copy.authenticator = authenticator;
      copy.sslContext = sslContext;
      copy.verify = verify;
      copy.caBundle = caBundle;
      copy.clientCertificate = clientCertificate;
      copy.clientKey = clientKey;
      copy.headers.putAll(headers);
      copy.headersByUri = headersByUri;
      copy.connectTimeout = connectTimeout;
      copy.readTimeout = readTimeout;
      copy.retries = retries;
      copy.lowestSpeed = lowestSpeed;
      copy.speedWindow = speedWindow;
      copy.requestsPerHost = requestsPerHost;
      return copy;
    }

    /** Adds a credential; of two for the same place the later one counts. */
    public Builder credential(Credential credential) {
      credentials.add(credential);
      return this;
    }

    /**
     * Adds a file of credentials in JSON, as docs/channels.md shows it; it is read when a request
     * first needs it, and has to be there then.
     */
    public Builder credentialsFile(Path file) {
      credentialsFiles.add(file.toAbsolutePath().normalize());
      return this;
    }

    /**
     * Sets whether the user's own credentials count behind those of code: {@code .netrc} and the
     * files of rattler and mamba. Without it they do where the client reads the environment.
     */
    public Builder userCredentials(boolean read) {
      this.userCredentials = read;
      return this;
    }

    /**
     * Sets where a channel is asked for instead, in that order; the channel itself is asked only if
     * it is among them. Records keep the channel's own URL.
     *
     * @param channel the channel's name or URL
     * @param mirrors URLs or folders
     */
    public Builder mirror(String channel, String... mirrors) {
      this.mirrors.put(channel, List.of(mirrors));
      return this;
    }

    /** Sets who chooses proxies; nothing else is asked about them then. */
    public Builder proxySelector(ProxySelector selector) {
      this.proxySelector = selector;
      return this;
    }

    /**
     * Sets who is asked for a user and password when a server or a proxy wants one by basic
     * authentication and no credential says it; called on the client's threads.
     */
    public Builder authenticator(Authenticator authenticator) {
      this.authenticator = authenticator;
      return this;
    }

    /** Sets what makes TLS connections; files and flags about certificates do not count then. */
    public Builder sslContext(SSLContext context) {
      this.sslContext = context;
      return this;
    }

    /**
     * Sets whether certificates of servers are checked. Without checks anybody between the machine
     * and a server can change what is installed; there is a warning for each host.
     */
    public Builder verify(boolean verify) {
      this.verify = verify;
      return this;
    }

    /**
     * Sets the certificate authorities that are trusted instead of the JVM's.
     *
     * @param bundle a PEM file, or a folder of PEM files
     */
    public Builder caBundle(Path bundle) {
      this.caBundle = bundle.toAbsolutePath().normalize();
      return this;
    }

    /**
     * Sets the client's own certificate, for servers that want one.
     *
     * @param certificate a PEM file with the certificate and those between it and an authority
     * @param key a PEM file with its key, unencrypted; may be the same file
     */
    public Builder clientCertificate(Path certificate, Path key) {
      this.clientCertificate = certificate.toAbsolutePath().normalize();
      this.clientKey = key.toAbsolutePath().normalize();
      return this;
    }

    /** Adds a header for every server that is asked; redirects to other servers lose it. */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /**
     * Sets who says what headers a URL gets, for redirects too: it decides where secrets go.
     *
     * @param source gets the URL without secrets; called on the client's threads
     */
    public Builder headers(Function<URI, Map<String, String>> source) {
      this.headersByUri = source;
      return this;
    }

    /** Sets how long connecting may take, and how long TLS may be silent; 10 seconds by default. */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = positive(timeout);
      return this;
    }

    /** Sets how long a server may be silent within an answer; a minute by default. */
    public Builder readTimeout(Duration timeout) {
      this.readTimeout = positive(timeout);
      return this;
    }

    /** Sets how often a request is tried again after it failed; 3 by default. */
    public Builder retries(int retries) {
      if (retries < 0) {
        throw new IllegalArgumentException("There cannot be " + retries + " retries.");
      }
      this.retries = OptionalInt.of(retries);
      return this;
    }

    /**
     * Sets how fast a body must come; 1,000 bytes a second over 30 seconds by default. What is
     * slower is broken off and asked for anew.
     *
     * @param bytesPerSecond the lowest rate; 0 for any
     * @param window over how much waiting it is measured
     */
    public Builder lowestSpeed(long bytesPerSecond, Duration window) {
      if (bytesPerSecond < 0) {
        throw new IllegalArgumentException("A speed cannot be " + bytesPerSecond + ".");
      }
      this.lowestSpeed = OptionalLong.of(bytesPerSecond);
      this.speedWindow = positive(window);
      return this;
    }

    /** Sets how many requests to one server are under way at once; 16 by default. */
    public Builder requestsPerHost(int requests) {
      if (requests < 1) {
        throw new IllegalArgumentException("With " + requests + " requests nothing ever comes.");
      }
      this.requestsPerHost = OptionalInt.of(requests);
      return this;
    }

    /** Returns the options. */
    public NetworkOptions build() {
      return new NetworkOptions(copy());
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("A time must be longer than " + duration + ".");
      }
      return duration;
    }
  }
}

package io.jconda.core.client;

import io.jconda.CondaException;
import io.jconda.Credential;
import io.jconda.core.config.Settings;
import io.jconda.core.config.Tls;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.net.TlsOptions;
import io.jconda.spec.Channel;
import io.jconda.spi.NetworkOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts together how a client's network behaves: what code says, else what the configuration says,
 * else the defaults of {@link NetworkSettings}.
 */
final class NetworkWiring {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkWiring.class);

  private final NetworkOptions options;
  private final Settings settings;
  private final boolean userCredentials;
  private final NetworkSettings.Builder builder = NetworkSettings.builder();

  private NetworkWiring(NetworkOptions options, Settings settings, boolean readEnvironment) {
    this.options = options;
    this.settings = settings;
    this.userCredentials = options.userCredentials().orElse(readEnvironment);
  }

  /**
   * Returns the settings of a network.
   *
   * @param options what code says
   * @param settings what the configuration says
   * @param readEnvironment whether the user's own credentials count where code says nothing
   * @throws CondaException if a mirror or the place of a credential makes no sense
   */
  static NetworkSettings of(NetworkOptions options, Settings settings, boolean readEnvironment) {
    NetworkWiring wiring = new NetworkWiring(options, settings, readEnvironment);
    wiring.limits();
    wiring.headers();
    wiring.credentials();
    wiring.mirrors();
    wiring.proxies();
    wiring.builder.tls(wiring.tls());
    return wiring.builder.build();
  }

  private void limits() {
    Optional<Duration> connect = stronger(options.connectTimeout(), settings.connectTimeout());
    if (connect.isPresent()) {
      builder.connectTimeout(connect.get());
    }
    Optional<Duration> read = stronger(options.readTimeout(), settings.readTimeout());
    if (read.isPresent()) {
      builder.readTimeout(read.get());
    }
    OptionalInt retries = options.retries().isPresent() ? options.retries() : settings.retries();
    if (retries.isPresent()) {
      builder.retries(retries.getAsInt());
    }
    Optional<Double> backOff = settings.backOffFactor();
    if (backOff.isPresent()) {
      // urllib3 waits the factor times a power of two, in seconds
      builder.backOff(Duration.ofMillis(Math.max(1, Math.round(backOff.get() * 1000))));
    }
    if (options.lowestSpeed().isPresent()) {
      builder.lowestSpeed(options.lowestSpeed().getAsLong(), options.speedWindow());
    }
    if (options.requestsPerHost().isPresent()) {
      builder.requestsPerHost(options.requestsPerHost().getAsInt());
    }
  }

  private static <T> Optional<T> stronger(Optional<T> ofCode, Optional<T> configured) {
    return ofCode.isPresent() ? ofCode : configured;
  }

  private void headers() {
    for (Map.Entry<String, String> header : options.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue());
    }
    if (options.headersByUri().isPresent()) {
      builder.headersByUri(options.headersByUri().get());
    }
  }

  private void credentials() {
    for (Credential credential : options.credentials()) {
      try {
        builder.credential(credential);
      } catch (IllegalArgumentException e) {
        throw new CondaException("A credential cannot be used.", String.valueOf(e.getMessage()), e);
      }
    }
    for (Path file : options.credentialsFiles()) {
      builder.credentialsFile(file, true);
    }
    credentialsFile("JCONDA_CREDENTIALS_FILE", true);
    if (userCredentials) {
      Path home = Path.of(System.getProperty("user.home"));
      credentialsFile("RATTLER_AUTH_FILE", false);
      builder.credentialsFile(home.resolve(".rattler").resolve("credentials.json"), false);
      builder.credentialsFile(
          home.resolve(".mamba").resolve("auth").resolve("authentication.json"), false);
      boolean windows =
          System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
      builder.netrc(settings.environment(), home, windows);
    }
  }

  private void credentialsFile(String variable, boolean required) {
    Optional<Path> file = variable(variable);
    if (file.isPresent()) {
      builder.credentialsFile(file.get(), required);
    }
  }

  private Optional<Path> variable(String name) {
    String text = settings.environment().getOrDefault(name, "");
    return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private void mirrors() {
    for (Map.Entry<String, List<String>> mirrored : settings.mirrors().entrySet()) {
      mirrors(mirrored.getKey(), mirrored.getValue(), false);
    }
    for (Map.Entry<String, List<String>> mirrored : options.mirrors().entrySet()) {
      mirrors(mirrored.getKey(), mirrored.getValue(), true);
    }
  }

  private void mirrors(String name, List<String> texts, boolean ofCode) {
    List<URI> mirrors = new ArrayList<>();
    for (String text : texts) {
      try {
        Channel mirror = Channel.of(text);
        mirrors.add(settings.channelUrl(mirror));
        Network.credentialsOf(mirror).forEach(builder::credential);
      } catch (IllegalArgumentException e) {
        String problem =
            "A mirror of %s cannot be used: %s".formatted(Channel.of(name).name(), e.getMessage());
        if (ofCode) {
          throw new CondaException(problem, "Name an http, https or file URL.", e);
        }
        LOG.warn("{} Take it out of mirrored_channels.", problem);
        foreign(text).ifPresent(mirrors::add);
      }
    }
    if (!mirrors.isEmpty()) {
      builder.mirrors(settings.channelUrl(Channel.of(name)), mirrors);
    }
  }

  /** Keeps a mirror such as {@code oci://} in its place, so that asking for it says what it is. */
  private static Optional<URI> foreign(String text) {
    try {
      URI uri = new URI(text);
      return uri.getRawUserInfo() == null && uri.isAbsolute() ? Optional.of(uri) : Optional.empty();
    } catch (java.net.URISyntaxException e) {
      LOG.debug("A mirror is no URL at all.");
      return Optional.empty();
    }
  }

  private void proxies() {
    if (options.proxySelector().isPresent()) {
      builder.proxySelector(options.proxySelector().get());
    }
    if (options.authenticator().isPresent()) {
      builder.authenticator(options.authenticator().get());
    }
    builder.proxyServers(settings.proxyServers());
    builder.environment(settings.environment());
  }

  private TlsOptions tls() {
    Tls configured = settings.tls();
    boolean bundleOfCode = options.caBundle().isPresent();
    boolean verify = options.verify().orElse(bundleOfCode || configured.verify());
    Optional<Path> bundle = stronger(options.caBundle(), configured.caBundle());
    boolean system = configured.systemStore() && !bundleOfCode;
    if (verify && bundle.isEmpty() && !system) {
      // requests: sessions.merge_environment_settings; OpenSSL has the last
      bundle =
          stronger(
              variable("REQUESTS_CA_BUNDLE"),
              stronger(variable("CURL_CA_BUNDLE"), variable("SSL_CERT_FILE")));
    }
    boolean own = options.clientCertificate().isPresent();
    return new TlsOptions(
        verify,
        system,
        bundle,
        own ? options.clientCertificate() : configured.clientCertificate(),
        own ? options.clientKey() : configured.clientKey(),
        options.sslContext());
  }
}

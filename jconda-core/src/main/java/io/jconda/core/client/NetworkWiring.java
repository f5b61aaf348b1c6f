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
import java.util.Optional;
import java.util.stream.Stream;
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
    wiring.credentials();
    wiring.mirrors();
    wiring.proxies();
    wiring.builder.tls(wiring.tls());
    options.headers().forEach(wiring.builder::header);
    options.headersByUri().ifPresent(wiring.builder::headersByUri);
    return wiring.builder.build();
  }

  private void limits() {
    options.connectTimeout().or(settings::connectTimeout).ifPresent(builder::connectTimeout);
    options.readTimeout().or(settings::readTimeout).ifPresent(builder::readTimeout);
    settings.retries().ifPresent(builder::retries);
    options.retries().ifPresent(builder::retries);
    // urllib3 waits the factor times a power of two, in seconds
    settings
        .backOffFactor()
        .map(factor -> Duration.ofMillis(Math.max(1, Math.round(factor * 1000))))
        .ifPresent(builder::backOff);
    options.lowestSpeed().ifPresent(speed -> builder.lowestSpeed(speed, options.speedWindow()));
    options.requestsPerHost().ifPresent(builder::requestsPerHost);
  }

  private void credentials() {
    for (Credential credential : options.credentials()) {
      try {
        builder.credential(credential);
      } catch (IllegalArgumentException e) {
        throw new CondaException("A credential cannot be used.", String.valueOf(e.getMessage()), e);
      }
    }
    options.credentialsFiles().forEach(file -> builder.credentialsFile(file, true));
    variable("JCONDA_CREDENTIALS_FILE").ifPresent(file -> builder.credentialsFile(file, true));
    if (userCredentials) {
      Path home = Path.of(System.getProperty("user.home"));
      variable("RATTLER_AUTH_FILE").ifPresent(file -> builder.credentialsFile(file, false));
      builder.credentialsFile(home.resolve(".rattler").resolve("credentials.json"), false);
      builder.credentialsFile(
          home.resolve(".mamba").resolve("auth").resolve("authentication.json"), false);
      boolean windows =
          System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
      builder.netrc(settings.environment(), home, windows);
    }
  }

  private Optional<Path> variable(String name) {
    return Optional.ofNullable(settings.environment().get(name))
        .filter(text -> !text.isBlank())
        .map(Path::of);
  }

  private void mirrors() {
    settings.mirrors().forEach((channel, mirrors) -> mirrors(channel, mirrors, false));
    options.mirrors().forEach((channel, mirrors) -> mirrors(channel, mirrors, true));
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
    options.proxySelector().ifPresent(builder::proxySelector);
    options.authenticator().ifPresent(builder::authenticator);
    builder.proxyServers(settings.proxyServers());
    builder.environment(settings.environment());
  }

  private TlsOptions tls() {
    Tls configured = settings.tls();
    boolean bundleOfCode = options.caBundle().isPresent();
    boolean verify = options.verify().orElse(bundleOfCode || configured.verify());
    Optional<Path> bundle = options.caBundle().or(configured::caBundle);
    boolean system = configured.systemStore() && !bundleOfCode;
    if (verify && bundle.isEmpty() && !system) {
      // requests: sessions.merge_environment_settings; OpenSSL has the last
      bundle =
          Stream.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
              .flatMap(name -> variable(name).stream())
              .findFirst();
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

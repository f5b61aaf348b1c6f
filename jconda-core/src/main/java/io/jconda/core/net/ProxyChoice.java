package io.jconda.core.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the proxy of each request. The first that has an opinion is followed, also when it says
 * that there shall be none: the application's own selector; the JVM's (a selector that was set with
 * {@link ProxySelector#setDefault}, or the properties {@code http.proxyHost}, {@code
 * https.proxyHost}, {@code socksProxyHost}, {@code java.net.useSystemProxies}); {@code
 * proxy_servers} of conda's configuration; the environment.
 *
 * <p>The JVM is asked anew at each request: the application may set another selector at any time.
 * Thread-safe.
 */
final class ProxyChoice extends ProxySelector {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyChoice.class);

  private final @Nullable ProxySelector own;
  private final ProxyRules rules;
  private final Map<String, String> userInfos = new ConcurrentHashMap<>();

  ProxyChoice(@Nullable ProxySelector own, ProxyRules rules) {
    this.own = own;
    this.rules = rules;
  }

  @Override
  public List<Proxy> select(URI uri) {
    if (own != null) {
      return proxies(own, uri);
    }
    ProxySelector jvm = ProxySelector.getDefault();
    if (jvm != null && hasOpinion(jvm, uri)) {
      return proxies(jvm, uri);
    }
    return named(uri).map(server -> List.of(server.toProxy())).orElse(List.of(Proxy.NO_PROXY));
  }

  private static List<Proxy> proxies(ProxySelector selector, URI uri) {
    List<Proxy> chosen = selector.select(uri);
    return chosen == null || chosen.isEmpty() ? List.of(Proxy.NO_PROXY) : chosen;
  }

  private static boolean hasOpinion(ProxySelector jvm, URI uri) {
    // the JDK's own selector says DIRECT also where nobody told it anything
    return !jvm.getClass().getName().equals("sun.net.spi.DefaultProxySelector")
        || isSet(uri.getScheme().toLowerCase(Locale.ROOT) + ".proxyHost")
        || isSet("socksProxyHost")
        || Boolean.getBoolean("java.net.useSystemProxies");
  }

  private static boolean isSet(String property) {
    return !System.getProperty(property, "").isBlank();
  }

  /**
   * Checks the proxy that the configuration or the environment names for a URL.
   *
   * @throws Transport.RefusedException if it cannot be used
   */
  void check(URI uri) throws Transport.RefusedException {
    ProxySelector jvm = ProxySelector.getDefault();
    if (own != null || (jvm != null && hasOpinion(jvm, uri))) {
      return;
    }
    Optional<ProxyRules.Named> proxy = rules.proxy(uri);
    if (proxy.isPresent()) {
      try {
        ProxyServer.of(proxy.get().url());
      } catch (IllegalArgumentException e) {
        throw new Transport.RefusedException(
            "the proxy that %s names cannot be used: %s"
                .formatted(proxy.get().source(), e.getMessage()));
      }
    }
  }

  private Optional<ProxyServer> named(URI uri) {
    Optional<ProxyRules.Named> proxy = rules.proxy(uri);
    if (proxy.isEmpty()) {
      return Optional.empty();
    }
    ProxyServer server = ProxyServer.of(proxy.get().url());
    LOG.debug("{} is reached by the proxy of {}", Redacted.url(uri), proxy.get().source());
    if (!server.userInfo().isEmpty()) {
      userInfos.put(
          ProxyServer.key(InetSocketAddress.createUnresolved(server.host(), server.port())),
          server.userInfo());
    }
    return Optional.of(server);
  }

  /** Returns the user and password that the URL of a proxy had. */
  Optional<String> userInfo(InetSocketAddress proxy) {
    return Optional.ofNullable(userInfos.get(ProxyServer.key(proxy)));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    ProxySelector selector = own == null ? ProxySelector.getDefault() : own;
    if (selector != null) {
      selector.connectFailed(uri, address, failure);
    }
  }
}

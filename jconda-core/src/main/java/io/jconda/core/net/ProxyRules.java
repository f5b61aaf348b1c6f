package io.jconda.core.net;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says by which proxy a URL is reached, from {@code proxy_servers} of conda's configuration and
 * from the environment.
 *
 * <p>The keys of {@code proxy_servers} are tried in the order {@code scheme://host}, {@code
 * scheme}, {@code all://host}, {@code all} (requests: utils.select_proxy). Of the environment it is
 * {@code http_proxy}, {@code https_proxy}, {@code all_proxy}, lower case before upper; {@code
 * HTTP_PROXY} in capitals is left alone where {@code REQUEST_METHOD} is set, since there a client's
 * header can set it (CVE-2016-1000110). What {@code no_proxy} names is reached without a proxy of
 * either kind.
 */
final class ProxyRules {
  private final Map<String, String> servers;
  private final Map<String, String> environment;

  ProxyRules(Map<String, String> servers, Map<String, String> environment) {
    this.servers = Map.copyOf(servers);
    this.environment = Map.copyOf(environment);
  }

  /**
   * A proxy, and who named it.
   *
   * @param url its URL, a secret
   * @param source who named it, fit to be shown
   */
  record Named(String url, String source) {
    @Override
    public String toString() {
      return "Named[" + source + "]";
    }
  }

  /** Returns the proxy of a URL; empty if there shall be none. */
  Optional<Named> proxy(URI uri) {
    if (isExempt(uri)) {
      return Optional.empty();
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    for (String key : List.of(scheme + "://" + host, scheme, "all://" + host, "all")) {
      String url = servers.getOrDefault(key, "");
      if (!url.isBlank()) {
        return Optional.of(new Named(url, "proxy_servers." + key));
      }
    }
    return Stream.of(scheme + "_proxy", "all_proxy").flatMap(this::variable).findFirst();
  }

  private Stream<Named> variable(String lower) {
    String upper = lower.toUpperCase(Locale.ROOT);
    boolean forged = lower.equals("http_proxy") && environment.containsKey("REQUEST_METHOD");
    return Stream.of(lower, upper)
        .filter(name -> !(forged && name.equals(upper)))
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .map(name -> new Named(environment.getOrDefault(name, ""), "the variable " + name));
  }

  private boolean isExempt(URI uri) {
    String list =
        Stream.of("no_proxy", "NO_PROXY")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
    return Stream.of(list.split("[,\\s]+"))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> NoProxyEntry.of(entry).covers(uri));
  }
}

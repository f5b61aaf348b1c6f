package io.jconda.core.net;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * Is one entry of {@code NO_PROXY}: {@code *}, a host, which stands for its subdomains too whether
 * or not it begins with a dot or {@code *.}, a host with a port, an address, or a range of
 * addresses such as {@code 10.0.0.0/8} (curl, requests: utils.should_bypass_proxies). No name is
 * ever looked up for it.
 */
record NoProxyEntry(String host, int port) {
  /** Reads an entry; one that makes no sense covers nothing. */
  static NoProxyEntry of(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    int port = -1;
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
    if (hasPort && host.substring(colon + 1).matches("[0-9]{1,5}")) {
      port = Integer.parseInt(host.substring(colon + 1));
      host = host.substring(0, colon);
    }
    if (host.startsWith("*.")) {
      host = host.substring(1);
    }
    host = host.startsWith(".") ? host.substring(1) : host;
    return new NoProxyEntry(bare(host), port);
  }

  /** Tells whether a URL is reached without a proxy. */
  boolean covers(URI uri) {
    if (port >= 0 && port != Origin.port(uri)) {
      return false;
    }
    String asked = bare(uri.getHost().toLowerCase(Locale.ROOT));
    if (host.equals("*") || asked.equals(host)) {
      return true;
    }
    if (isAddress(asked)) {
      return host.indexOf('/') > 0 ? inRange(asked) : sameAddress(asked);
    }
    return !host.isEmpty() && asked.endsWith("." + host);
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private boolean sameAddress(String asked) {
    return isAddress(host) && address(host).equals(address(asked)) && address(host).isPresent();
  }

  private boolean inRange(String asked) {
    int slash = host.indexOf('/');
    String base = host.substring(0, slash);
    String length = host.substring(slash + 1);
    if (!isAddress(base) || !length.matches("[0-9]{1,3}")) {
      return false;
    }
    Optional<InetAddress> from = address(base);
    Optional<InetAddress> one = address(asked);
    if (from.isEmpty() || one.isEmpty()) {
      return false;
    }
    int bits = from.get().getAddress().length * 8;
    int fixed = Integer.parseInt(length);
    return one.get().getAddress().length * 8 == bits
        && fixed <= bits
        && prefix(one.get(), bits - fixed).equals(prefix(from.get(), bits - fixed));
  }

  private static BigInteger prefix(InetAddress address, int open) {
    return new BigInteger(1, address.getAddress()).shiftRight(open);
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  /** Reads an address; the JDK asks no name server for what is one. */
  private static Optional<InetAddress> address(String literal) {
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}

package io.jconda.core.net;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Is a proxy as a URL names it: {@code http://user:password@host:port}, {@code socks5://host:port},
 * or without a scheme for http. The password stands in no {@code toString()}.
 *
 * @param type how to speak to it
 * @param host its host
 * @param port its port
 * @param userInfo {@code user:password}, decoded; empty for none
 */
record ProxyServer(Proxy.Type type, String host, int port, String userInfo) {
  private static final int HTTP_PORT = 80;
  private static final int SOCKS_PORT = 1080;
  // passwords in such URLs are often not encoded as they should be: the last at sign ends them
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:(.*)@)?(\\[[0-9A-Fa-f:.]+]|[^\\s/:@?#\\[\\]]+)(?::([0-9]{1,5}))?/*");

  /**
   * Reads a proxy's URL.
   *
   * @throws IllegalArgumentException if it is none that can be used; the message does not repeat
   *     it, since it may hold a password
   */
  static ProxyServer of(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("it is no URL like http://host:port");
    }
    String scheme = matcher.group(1) == null ? "http" : matcher.group(1).toLowerCase(Locale.ROOT);
    Proxy.Type type =
        switch (scheme) {
          case "http" -> Proxy.Type.HTTP;
          case "socks", "socks4", "socks4a", "socks5", "socks5h" -> Proxy.Type.SOCKS;
          case "https" ->
              throw new IllegalArgumentException(
                  "the connection to the proxy itself cannot be https; write http://, which the"
                      + " proxy of an https URL mostly means");
          default ->
              throw new IllegalArgumentException("the scheme '%s' is not known".formatted(scheme));
        };
    int port = type == Proxy.Type.HTTP ? HTTP_PORT : SOCKS_PORT;
    port = matcher.group(4) == null ? port : Integer.parseInt(matcher.group(4));
    String userInfo = matcher.group(2) == null ? "" : decode(matcher.group(2));
    if (type == Proxy.Type.SOCKS && !userInfo.isEmpty()) {
      throw new IllegalArgumentException(
          "a password for a SOCKS proxy has to come from java.net.Authenticator.setDefault");
    }
    if (port > 65535) {
      throw new IllegalArgumentException("there is no such port");
    }
    return new ProxyServer(type, matcher.group(3), port, userInfo);
  }

  private static String decode(String userInfo) {
    try {
      return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // a percent sign that stands for itself
      return userInfo;
    }
  }

  /** Returns it as the JDK knows proxies; its host is looked up by whoever connects. */
  Proxy toProxy() {
    return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
  }

  /** Returns the key that credentials of proxies are found by. */
  static String key(InetSocketAddress address) {
    return address.getHostString().toLowerCase(Locale.ROOT) + ":" + address.getPort();
  }

  @Override
  public String toString() {
    return type + " " + host + ":" + port;
  }
}

package io.jconda.core.net;

import java.net.URI;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says for which URLs a credential is, as {@link io.jconda.Credential} describes it.
 *
 * @param scheme the scheme in lower case; empty for http and https
 * @param host the host in lower case, without {@code *.}; empty for every host
 * @param wildcard whether all hosts below are meant too (rattler: storage.rs)
 * @param port the port, or -1 for every port
 * @param path the path without a slash at its end
 */
record CredentialScope(String scheme, String host, boolean wildcard, int port, String path) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(https?)://)?(\\*\\.)?(\\[[0-9A-Fa-f:.]+]|[^\\s/:@*?#]+)(?::([0-9]{1,5}))?(/[^?#\\s]*)?",
          Pattern.CASE_INSENSITIVE);

  /** Is the place that a netrc file's {@code default} has. */
  static final String EVERYWHERE = "*";

  /** Puts what counts first at the end. */
  static final Comparator<CredentialScope> BY_CLOSENESS =
      Comparator.<CredentialScope, Boolean>comparing(scope -> !scope.wildcard)
          .thenComparing(scope -> scope.host.length())
          .thenComparing(scope -> scope.path.length())
          .thenComparing(scope -> scope.port >= 0);

  /**
   * Reads a place.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it, since it may
   *     hold a secret
   */
  static CredentialScope of(String where) {
    if (where.equals(EVERYWHERE)) {
      return new CredentialScope("", "", true, -1, "");
    }
    Matcher matcher = FORM.matcher(where.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "The place of a credential cannot be read. Write a host, *.host, host/path or a URL without user info.");
    }
    String scheme = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
    int port = matcher.group(4) == null ? ownPort(scheme) : Integer.parseInt(matcher.group(4));
    return new CredentialScope(
        scheme,
        matcher.group(3).toLowerCase(Locale.ROOT),
        matcher.group(2) != null,
        port,
        matcher.group(5) == null ? "" : path(URI.create("http://h" + matcher.group(5))));
  }

  private static int ownPort(String scheme) {
    return switch (scheme) {
      case "https" -> 443;
      case "http" -> 80;
      default -> -1;
    };
  }

  /** Tells whether it holds for every host. */
  boolean isEverywhere() {
    return host.isEmpty();
  }

  /** Tells whether the credential may be sent with a request for a URL. */
  boolean opens(URI uri) {
    if (uri.getHost() == null) {
      return false;
    }
    String asked = uri.getHost().toLowerCase(Locale.ROOT);
    return (scheme.isEmpty() || scheme.equalsIgnoreCase(uri.getScheme()))
        && (host.isEmpty() || asked.equals(host) || (wildcard && asked.endsWith("." + host)))
        && (port < 0 || port == Origin.port(uri))
        && (path(uri).equals(path) || path(uri).startsWith(path + "/"));
  }

  private static String path(URI uri) {
    String path = uri.normalize().getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}

package io.jconda.core.net;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Makes a URL fit to be shown: without user info, path token, query (signed URLs carry secrets
 * there) and fragment.
 */
public final class Redacted {
  private static final Pattern TOKEN = Pattern.compile("/t/[^/]+(?=/|$)");

  private Redacted() {}

  /**
   * Returns the text of a URL without its secrets.
   *
   * @param uri the URL
   */
  public static String url(URI uri) {
    if (uri.isOpaque()) {
      return uri.getScheme() + ":";
    }
    String host = uri.getHost() == null ? "" : uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + host + port + TOKEN.matcher(uri.getRawPath()).replaceFirst("");
  }

  static boolean hasToken(URI uri) {
    return TOKEN.matcher(uri.getRawPath()).find();
  }
}

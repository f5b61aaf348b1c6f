package io.jconda.core.repodata;

import io.jconda.core.net.Redacted;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Is one subdir of one channel, and knows the URLs in it.
 *
 * @param channel the channel
 * @param platform the platform whose subdir it is
 * @param url the subdir's URL without secrets, with a slash at its end
 */
record Subdir(Channel channel, Platform platform, URI url) {
  private static final String UNRESERVED = "-._~";
  private static final String HEX = "0123456789ABCDEF";

  static Subdir of(Channel channel, URI channelUrl, Platform platform) {
    return new Subdir(channel, platform, URI.create(channelUrl + "/" + platform.subdir() + "/"));
  }

  boolean isFolder() {
    return "file".equals(url.getScheme());
  }

  URI file(Variant variant) {
    return url.resolve(variant.fileName());
  }

  /**
   * Returns where the archives lie: here, unless the index names another base (CEP-15).
   *
   * @param baseUrl the base, relative to here or absolute; empty if the index names none
   * @throws MalformedIndexException if the base is no URL, or one that this channel may not lead to
   */
  String archives(String baseUrl) throws MalformedIndexException {
    if (baseUrl.isEmpty()) {
      return url.toString();
    }
    URI base;
    try {
      base = url.resolve(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
    } catch (IllegalArgumentException e) {
      throw new MalformedIndexException("its base_url is no URL");
    }
    String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
    // a server must not make its readers take packages from their own disks
    boolean allowed =
        scheme.equals("https") || scheme.equals("http") || (scheme.equals("file") && isFolder());
    if (!allowed) {
      throw new MalformedIndexException("its base_url is no http URL");
    }
    return Redacted.url(base);
  }

  /** Returns a file name with every byte percent-encoded that is not unreserved (RFC 3986). */
  static String encode(String fileName) {
    StringBuilder encoded = new StringBuilder(fileName.length() + 8);
    for (byte b : fileName.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || UNRESERVED.indexOf(c) >= 0;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return encoded.toString();
  }

  /** Returns it as people name it, such as {@code conda-forge/linux-64}. */
  @Override
  public String toString() {
    return channel.name() + "/" + platform.subdir();
  }
}

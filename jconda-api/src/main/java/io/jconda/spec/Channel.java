package io.jconda.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a channel: by a plain name that the client's alias turns into a URL, by a URL, or by a
 * folder.
 *
 * <p>Two channels are equal if their normalised names or URLs are, without token, user info and
 * trailing slash; secrets take part neither in equality nor in {@link #toString()}. Immutable, no
 * I/O.
 */
public final class Channel {
  /** conda-forge, the default of JConda. */
  public static final Channel CONDA_FORGE = new Channel("conda-forge", null, null, null);

  private static final String EMBEDDED_SCHEME = "embedded";
  private static final Channel EMBEDDED =
      new Channel("embedded", URI.create("embedded:/"), null, null);
  private static final Pattern TOKEN = Pattern.compile("/t/([^/]+)(?=/|$)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*");

  private final String name;
  private final @Nullable URI url;
  private final @Nullable String userInfo;
  private final @Nullable String token;

  private Channel(
      String name, @Nullable URI url, @Nullable String userInfo, @Nullable String token) {
    this.name = name;
    this.url = url;
    this.userInfo = userInfo;
    this.token = token;
  }

  /**
   * Reads a channel as a user writes it: {@code conda-forge}, {@code conda-forge/label/rc}, a URL
   * ({@code https:}, {@code http:}, {@code file:}), or the path of a folder (absolute, or beginning
   * with a dot or {@code ~}).
   *
   * @param text the name, URL or path
   * @throws IllegalArgumentException if it is none of them; the message says which characters a
   *     name may have
   */
  public static Channel of(String text) {
    String trimmed = text.strip();
    if (trimmed.equals(EMBEDDED_SCHEME + ":") || trimmed.equals(EMBEDDED_SCHEME + ":/")) {
      return EMBEDDED;
    }
    if (trimmed.startsWith("~/") || trimmed.equals("~")) {
      return of(Path.of(System.getProperty("user.home") + trimmed.substring(1)));
    }
    if (trimmed.startsWith("/") || trimmed.startsWith(".") || DRIVE.matcher(trimmed).matches()) {
      return of(Path.of(trimmed));
    }
    if (trimmed.contains("://") || trimmed.startsWith("file:")) {
      return ofUrl(trimmed);
    }
    if (!NAME.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no channel. Write a name of letters, digits, '.', '_', '-' and '/', a URL, or a path."
              .formatted(text.indexOf('@') < 0 ? text : "..."));
    }
    return new Channel(stripSlash(trimmed), null, null, null);
  }

  private static Channel ofUrl(String text) {
    URI uri;
    try {
      uri = new URI(text.replace(" ", "%20"));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "A channel's URL cannot be read: %s at character %d."
              .formatted(e.getReason(), e.getIndex() + 1));
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (scheme.equals("file")) {
      return of(Path.of(URI.create("file://" + uri.getRawPath())));
    }
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "The scheme '%s' of a channel is not known. Use https, http or file.".formatted(scheme));
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "A channel's URL has no host. Write https://host/channel.");
    }
    String path = uri.getRawPath();
    Matcher token = TOKEN.matcher(path);
    String secret = null;
    if (token.find()) {
      secret = token.group(1);
      path = path.substring(0, token.start()) + path.substring(token.end());
    }
    String base =
        scheme
            + "://"
            + uri.getHost().toLowerCase(Locale.ROOT)
            + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
            + stripSlash(path);
    return new Channel(base, URI.create(base), uri.getRawUserInfo(), secret);
  }

  /**
   * Makes a channel of a folder that holds one folder per platform, each with a {@code
   * repodata.json}.
   *
   * @param folder the channel's folder; made absolute
   */
  public static Channel of(Path folder) {
    String text = stripSlash(folder.toAbsolutePath().normalize().toUri().getRawPath());
    URI uri = URI.create("file://" + text);
    return new Channel(uri.toString(), uri, null, null);
  }

  /**
   * Returns the embedded channel: a real Python 3.13 and NumPy, made on first use from Maven
   * artifacts on the class path ({@code org.bytedeco:cpython}, {@code numpy}, {@code openblas} with
   * the platform's classifier) and kept under the client's root. It needs no network.
   */
  public static Channel embedded() {
    return EMBEDDED;
  }

  private static String stripSlash(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }

  /**
   * Returns the channel's name: as given where it was given by name, else its URL without secrets.
   */
  public String name() {
    return name;
  }

  /** Returns the URL without secrets, or empty for a channel that is known by its name alone. */
  public Optional<URI> url() {
    return Optional.ofNullable(url);
  }

  /** Tells whether this is {@link #embedded()}. */
  public boolean isEmbedded() {
    return url != null && EMBEDDED_SCHEME.equals(url.getScheme());
  }

  /**
   * Returns the user info that the URL was given with, {@code user:password} with its percent
   * encoding. A secret: for transports only, never to be printed.
   */
  public Optional<String> userInfo() {
    return Optional.ofNullable(userInfo);
  }

  /**
   * Returns the token that the URL was given with ({@code /t/<token>/}). A secret: for transports
   * only.
   */
  public Optional<String> token() {
    return Optional.ofNullable(token);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Channel channel && channel.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns {@link #name()}. */
  @Override
  public String toString() {
    return name;
  }
}

package io.jconda.spec;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The URL or path of one archive, taken apart: {@code <channel>/<subdir>/<name>-<version>-<build>}
 * and an extension. The name may have dashes, the other two have none.
 */
record ArchiveLocation(
    String url,
    @Nullable String channel,
    @Nullable String subdir,
    String fileName,
    String name,
    String version,
    String build) {
  private static final String FORM =
      "An archive is called name-version-build.conda or name-version-build.tar.bz2.";

  /** Tells whether a text is meant as an archive. */
  static boolean isArchive(String text) {
    return extension(text) > 0;
  }

  private static int extension(String text) {
    return text.endsWith(".conda") ? 6 : text.endsWith(".tar.bz2") ? 8 : 0;
  }

  static ArchiveLocation parse(Piece piece, String secretText) {
    String location = secretText.contains("://") ? secretText : fileUrl(piece, secretText);
    int nameStart = location.lastIndexOf('/') + 1;
    String fileName = decoded(piece, location.substring(nameStart));
    String stem = fileName.substring(0, fileName.length() - extension(fileName));
    int buildDash = stem.lastIndexOf('-');
    int versionDash = buildDash < 0 ? -1 : stem.lastIndexOf('-', buildDash - 1);
    if (versionDash <= 0
        || versionDash + 1 == buildDash
        || buildDash + 1 == stem.length()
        || stem.indexOf('*') >= 0) {
      throw piece.invalid(
          Math.max(0, piece.text().lastIndexOf('/') + 1),
          "the file name is not that of a package",
          FORM);
    }
    String folder = location.substring(0, nameStart - 1);
    int slash = ChannelMatch.subdirSlash(folder);
    boolean inChannel = slash > folder.indexOf("://") + 2;
    return new ArchiveLocation(
        UrlSecrets.removed(location),
        inChannel ? folder.substring(0, slash) : null,
        inChannel ? folder.substring(slash + 1) : null,
        fileName,
        stem.substring(0, versionDash),
        stem.substring(versionDash + 1, buildDash),
        stem.substring(buildDash + 1));
  }

  private static String fileUrl(Piece piece, String text) {
    try {
      Path path =
          text.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), text.substring(2))
              : Path.of(text);
      URI uri = path.toAbsolutePath().normalize().toUri();
      return "file://" + uri.getRawPath();
    } catch (InvalidPathException e) {
      throw piece.invalid(0, "the path of the archive cannot be read", FORM);
    }
  }

  /** Decodes percent signs; a plus sign stays one, for versions have it. */
  static String decoded(Piece piece, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw piece.invalid(
          Math.max(0, piece.text().indexOf('%')),
          "a '%' is not followed by two hexadecimal digits",
          "Write a percent sign in a URL as %25.");
    }
  }

  /** Tells whether two URLs without secrets are one, however their characters are escaped. */
  static boolean sameUrl(String a, String b) {
    return a.equals(b) || unescaped(a).equals(unescaped(b));
  }

  private static String unescaped(String url) {
    StringBuilder out = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == '%' && i + 2 < url.length()) {
        int high = Character.digit(url.charAt(i + 1), 16);
        int low = Character.digit(url.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          c = (char) (high * 16 + low);
          i += 2;
        }
      }
      out.append(c);
    }
    return out.toString();
  }
}

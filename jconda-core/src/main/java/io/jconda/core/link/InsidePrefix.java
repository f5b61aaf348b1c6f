package io.jconda.core.link;

import io.jconda.InstallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lets only those paths of packages through that stay inside the prefix and out of its records. */
public final class InsidePrefix {
  private InsidePrefix() {}

  /**
   * Returns a path in its plain form: parts joined by single slashes.
   *
   * @param path as the package has it, relative to the prefix
   * @param owner the package, for the message
   * @throws InstallException if it is absolute, climbs, or lies in {@code conda-meta}
   */
  static String check(String path, String owner) {
    if (isPlain(path)) {
      return path;
    }
    if (path.startsWith("/") || path.indexOf('\0') >= 0 || startsWithDrive(path)) {
      throw refused(path, owner, "it is no path inside the environment");
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      // a backslash may be part of a name on Unix, and parts names on Windows
      if (List.of(part.split("\\\\", -1)).contains("..")) {
        throw refused(path, owner, "it leaves the environment");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw refused(path, owner, "it names nothing");
    }
    if (parts.get(0).toLowerCase(Locale.ROOT).equals("conda-meta")) {
      throw refused(path, owner, "only the installer may write records");
    }
    return String.join("/", parts);
  }

  /** Tells whether a path is beyond all doubt, as nearly all are, without taking it apart. */
  private static boolean isPlain(String path) {
    int length = path.length();
    if (length == 0
        || path.charAt(length - 1) == '/'
        || path.regionMatches(true, 0, "conda", 0, 5)) {
      return false;
    }
    boolean partBegins = true;
    for (int i = 0; i < length; i++) {
      char c = path.charAt(i);
      // parts that begin with a dot are looked at closely, for two of them are not
      if (c == '\\' || c == ':' || c == '\0' || (partBegins && (c == '.' || c == '/'))) {
        return false;
      }
      partBegins = c == '/';
    }
    return true;
  }

  private static boolean startsWithDrive(String path) {
    return path.length() > 1
        && path.charAt(1) == ':'
        && Character.toLowerCase(path.charAt(0)) >= 'a'
        && Character.toLowerCase(path.charAt(0)) <= 'z';
  }

  /** Returns the folder that a path lies in; empty is the prefix. */
  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Tells whether {@link #check} would let a path through as it is. */
  public static boolean isInside(String path) {
    if (isPlain(path)) {
      return true;
    }
    try {
      return check(path, "").equals(path);
    } catch (InstallException e) {
      return false;
    }
  }

  static InstallException refused(String path, String owner, String why) {
    return new InstallException(
        "The package %s holds the path '%s', which is refused: %s."
            .formatted(owner, path.replaceAll("\\p{Cntrl}", "?"), why),
        "Do not use this package; tell its channel.");
  }
}

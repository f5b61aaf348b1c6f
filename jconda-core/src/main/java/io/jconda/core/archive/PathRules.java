package io.jconda.core.archive;

import io.jconda.IntegrityException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which entries of one archive are safe to write below a folder, and which are refused.
 *
 * <p>The rules do not depend on the machine: what would leave the folder on one platform alone is
 * refused on all.
 */
final class PathRules {
  private static final Pattern BACKSLASH = Pattern.compile("\\\\");
  private static final int MAX_LINK_STEPS = 255;

  private enum Kind {
    FOLDER,
    FILE,
    LINK
  }

  private final String archiveName;
  private final Map<String, Kind> kinds = new HashMap<>();
  private final Map<String, String> links = new LinkedHashMap<>();

  PathRules(String archiveName) {
    this.archiveName = archiveName;
  }

  /**
   * Brings an entry's name into the one form {@code a/b/c}; empty for the root itself.
   *
   * @throws IntegrityException if it is absolute, has a part {@code ..} or a NUL
   */
  String clean(String name) {
    if (name.indexOf('\0') >= 0) {
      throw refuse(name.replace('\0', '?'), "has a NUL in its name");
    }
    if (isAbsolute(name)) {
      throw refuse(name, "has an absolute name");
    }
    StringBuilder clean = new StringBuilder(name.length());
    int start = 0;
    while (start <= name.length()) {
      int slash = name.indexOf('/', start);
      int end = slash < 0 ? name.length() : slash;
      String part = name.substring(start, end);
      start = end + 1;
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (hasParentPart(part)) {
        throw refuse(name, "would leave the package's folder");
      }
      clean.append(clean.isEmpty() ? "" : "/").append(part);
    }
    return clean.toString();
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/") || path.startsWith("\\") || hasDrive(path);
  }

  private static boolean hasDrive(String path) {
    char first = path.isEmpty() ? ' ' : path.charAt(0);
    return path.length() > 1
        && path.charAt(1) == ':'
        && ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z'));
  }

  private static boolean hasParentPart(String part) {
    if (!part.contains("..")) {
      return false;
    }
    for (String piece : BACKSLASH.split(part, -1)) {
      if (piece.equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** Admits a folder; returns whether it is worth telling of. */
  boolean directory(String path) {
    if (path.isEmpty()) {
      return false;
    }
    admitParents(path);
    Kind before = kinds.putIfAbsent(path, Kind.FOLDER);
    if (before != null && before != Kind.FOLDER) {
      throw refuse(path, "is in it twice");
    }
    return true;
  }

  void file(String path) {
    admitNew(path, Kind.FILE);
  }

  void symbolicLink(String path, String target) {
    if (target.isEmpty() || target.indexOf('\0') >= 0) {
      throw refuse(path, "is a link without a proper target");
    }
    if (isAbsolute(target)) {
      throw refuse(path, "is a link to the absolute path '" + target + "'");
    }
    int depth = (int) path.chars().filter(c -> c == '/').count();
    for (String part : target.split("[/\\\\]", -1)) {
      if (part.equals("..")) {
        depth--;
      } else if (!part.isEmpty() && !part.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        throw leaves(path, target);
      }
    }
    admitNew(path, Kind.LINK);
    links.put(path, target);
  }

  /** Returns the target if the existing entry is a symbolic link: one more of it is the same. */
  @Nullable String linkedTarget(String path, String existing) {
    if (kinds.get(existing) == Kind.LINK) {
      return links.get(existing);
    }
    if (kinds.get(existing) != Kind.FILE) {
      throw refuse(path, "is a hard link to '" + existing + "', which is no earlier file of it");
    }
    return null;
  }

  void hardLink(String path, String existing) {
    if (path.equals(existing)) {
      throw refuse(path, "is a hard link to itself");
    }
    admitNew(path, Kind.FILE);
  }

  private void admitNew(String path, Kind kind) {
    if (path.isEmpty()) {
      throw refuse(".", "is not a folder");
    }
    admitParents(path);
    if (kinds.putIfAbsent(path, kind) != null) {
      throw refuse(path, "is in it twice");
    }
  }

  private void admitParents(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      String parent = path.substring(0, slash);
      Kind before = kinds.putIfAbsent(parent, Kind.FOLDER);
      if (before == Kind.FOLDER) {
        // what lies above it was admitted with it
        return;
      }
      if (before == Kind.LINK) {
        throw refuse(path, "would be written through the link '" + parent + "'");
      }
      if (before == Kind.FILE) {
        throw refuse(path, "lies under '" + parent + "', which is a file");
      }
    }
  }

  /**
   * Follows every link through the other links: one that stays inside by its text alone may still
   * leave by way of another.
   */
  void checkLinks() {
    links.forEach(this::follow);
  }

  private void follow(String path, String target) {
    Deque<String> at = new ArrayDeque<>();
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      for (String part : path.substring(0, slash).split("/", -1)) {
        at.addLast(part);
      }
    }
    Deque<String> ahead = new ArrayDeque<>();
    push(ahead, target);
    int steps = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.removeFirst();
      if (part.equals("..")) {
        if (at.pollLast() == null) {
          throw leaves(path, target);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        at.addLast(part);
        String next = links.get(String.join("/", at));
        if (next != null) {
          if (++steps > MAX_LINK_STEPS) {
            // a ring of links leads nowhere, and so not outside
            return;
          }
          at.removeLast();
          push(ahead, next);
        }
      }
    }
  }

  private static void push(Deque<String> ahead, String target) {
    String[] parts = target.split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      ahead.addFirst(parts[i]);
    }
  }

  private IntegrityException leaves(String path, String target) {
    return refuse(path, "is a link that leaves the package's folder, to '" + target + "'");
  }

  /** Makes the refusal of an entry. */
  IntegrityException refuse(String entry, String why) {
    return new IntegrityException(
        "The package %s is refused: its entry '%s' %s.".formatted(archiveName, entry, why),
        "Do not use it, and tell who serves it.");
  }
}

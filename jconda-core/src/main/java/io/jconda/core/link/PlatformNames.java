package io.jconda.core.link;

import io.jconda.InstallException;
import io.jconda.core.cache.StoredFile;
import io.jconda.spec.Platform;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Knows which names the file systems of a platform can hold, and which of them are one name there.
 *
 * <p>What counts is the platform that the prefix is for, not the machine that lays it out: the
 * folder may be carried over. Immutable.
 */
public final class PlatformNames {
  private static final String FORBIDDEN = "<>:\"\\|?*";

  /** They are devices in every folder, whatever extension follows. */
  private static final Set<String> DEVICES =
      Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

  private final boolean windows;
  private final boolean foldsCase;

  /** Makes what is known of a platform. */
  public PlatformNames(Platform platform) {
    this.windows = platform.isWindows();
    this.foldsCase = platform.isWindows() || platform.isMac();
  }

  /** Tells whether paths that differ in upper and lower case alone are one path there. */
  public boolean foldsCase() {
    return foldsCase;
  }

  /** Returns what two paths have in common if they are one path there. */
  public String key(String path) {
    return foldsCase ? path.toLowerCase(Locale.ROOT) : path;
  }

  /**
   * Lets a path through that the platform can hold.
   *
   * @param owner the package, for the message
   * @throws InstallException if a part of it is no name on Windows, or means a device there
   *     (Microsoft: "Naming Files, Paths, and Namespaces")
   */
  void check(String path, String owner) {
    if (!windows) {
      return;
    }
    for (String part : path.split("/", -1)) {
      String why = objection(part);
      if (!why.isEmpty()) {
        throw new InstallException(
            "The package %s holds the path '%s', which Windows cannot hold: %s."
                .formatted(owner, path.replaceAll("\\p{Cntrl}", "?"), why),
            "Use another build of the package, or an environment for another platform; tell its"
                + " channel.");
      }
    }
  }

  private static String objection(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || FORBIDDEN.indexOf(c) >= 0) {
        return c < ' '
            ? "a name there has no control characters"
            : "a name there has no '" + c + "'";
      }
    }
    if (name.endsWith(".") || name.endsWith(" ")) {
      return "a name there ends with no dot or space";
    }
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
    return isDevice(stem.toLowerCase(Locale.ROOT))
        ? "'" + stem + "' is a device there, whatever follows"
        : "";
  }

  private static boolean isDevice(String stem) {
    boolean port = stem.length() == 4 && (stem.startsWith("com") || stem.startsWith("lpt"));
    return DEVICES.contains(stem) || (port && "0123456789¹²³".indexOf(stem.charAt(3)) >= 0);
  }

  /**
   * Lets two paths of one package that meet in one place through, unless they only differ in upper
   * and lower case and are not the same file: one of the two would be lost.
   *
   * @throws InstallException if one would be lost; it names both
   */
  void checkBeside(LayoutEntry one, LayoutEntry other, String owner) {
    boolean differByCase =
        !one.path().equals(other.path()) && key(one.path()).equals(key(other.path()));
    if (differByCase && !isSame(one, other)) {
      throw new InstallException(
          ("The package %s holds the paths '%s' and '%s', which are one path on %s: the file"
                  + " systems there do not tell upper case from lower.")
              .formatted(owner, one.path(), other.path(), windows ? "Windows" : "macOS"),
          "Use another build of the package, or an environment for another platform; tell its"
              + " channel.");
    }
  }

  /** Tells whether two entries bring the same, whatever they are called. */
  static boolean isSame(LayoutEntry one, LayoutEntry other) {
    if (one instanceof LayoutEntry.Made a && other instanceof LayoutEntry.Made b) {
      return Arrays.equals(a.content(), b.content());
    }
    return one instanceof LayoutEntry.Stored a
        && other instanceof LayoutEntry.Stored b
        && isSame(a.file(), b.file());
  }

  private static boolean isSame(StoredFile one, StoredFile other) {
    return one.kind() == other.kind()
        && one.sha256().equals(other.sha256())
        && one.target().equals(other.target())
        && one.placeholder().equals(other.placeholder());
  }
}

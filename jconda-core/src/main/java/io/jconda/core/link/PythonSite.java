package io.jconda.core.link;

import io.jconda.InstallException;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says where the Python of a prefix lies and where it looks for modules.
 *
 * @param version the first two parts of its version, such as {@code 3.13}
 * @param sitePackages where it looks for modules, relative to the prefix (CEP-17)
 * @param executable the Python itself, relative to the prefix
 * @param scripts where commands go, relative to the prefix
 */
public record PythonSite(String version, String sitePackages, String executable, String scripts) {
  /** Where noarch packages have their modules, and their commands. */
  static final String MODULES = "site-packages/";

  static final String COMMANDS = "python-scripts/";

  private static final Pattern MINOR = Pattern.compile("(\\d+!)?(\\d+\\.\\d+).*");

  /**
   * Reads it from a record of the package {@code python}.
   *
   * @param python the record
   * @param platform what the prefix is for
   * @throws InstallException if the version has no minor part, or the folder for modules leaves the
   *     prefix
   */
  public static PythonSite of(PackageRecord python, Platform platform) {
    Matcher minor = MINOR.matcher(python.version().toString());
    if (!minor.matches()) {
      throw new InstallException(
          "The package python %s has no minor version, so no folder for modules can be told."
              .formatted(python.version()),
          "Choose another build of Python.");
    }
    String version = minor.group(2);
    boolean windows = platform.isWindows();
    String usual = windows ? "Lib/site-packages" : "lib/python" + version + "/site-packages";
    return new PythonSite(
        version,
        InsidePrefix.check(
            python.pythonSitePackagesPath().orElse(usual), "python " + python.version()),
        windows ? "python.exe" : "bin/python" + version,
        scripts(platform));
  }

  /** Tells whether packages linked for one of them must be linked again for the other. */
  public boolean sharesModulesWith(PythonSite other) {
    return version.equals(other.version) && sitePackages.equals(other.sitePackages);
  }

  /** Returns where a path of a noarch Python package goes, relative to the prefix (CEP-17). */
  public String placeOf(String path) {
    if (path.startsWith(MODULES)) {
      return sitePackages + "/" + path.substring(MODULES.length());
    }
    return path.startsWith(COMMANDS) ? scripts + path.substring(COMMANDS.length() - 1) : path;
  }

  /** Returns where a path below {@link #COMMANDS} goes, whatever Python there is. */
  static String placeOfCommand(String path, Platform platform) {
    return scripts(platform) + path.substring(COMMANDS.length() - 1);
  }

  private static String scripts(Platform platform) {
    return platform.isWindows() ? "Scripts" : "bin";
  }

  /** Returns where the byte code of a module belongs, both relative to the prefix (PEP 3147). */
  public String byteCodeOf(String source) {
    if (version.startsWith("2.")) {
      return source + "c";
    }
    int name = source.lastIndexOf('/') + 1;
    String stem = source.substring(name, source.length() - ".py".length());
    return source.substring(0, name)
        + "__pycache__/"
        + stem
        + ".cpython-"
        + version.replace(".", "")
        + ".pyc";
  }
}

package io.jconda.build;

import io.jconda.InvalidNameException;
import io.jconda.InvalidSpecException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the names that a package is made of: CEP-26 for its own, safety for those of files. */
final class NameRules {
  private static final int MAX_LENGTH = 64;
  private static final int MAX_FILE_NAME = 211;
  // CEP-26 gives a regex that backtracks; the prose of the same section says the same as these
  private static final Pattern NAME = Pattern.compile("_?[a-z0-9]+([._-][a-z0-9]+)*[._-]?");
  private static final Pattern VERSION = Pattern.compile("[0-9a-z._+!]+");
  private static final Pattern BUILD = Pattern.compile("[A-Za-z0-9_.+]+");
  private static final Pattern ENTRY_POINT = Pattern.compile("([^=]*)=([^:]*):(.*)");
  private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");
  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private NameRules() {}

  static String name(String name) {
    if (!NAME.matcher(name).matches() || name.length() > MAX_LENGTH) {
      throw new InvalidNameException(
          "'%s' is no name for a package (CEP-26).".formatted(name),
          "Use at most 64 lower-case letters, digits and single '-', '_' or '.' between them.");
    }
    return name;
  }

  static String version(String version) {
    for (int i = 0; i < version.length(); i++) {
      if (!VERSION.matcher(version.substring(i, i + 1)).matches()) {
        throw new InvalidSpecException(
            version,
            i,
            "a package's version has no such character (CEP-26)",
            "Use digits, lower-case letters, '.', '_', '+' and '!'.");
      }
    }
    if (version.length() > MAX_LENGTH) {
      throw new InvalidSpecException(
          version, MAX_LENGTH, "a version is too long (CEP-26)", "Use at most 64 characters.");
    }
    return version;
  }

  static String build(String build) {
    if (!BUILD.matcher(build).matches() || build.length() > MAX_LENGTH) {
      throw new InvalidNameException(
          "'%s' is no build string (CEP-26).".formatted(build),
          "Use at most 64 letters, digits, '_', '.' and '+'.");
    }
    return build;
  }

  static void fileName(String fileName) {
    if (fileName.length() > MAX_FILE_NAME) {
      throw new InvalidNameException(
          "The file name '%s' is too long (CEP-26).".formatted(fileName),
          "Shorten name, version or build until it has at most 211 characters.");
    }
  }

  /** Brings an entry point into the form {@code command = module:function}. */
  static String entryPoint(String text) {
    Matcher parts = ENTRY_POINT.matcher(text);
    if (!parts.matches()) {
      throw badEntryPoint(text);
    }
    String command = parts.group(1).strip();
    String module = parts.group(2).strip();
    String function = parts.group(3).strip();
    if (!COMMAND.matcher(command).matches()
        || !DOTTED.matcher(module).matches()
        || !DOTTED.matcher(function).matches()) {
      throw badEntryPoint(text);
    }
    return command + " = " + module + ":" + function;
  }

  private static InvalidNameException badEntryPoint(String text) {
    return new InvalidNameException(
        "'%s' is no entry point.".formatted(text),
        "Write 'command = module:function', with a plain file name and dotted Python names.");
  }

  /** Checks a path inside a package. */
  static String path(String path) {
    if (path.isEmpty()
        || path.startsWith("/")
        || path.indexOf('\\') >= 0
        || CONTROL.matcher(path).find()
        || DRIVE.matcher(path).matches()) {
      throw badPath(path, "is no relative path with '/' between its parts");
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw badPath(path, "has the part '" + part + "'");
      }
    }
    String first = path.split("/", 2)[0].toLowerCase(Locale.ROOT);
    if (first.equals("info") || first.equals("conda-meta")) {
      throw badPath(path, "lies in a folder that belongs to conda");
    }
    return path;
  }

  private static InvalidNameException badPath(String path, String why) {
    return new InvalidNameException(
        "A package cannot have the file '%s': it %s.".formatted(path, why),
        "Give a path such as lib/data.txt, relative to the environment.");
  }

  /** Checks that a link's target stays in the package. */
  static String linkTarget(String path, String target) {
    boolean absolute =
        target.startsWith("/") || target.indexOf('\\') >= 0 || DRIVE.matcher(target).matches();
    int depth = (int) path.chars().filter(c -> c == '/').count();
    for (String part : target.split("/", -1)) {
      depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
      absolute |= depth < 0;
    }
    if (absolute || target.isEmpty() || CONTROL.matcher(target).find()) {
      throw new InvalidNameException(
          "The link '%s' to '%s' would leave the package.".formatted(path, target),
          "Give a target relative to the link's folder that stays in the package.");
    }
    return target;
  }
}

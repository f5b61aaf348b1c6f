package io.jconda.core.env;

import io.jconda.InvalidFileException;
import io.jconda.InvalidSpecException;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.file.LockedPackage.Manager;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes lists of archives, known by a line {@code @EXPLICIT} (CEP-23). */
final class ExplicitList {
  private static final String MARK = "@EXPLICIT";
  private static final Pattern PLATFORM = Pattern.compile("#\\s*platform:\\s*(\\S+)\\s*");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*|file:.*");
  private static final Pattern ARCHIVE = Pattern.compile(".*\\.(conda|tar\\.bz2)(#.*)?");

  private ExplicitList() {}

  /** Tells whether a text is such a list. */
  static boolean isOne(String text) {
    return text.lines().anyMatch(line -> line.strip().equals(MARK));
  }

  /**
   * Reads a list.
   *
   * @param origin what it is called in messages
   * @param variables what {@code $NAME} stands for
   * @throws InvalidFileException if a line is none, or packages are for several platforms
   */
  static LockFile read(String text, String origin, Map<String, String> variables) {
    Optional<String> stated = Optional.empty();
    List<MatchSpec> specs = new ArrayList<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      Matcher platform = PLATFORM.matcher(line);
      if (platform.matches()) {
        stated = Optional.of(platform.group(1));
      }
      if (!line.isEmpty() && !line.startsWith("#") && !line.equals(MARK)) {
        specs.add(spec(line, origin + " at line " + number, variables));
      }
    }
    Platform platform = platform(stated, specs, origin);
    Set<Channel> channels = new LinkedHashSet<>();
    List<LockedPackage> packages = new ArrayList<>();
    for (MatchSpec spec : specs) {
      spec.channel().ifPresent(channels::add);
      packages.add(locked(spec, platform));
    }
    return LockFile.of(List.copyOf(channels), packages);
  }

  private static MatchSpec spec(String line, String place, Map<String, String> variables) {
    if (!ARCHIVE.matcher(line).matches()) {
      throw new InvalidFileException(
          "%s: '%s' is no package: its name ends in neither .conda nor .tar.bz2."
              .formatted(place, io.jconda.spec.UrlSecrets.masked(line)),
          "Write the URL or path of one package, or take the line %s away.".formatted(MARK));
    }
    String expanded = expand(line, variables);
    try {
      return MatchSpec.parse(
          SCHEME.matcher(expanded).matches()
              ? expanded
              : Path.of(expanded).toAbsolutePath().normalize().toString());
    } catch (InvalidSpecException e) {
      throw new InvalidFileException("%s: %s".formatted(place, e.problem().strip()), e.remedy(), e);
    }
  }

  /** Expands as Python's {@code os.path} does: a name that is not known stays as it is. */
  private static String expand(String line, Map<String, String> variables) {
    String home =
        line.startsWith("~/") ? System.getProperty("user.home") + line.substring(1) : line;
    return VARIABLE
        .matcher(home)
        .replaceAll(
            found -> {
              String name = found.group(1) == null ? found.group(2) : found.group(1);
              return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
            });
  }

  private static Platform platform(Optional<String> stated, List<MatchSpec> specs, String origin) {
    Set<Platform> named = new LinkedHashSet<>();
    stated.ifPresent(subdir -> named.add(known(subdir, origin)));
    for (MatchSpec spec : specs) {
      spec.subdir()
          .filter(subdir -> !subdir.equals(Platform.NOARCH.subdir()))
          .ifPresent(subdir -> named.add(known(subdir, origin)));
    }
    if (named.size() > 1) {
      throw new InvalidFileException(
          "%s has packages for several platforms: %s.".formatted(origin, named),
          "Write a list of its own for each platform.");
    }
    return named.stream().findFirst().orElseGet(Platform::current);
  }

  private static Platform known(String subdir, String origin) {
    try {
      return Platform.of(subdir);
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(
          "%s: %s".formatted(origin, e.getMessage()), "Correct the platform.", e);
    }
  }

  private static LockedPackage locked(MatchSpec spec, Platform platform) {
    LockedPackage.Builder one =
        LockedPackage.builder(
            Manager.CONDA,
            spec.name(),
            spec.version().map(Object::toString).orElse("").replaceFirst("^=+", ""),
            platform,
            spec.url().orElseThrow());
    spec.build().ifPresent(one::build);
    spec.md5().ifPresent(one::md5);
    spec.sha256().ifPresent(one::sha256);
    return one.build();
  }

  /** Writes the packages that a lock file has for a platform. */
  static String write(LockFile lock, Platform platform) {
    List<LockedPackage> packages = lock.packages(platform);
    if (packages.isEmpty()) {
      throw new IllegalArgumentException(
          "The lock file has no packages for %s; it has %s.".formatted(platform, lock.platforms()));
    }
    StringBuilder text = new StringBuilder();
    text.append("# This file may be used to create an environment using:\n");
    text.append("# $ conda create --name <env> --file <this file>\n");
    text.append("# platform: ").append(platform).append('\n').append(MARK).append('\n');
    for (LockedPackage one : packages) {
      if (one.manager() == Manager.CONDA) {
        text.append(one.url())
            .append(
                one.sha256()
                    .map(hash -> "#sha256:" + hash)
                    .or(() -> one.md5().map(hash -> "#" + hash))
                    .orElse(""))
            .append('\n');
      }
    }
    for (LockedPackage one : packages) {
      if (one.manager() == Manager.PIP) {
        text.append("# not in such a list, for pip to install: ")
            .append("%s==%s\n".formatted(one.name(), one.version()));
      }
    }
    return text.toString();
  }
}

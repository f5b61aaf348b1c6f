package io.jconda.core.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jconda.IntegrityException;
import io.jconda.core.cache.PathsJson.Claim;
import io.jconda.core.cache.StoredFile.FileMode;
import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.core.util.JsonTree;
import io.jconda.spec.NoarchType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a package says of itself in {@code info/}, and puts it together with what was found in
 * its archive.
 *
 * <p>{@code paths.json} is the truth about which paths there are and how they are linked; packages
 * without it have {@code files}, {@code has_prefix} and {@code no_link} (CEP-34). What it claims of
 * a file must be so.
 */
final class PackageInfo {
  /** What a placeholder is where {@code has_prefix} does not say (conda: base/constants.py). */
  private static final String OLD_PLACEHOLDER = "/opt/anaconda1anaconda2anaconda3";

  /** They are held whole: a package of 200,000 paths has so much, and none has more. */
  private static final int MAX_TEXT = 64 << 20;

  /** The files of {@code info/} that are read. */
  static final Set<String> WANTED =
      Set.of(
          "info/index.json",
          "info/paths.json",
          "info/link.json",
          "info/files",
          "info/has_prefix",
          "info/no_link");

  private static final Pattern OLD_PREFIX_LINE =
      Pattern.compile("(\"[^\"]*\"|'[^']*'|\\S+)\\s+(text|binary)\\s+(.+)");

  private final String archiveName;
  private final Map<String, byte[]> texts = new HashMap<>();
  private Optional<List<Claim>> claims = Optional.empty();

  PackageInfo(String archiveName) {
    this.archiveName = archiveName;
  }

  /** Tells whether a path of the archive is one to {@link #add}. */
  static boolean wants(String path) {
    return WANTED.contains(path);
  }

  /**
   * Takes one of the files that it wants.
   *
   * @throws IntegrityException if it is larger than such a file of any package
   * @throws IOException what {@code content} threw
   */
  void add(String path, InputStream content) throws IOException {
    byte[] text = content.readNBytes(MAX_TEXT + 1);
    if (text.length > MAX_TEXT) {
      throw broken("its %s has more than %d MiB".formatted(path, MAX_TEXT >> 20));
    }
    texts.put(path, text);
  }

  /**
   * Returns the facts.
   *
   * @throws IntegrityException if {@code index.json} is missing or something is no JSON
   */
  PackageFacts facts() {
    byte[] index = texts.get("info/index.json");
    if (index == null) {
      throw broken("it has no info/index.json");
    }
    JsonNode indexJson = json("info/index.json");
    JsonNode noarchLink = json("info/link.json").path("noarch");
    List<String> entryPoints = new ArrayList<>();
    noarchLink.path("entry_points").forEach(node -> entryPoints.add(node.asText()));
    Optional<NoarchType> noarch =
        noarch(indexJson.path("noarch")).or(() -> noarch(noarchLink.path("type")));
    String sitePackages = indexJson.path("python_site_packages_path").asText("");
    return new PackageFacts(
        new String(index, StandardCharsets.UTF_8),
        noarch,
        List.copyOf(entryPoints),
        sitePackages.isEmpty() ? Optional.empty() : Optional.of(sitePackages));
  }

  private static Optional<NoarchType> noarch(JsonNode node) {
    if (node.isBoolean()) {
      return node.asBoolean() ? Optional.of(NoarchType.GENERIC) : Optional.empty();
    }
    return switch (node.asText("").toLowerCase(Locale.ROOT)) {
      case "python" -> Optional.of(NoarchType.PYTHON);
      case "generic" -> Optional.of(NoarchType.GENERIC);
      default -> Optional.empty();
    };
  }

  /**
   * Returns the package's paths.
   *
   * @param found what the archive holds outside {@code info/}, by path
   * @throws IntegrityException if a path is missing in the archive, or is not what is claimed of it
   */
  List<StoredFile> files(Map<String, StoredFile> found) {
    if (texts.containsKey("info/paths.json")) {
      return filesOfPathsJson(found);
    }
    return texts.containsKey("info/files") ? filesOfOldLists(found) : List.copyOf(found.values());
  }

  private List<StoredFile> filesOfPathsJson(Map<String, StoredFile> found) {
    List<Claim> claims =
        claims().orElseThrow(() -> broken("its info/paths.json has no list of paths"));
    Map<String, StoredFile> files = new LinkedHashMap<>();
    for (Claim claim : claims) {
      String path = clean(claim.path());
      StoredFile file = found(found, path, claim.isDirectory());
      if (files.put(path, described(file, claim)) != null) {
        throw broken("its info/paths.json names '" + path + "' twice");
      }
    }
    return List.copyOf(files.values());
  }

  /** Returns the paths that {@code paths.json} names, in its order; nothing has looked at them. */
  List<String> claimedPaths() {
    List<String> paths = new ArrayList<>();
    for (Claim claim : claims().orElse(List.of())) {
      if (!claim.isDirectory()) {
        paths.add(claim.path());
      }
    }
    return paths;
  }

  /** Tells whether {@code paths.json} is there and says of every file what hash it has. */
  boolean claimsEveryHash() {
    for (Claim claim : claims().orElse(List.of())) {
      if (claim.isHardLink() && !Digests.isSha256(Digests.normal(claim.sha256()))) {
        return false;
      }
    }
    return claims().isPresent();
  }

  private Optional<List<Claim>> claims() {
    byte[] text = texts.get("info/paths.json");
    if (claims.isEmpty() && text != null) {
      try {
        claims = PathsJson.read(text);
      } catch (IOException e) {
        throw broken("its info/paths.json is no JSON", e);
      }
    }
    return claims;
  }

  private StoredFile described(StoredFile file, Claim claim) {
    StoredFile.Builder described = file.toBuilder().noLink(claim.noLink());
    String claimed = Digests.normal(claim.sha256());
    if (file.kind() == Kind.SYMLINK && Digests.isSha256(claimed)) {
      // of the target's content, or of the link's text: tools disagree, and nobody follows it
      described.sha256(claimed);
    }
    if (file.kind() == Kind.FILE) {
      // an entry that calls a file a softlink describes what the link would have led to
      if (!claim.isSoftLink()) {
        check(file, claimed, claim.size());
      }
      if (!claim.placeholder().isEmpty()) {
        described.placeholder(
            claim.placeholder(), claim.binary() ? FileMode.BINARY : FileMode.TEXT);
      }
    }
    return described.build();
  }

  private void check(StoredFile file, String claimed, long size) {
    String actual = file.sha256().orElseThrow();
    if (!claimed.isEmpty() && !claimed.equals(actual)) {
      throw broken(
          "its info/paths.json says that '%s' has the SHA-256 %s, but it has %s"
              .formatted(file.path(), claimed, actual));
    }
    if (size >= 0 && size != file.size()) {
      throw broken(
          "its info/paths.json says that '%s' has %d bytes, but it has %d"
              .formatted(file.path(), size, file.size()));
    }
  }

  private List<StoredFile> filesOfOldLists(Map<String, StoredFile> found) {
    Set<String> noLink = new HashSet<>();
    lines("info/no_link").forEach(line -> noLink.add(clean(line)));
    Map<String, Prefix> prefixes = new HashMap<>();
    for (String line : lines("info/has_prefix")) {
      Prefix prefix = Prefix.parse(line);
      prefixes.put(clean(prefix.path), prefix);
    }
    Map<String, StoredFile> files = new LinkedHashMap<>();
    for (String line : lines("info/files")) {
      String path = clean(line);
      StoredFile file = found(found, path, false);
      StoredFile.Builder described = file.toBuilder().noLink(noLink.contains(path));
      Prefix prefix = prefixes.get(path);
      if (prefix != null && file.kind() == Kind.FILE) {
        described.placeholder(prefix.placeholder, prefix.mode);
      }
      files.put(path, described.build());
    }
    return List.copyOf(files.values());
  }

  private StoredFile found(Map<String, StoredFile> found, String path, boolean directory) {
    StoredFile file = found.get(path);
    if (file != null) {
      return file;
    }
    if (directory) {
      // archives need not hold an entry for a folder
      return StoredFile.builder(path, Kind.DIRECTORY).build();
    }
    throw broken("it lacks '" + path + "', which its info names");
  }

  /** Names from {@code info/} are trusted as little as those of the archive. */
  private String clean(String path) {
    String clean = path.startsWith("./") ? path.substring(2) : path;
    // no regular expression: a package has thousands of paths
    for (String part : clean.replace('\\', '/').split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw broken("its info names the path '" + path + "'");
      }
    }
    return clean;
  }

  private List<String> lines(String path) {
    byte[] text = texts.get(path);
    return text == null
        ? List.of()
        : new String(text, StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
  }

  private JsonNode json(String path) {
    byte[] text = texts.get(path);
    if (text == null) {
      return MissingNode.getInstance();
    }
    try {
      return JsonTree.read(text);
    } catch (JsonProcessingException e) {
      throw broken("its " + path + " is no JSON", e);
    }
  }

  private IntegrityException broken(String reason) {
    return broken(reason, null);
  }

  private IntegrityException broken(String reason, @Nullable Exception cause) {
    return new IntegrityException(
        "The package %s contradicts itself: %s.".formatted(archiveName, reason),
        "Tell who built it, and use another build of it.",
        cause);
  }

  /** A line of {@code info/has_prefix}: placeholder, mode and path, or a path alone. */
  private record Prefix(String placeholder, FileMode mode, String path) {
    static Prefix parse(String line) {
      var matcher = OLD_PREFIX_LINE.matcher(line);
      return matcher.matches()
          ? new Prefix(
              unquoted(matcher.group(1)),
              matcher.group(2).equals("binary") ? FileMode.BINARY : FileMode.TEXT,
              unquoted(matcher.group(3)))
          : new Prefix(OLD_PLACEHOLDER, FileMode.TEXT, unquoted(line));
    }

    private static String unquoted(String text) {
      boolean quoted =
          text.length() > 1
              && (text.charAt(0) == '"' || text.charAt(0) == '\'')
              && text.charAt(text.length() - 1) == text.charAt(0);
      return quoted ? text.substring(1, text.length() - 1) : text;
    }
  }
}

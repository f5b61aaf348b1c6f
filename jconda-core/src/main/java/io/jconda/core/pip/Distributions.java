package io.jconda.core.pip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.InstalledDistribution;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.spec.Platform;
import io.jconda.spec.UrlSecrets;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which distributions lie in an environment, as Python's {@code importlib.metadata} does:
 * from {@code .dist-info}, {@code .egg-info}, eggs, and the {@code .egg-link} of a project that
 * older tools have installed where it lies.
 */
public final class Distributions {
  private static final Pattern FOLDER =
      Pattern.compile("(?<name>[^-]+)(-(?<version>[^-]+))?(-py[0-9.]+)?\\.(dist|egg)-info");

  private static final Pattern EGG =
      Pattern.compile("(?<name>[^-]+)-(?<version>[^-]+)(-py[0-9.]+)?(-[^-]+)?\\.egg");

  /** What stands in a package's list of files up to its metadata for Python. */
  private static final Pattern METADATA =
      Pattern.compile("^.*?/[^/]+\\.(dist-info|egg-info|egg|egg-link)(?=/|$)");

  private static final Logger LOG = LoggerFactory.getLogger(Distributions.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Distributions() {}

  /**
   * Lists them by name, letters of either case together.
   *
   * @param installed what conda has in the environment
   * @param platform the platform that it is for
   * @throws io.jconda.StorageException if the disk cannot be read
   */
  public static List<InstalledDistribution> of(PrefixRecords installed, Platform platform) {
    Path prefix = installed.prefix();
    Optional<Path> folder = SitePackages.of(prefix, platform);
    if (folder.isEmpty()) {
      return List.of();
    }
    Set<String> ofConda = new HashSet<>();
    installed.packages().forEach(own -> ofConda.addAll(metadata(own)));
    try (Stream<Path> entries = Files.list(folder.get())) {
      List<InstalledDistribution> found = new ArrayList<>();
      for (Path entry : entries.toList()) {
        boolean conda = ofConda.contains(prefix.relativize(entry).toString().replace('\\', '/'));
        read(entry).map(builder -> builder.ofConda(conda).build()).ifPresent(found::add);
      }
      found.sort(
          Comparator.comparing(InstalledDistribution::name, String.CASE_INSENSITIVE_ORDER)
              .thenComparing(InstalledDistribution::version));
      return List.copyOf(found);
    } catch (IOException e) {
      throw DiskFailure.explain("list Python's packages", folder.get(), e);
    }
  }

  /**
   * Names the distributions of a package of conda's whose metadata lie there no more, as their
   * folders were called.
   *
   * @param own the package
   * @param prefix the environment's folder
   */
  public static List<String> gone(InstalledPackage own, Path prefix) {
    List<String> gone = new ArrayList<>();
    for (String path : metadata(own)) {
      Path entry = prefix.resolve(path);
      Matcher name = FOLDER.matcher(String.valueOf(entry.getFileName()));
      if (name.matches() && Files.notExists(entry)) {
        gone.add(name.group("name"));
      }
    }
    return gone;
  }

  /** Returns where a package of conda's has metadata for Python, relative to the prefix. */
  private static Set<String> metadata(InstalledPackage own) {
    Set<String> paths = new HashSet<>();
    for (String file : own.files()) {
      Matcher path = METADATA.matcher(file);
      if (path.find()) {
        paths.add(path.group());
      }
    }
    return paths;
  }

  private static Optional<InstalledDistribution.Builder> read(Path entry) throws IOException {
    String file = entry.getFileName().toString();
    // pip renames what it is about to remove such that the name begins with a tilde
    if (file.startsWith("~")) {
      return Optional.empty();
    }
    if (file.endsWith(".egg-link")) {
      return linked(entry);
    }
    Matcher name = FOLDER.matcher(file);
    if (name.matches()) {
      return Optional.of(read(entry, name));
    }
    Matcher egg = EGG.matcher(file);
    Path inside = entry.resolve("EGG-INFO");
    return egg.matches() && Files.isDirectory(inside)
        ? Optional.of(read(inside, egg))
        : Optional.empty();
  }

  /** Follows a link that names the folder of a project in its first line. */
  private static Optional<InstalledDistribution.Builder> linked(Path link) throws IOException {
    Optional<String> project = text(link).lines().map(String::strip).findFirst();
    if (project.isEmpty()) {
      return Optional.empty();
    }
    Path folder = link.resolveSibling(project.get());
    try (DirectoryStream<Path> infos = Files.newDirectoryStream(folder, "*.egg-info")) {
      for (Path info : infos) {
        Matcher name = FOLDER.matcher(info.getFileName().toString());
        if (name.matches()) {
          InstalledDistribution found = read(info, name).build();
          return Optional.of(
              InstalledDistribution.builder(found.name(), found.version(), link)
                  .installer(found.installer())
                  .editable(folder));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // the project is gone: Python does not see it either
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static InstalledDistribution.Builder read(Path entry, Matcher nameOfFolder)
      throws IOException {
    List<String> header = header(entry);
    InstalledDistribution.Builder builder =
        InstalledDistribution.builder(
                field(header, "Name").orElse(nameOfFolder.group("name")),
                field(header, "Version")
                    .or(() -> Optional.ofNullable(nameOfFolder.group("version")))
                    .orElse(""),
                entry)
            .installer(text(entry.resolve("INSTALLER")).strip());
    addSource(builder, entry);
    return builder;
  }

  /** Reads PEP 610's note of where it came from; one that is damaged says nothing. */
  private static void addSource(InstalledDistribution.Builder builder, Path entry)
      throws IOException {
    String note = text(entry.resolve("direct_url.json"));
    if (note.isEmpty()) {
      return;
    }
    try {
      JsonNode json = JSON.readTree(note);
      String url = json.path("url").asText();
      if (url.isEmpty()) {
        return;
      }
      builder.source(UrlSecrets.removed(source(url, json.path("vcs_info"))));
      if (json.path("dir_info").path("editable").asBoolean() && url.startsWith("file:")) {
        builder.editable(Path.of(URI.create(url)));
      }
    } catch (JsonProcessingException | IllegalArgumentException | FileSystemNotFoundException e) {
      LOG.debug("A note of where {} came from is damaged", entry, e);
    }
  }

  /** Writes a working copy as pip takes it: which tool, where, which commit. */
  private static String source(String url, JsonNode copy) {
    String tool = copy.path("vcs").asText();
    String commit = copy.path("commit_id").asText();
    return tool.isEmpty() ? url : tool + "+" + url + (commit.isEmpty() ? "" : "@" + commit);
  }

  private static List<String> header(Path entry) throws IOException {
    String text =
        Files.isDirectory(entry)
            ? text(entry.resolve("METADATA")) + text(entry.resolve("PKG-INFO"))
            : text(entry);
    return text.lines().takeWhile(line -> !line.isEmpty()).toList();
  }

  private static Optional<String> field(List<String> header, String name) {
    return header.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      // pip is at work in another process
      return "";
    }
  }
}

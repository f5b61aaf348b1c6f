package io.jconda.core.pip;

import io.jconda.InstalledDistribution;
import io.jconda.core.host.DiskFailure;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads which distributions lie in an environment, from {@code .dist-info} and {@code .egg-info},
 * as Python's {@code importlib.metadata} does.
 */
public final class Distributions {
  private static final Pattern FOLDER =
      Pattern.compile("(?<name>[^-]+)(-(?<version>[^-]+))?(-py[0-9.]+)?\\.(dist|egg)-info");

  private Distributions() {}

  /**
   * Lists them by name, letters of either case together.
   *
   * @param prefix the environment's folder
   * @param platform the platform that it is for
   * @throws io.jconda.StorageException if the disk cannot be read
   */
  public static List<InstalledDistribution> of(Path prefix, Platform platform) {
    Optional<Path> folder = SitePackages.of(prefix, platform);
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder.get())) {
      List<InstalledDistribution> found = new ArrayList<>();
      for (Path entry : entries.toList()) {
        // pip renames what it is about to remove such that the name begins with a tilde
        Matcher name = FOLDER.matcher(entry.getFileName().toString());
        if (name.matches() && !name.group("name").startsWith("~")) {
          found.add(read(entry, name));
        }
      }
      found.sort(
          Comparator.comparing(InstalledDistribution::name, String.CASE_INSENSITIVE_ORDER)
              .thenComparing(InstalledDistribution::version));
      return List.copyOf(found);
    } catch (IOException e) {
      throw DiskFailure.explain("list Python's packages", folder.get(), e);
    }
  }

  private static InstalledDistribution read(Path entry, Matcher nameOfFolder) throws IOException {
    List<String> header = header(entry);
    return new InstalledDistribution(
        field(header, "Name").orElse(nameOfFolder.group("name")),
        field(header, "Version")
            .or(() -> Optional.ofNullable(nameOfFolder.group("version")))
            .orElse(""),
        entry,
        text(entry.resolve("INSTALLER")).strip());
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

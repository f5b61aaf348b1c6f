package io.jconda.core.pip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.core.host.DiskFailure;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the folder where an environment's Python has its packages: where the record of the package
 * {@code python} says (CEP-17), else where its version has it, else, for a Python that conda did
 * not bring, the one folder that is there.
 */
public final class SitePackages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SitePackages() {}

  /**
   * Finds it.
   *
   * @param prefix the environment's folder
   * @param platform the platform that it is for
   * @return the folder, which exists; empty if there is no Python
   * @throws io.jconda.StorageException if the disk cannot be read
   */
  public static Optional<Path> of(Path prefix, Platform platform) {
    try {
      return candidates(prefix, platform).stream().filter(Files::isDirectory).findFirst();
    } catch (IOException e) {
      throw DiskFailure.explain("look for Python's packages", prefix, e);
    }
  }

  /**
   * Returns a text that changes when a distribution comes, goes, or changes its version.
   *
   * @throws io.jconda.StorageException if the disk cannot be read
   */
  public static String stamp(Path folder) {
    try {
      List<String> names = new ArrayList<>();
      for (Path info : matches(folder, "*{-info,.egg,.egg-link}")) {
        names.add(info.getFileName().toString());
      }
      return names.toString();
    } catch (IOException e) {
      throw DiskFailure.explain("look at Python's packages", folder, e);
    }
  }

  private static List<Path> candidates(Path prefix, Platform platform) throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (Path record : matches(prefix.resolve("conda-meta"), "python-[0-9]*.json")) {
      JsonNode json = JSON.readTree(Files.readAllBytes(record));
      if (!json.path("name").asText().equals("python")) {
        continue;
      }
      String stated = json.path("python_site_packages_path").asText();
      if (!stated.isEmpty() && Path.of(stated).normalize().startsWith("..")) {
        throw new IOException("%s leads out of the environment: %s".formatted(record, stated));
      }
      if (!stated.isEmpty()) {
        candidates.add(prefix.resolve(stated));
      }
      String[] version = json.path("version").asText().split("\\.", -1);
      if (version.length >= 2 && !platform.isWindows()) {
        candidates.add(inLib(prefix, "python" + version[0] + "." + version[1]));
      }
    }
    if (platform.isWindows()) {
      candidates.add(prefix.resolve("Lib").resolve("site-packages"));
    } else {
      for (Path folder : matches(prefix.resolve("lib"), "python[0-9].*")) {
        candidates.add(folder.resolve("site-packages"));
      }
    }
    return candidates;
  }

  private static Path inLib(Path prefix, String folder) {
    return prefix.resolve("lib").resolve(folder).resolve("site-packages");
  }

  private static List<Path> matches(Path folder, String glob) throws IOException {
    List<Path> matches = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(matches::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    matches.sort(null);
    return matches;
  }
}

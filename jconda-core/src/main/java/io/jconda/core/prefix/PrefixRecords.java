package io.jconda.core.prefix;

import io.jconda.CondaException;
import io.jconda.InvalidSpecException;
import io.jconda.core.host.DiskFailure;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
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

/** Holds the records of all packages of a prefix, as they were when they were read. Immutable. */
public final class PrefixRecords {
  private static final int MOST_LOOKS = 100;

  private final Path prefix;
  private final List<InstalledPackage> packages;

  private PrefixRecords(Path prefix, List<InstalledPackage> packages) {
    this.prefix = prefix;
    this.packages = packages;
  }

  /** Returns the folder of a prefix that holds its records and its history. */
  public static Path metaFolder(Path prefix) {
    return prefix.resolve("conda-meta");
  }

  /**
   * Returns the folder of what JConda itself remembers of a prefix: never a {@code .json} file,
   * which other tools would read as a record.
   */
  public static Path notesFolder(Path prefix) {
    return metaFolder(prefix).resolve(".jconda");
  }

  /** Tells whether a folder is an environment: it has a {@code conda-meta/history} (CEP-32). */
  public static boolean isEnvironment(Path prefix) {
    return Files.isRegularFile(metaFolder(prefix).resolve("history"));
  }

  /**
   * Reads the records of a prefix; blocks. A prefix that is not there has none.
   *
   * @throws CondaException if a record cannot be read; the message names it
   */
  public static PrefixRecords read(Path prefix) {
    Path folder = metaFolder(prefix);
    try {
      // a record goes and comes while another process changes the prefix: then look again
      for (int attempt = 1; ; attempt++) {
        try {
          return new PrefixRecords(prefix, readAll(folder));
        } catch (NoSuchFileException e) {
          if (!Files.isDirectory(folder)) {
            return new PrefixRecords(prefix, List.of());
          }
          if (attempt == MOST_LOOKS) {
            throw new IOException("its records come and go", e);
          }
        }
      }
    } catch (NotDirectoryException e) {
      return new PrefixRecords(prefix, List.of());
    } catch (IOException e) {
      throw DiskFailure.explain("read the records of the environment", folder, e);
    }
  }

  /**
   * Returns the names of the records of a prefix, which are those of the packages, each a name, a
   * version and a build; reads one folder and no record. Blocks.
   */
  public static Set<String> names(Path prefix) {
    Path folder = metaFolder(prefix);
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, PrefixRecords::isRecord)) {
      for (Path file : entries) {
        String name = String.valueOf(file.getFileName());
        names.add(name.substring(0, name.length() - ".json".length()));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (IOException e) {
      throw DiskFailure.explain("read the records of the environment", folder, e);
    }
    return names;
  }

  private static boolean isRecord(Path file) {
    return isRecord(String.valueOf(file.getFileName()));
  }

  /**
   * Tells whether a name in {@link #metaFolder} is that of a record. Macs write a {@code ._} file
   * beside each where a file system has no room for what they know of it (conda: {@code
   * prefix_data.py}).
   */
  static boolean isRecord(String name) {
    return name.endsWith(".json") && !name.startsWith("._");
  }

  private static List<InstalledPackage> readAll(Path folder) throws IOException {
    List<InstalledPackage> packages = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, PrefixRecords::isRecord)) {
      for (Path file : entries) {
        packages.add(readRecord(file));
      }
    }
    packages.sort(
        Comparator.comparing((InstalledPackage installed) -> installed.record().name())
            .thenComparing(InstalledPackage::fileName));
    return List.copyOf(packages);
  }

  private static InstalledPackage readRecord(Path file) throws NoSuchFileException {
    try {
      return RecordJson.read(Files.readAllBytes(file), String.valueOf(file.getFileName()));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | InvalidSpecException e) {
      throw new CondaException(
          "The package record %s cannot be read (%s).".formatted(file, e.getMessage()),
          "Put it back from a backup, or make the environment again.",
          e);
    }
  }

  /** Returns the prefix. */
  public Path prefix() {
    return prefix;
  }

  /** Returns the packages, ordered by name. */
  public List<InstalledPackage> packages() {
    return packages;
  }

  /** Returns the platform of the native packages; the machine's where there is none. */
  public Platform platform() {
    return platformOf(packages.stream().map(InstalledPackage::record).toList());
  }

  /** Returns the platform of those packages that are native; the machine's where none is. */
  public static Platform platformOf(List<PackageRecord> records) {
    return records.stream()
        .map(PackageRecord::subdir)
        .filter(subdir -> !subdir.isEmpty() && !subdir.equals(Platform.NOARCH.subdir()))
        .findFirst()
        .map(Platform::of)
        .orElseGet(Platform::current);
  }

  /** Returns the package of a name. */
  public Optional<InstalledPackage> get(String name) {
    return packages.stream().filter(one -> one.record().name().equals(name)).findFirst();
  }
}

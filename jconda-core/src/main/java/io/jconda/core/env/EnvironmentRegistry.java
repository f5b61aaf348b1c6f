package io.jconda.core.env;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which environments there are: those in the folder of named ones, and those that the user's
 * {@code ~/.conda/environments.txt} lists (conda: {@code core/envs_manager.py}).
 *
 * <p>The file is a courtesy to other tools: where it cannot be written, environments work all the
 * same. Thread-safe.
 */
public final class EnvironmentRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentRegistry.class);

  /** In the paths of folders that conda-build makes (conda: {@code register_env}). */
  private static final List<String> OF_BUILDS = List.of("placehold_pl", "skeleton_");

  private final List<Path> environments;
  private final Optional<Path> file;
  private final Disk disk;
  private final Locks locks;

  /**
   * Makes a registry.
   *
   * @param environments the folders of named environments
   * @param file {@code environments.txt}; empty if it is to be left alone
   * @param disk where to write
   * @param locks keeps two writers of the file apart
   */
  public EnvironmentRegistry(List<Path> environments, Optional<Path> file, Disk disk, Locks locks) {
    this.environments = List.copyOf(environments);
    this.file = file;
    this.disk = disk;
    this.locks = locks;
  }

  /**
   * Lists the prefixes of all environments that exist, sorted.
   *
   * @throws io.jconda.StorageException if a folder of named environments cannot be read
   */
  public List<Path> list() {
    Set<Path> prefixes = new TreeSet<>();
    environments.forEach(folder -> collect(folder, prefixes));
    file.ifPresent(list -> prefixes.addAll(read(list)));
    return prefixes.stream().filter(PrefixRecords::isEnvironment).toList();
  }

  private static void collect(Path environments, Set<Path> prefixes) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(environments)) {
      for (Path folder : folders) {
        prefixes.add(folder.toAbsolutePath().normalize());
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      LOG.debug("There are no named environments yet: {}", e.getMessage());
    } catch (IOException e) {
      throw DiskFailure.explain("list the environments", environments, e);
    }
  }

  /** Notes an environment, once; not one that a package is built in. */
  public void add(Path prefix, OperationContext context) {
    if (OF_BUILDS.stream().noneMatch(prefix.toString()::contains)) {
      change(prefix, this::append, context);
    }
  }

  /** Forgets an environment. */
  public void remove(Path prefix, OperationContext context) {
    change(prefix, this::drop, context);
  }

  /** Is what is done to the file for one prefix. */
  private interface Change {
    void make(Path list, Path prefix) throws IOException;
  }

  private void change(Path prefix, Change change, OperationContext context) {
    if (file.isEmpty()) {
      return;
    }
    Path list = file.get();
    Locks.Held held = locks.acquire(list.toString(), Locks.Mode.EXCLUSIVE, context);
    try {
      change.make(list, prefix);
    } catch (IOException e) {
      context
          .events()
          .warn(
              "%s could not be written (%s). Environments work all the same; other tools will not list %s."
                  .formatted(list, e.getMessage(), prefix));
    } finally {
      held.close();
    }
  }

  /** Adds a line as conda does, and leaves those that are there to the byte. */
  private void append(Path list, Path prefix) throws IOException {
    List<String> lines = lines(list);
    if (lines.stream().anyMatch(line -> isOf(line, prefix))) {
      return;
    }
    boolean open = !lines.isEmpty() && !lines.get(lines.size() - 1).endsWith("\n");
    disk.createDirectories(list.resolveSibling("").toAbsolutePath().normalize());
    try (OutputStream out =
        disk.newOutputStream(list, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(((open ? "\n" : "") + prefix + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private void drop(Path list, Path prefix) throws IOException {
    List<String> lines = lines(list);
    List<String> kept = lines.stream().filter(line -> !isOf(line, prefix)).toList();
    if (kept.size() < lines.size()) {
      // the file may be a link to where somebody keeps it
      disk.publish(list.toRealPath(), String.join("", kept).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /**
   * Returns the lines with their ends, one char for each byte: other tools write what they like.
   */
  private static List<String> lines(Path list) throws IOException {
    try {
      String text = new String(Files.readAllBytes(list), StandardCharsets.ISO_8859_1);
      return text.isEmpty()
          ? List.of()
          : List.of(text.split("(?<=\\n)", -1)).stream().filter(line -> !line.isEmpty()).toList();
    } catch (NoSuchFileException e) {
      LOG.debug("No {} yet.", list);
      return List.of();
    }
  }

  private static boolean isOf(String line, Path prefix) {
    return path(line).filter(prefix.toAbsolutePath().normalize()::equals).isPresent();
  }

  /** Returns which path a line names; none if it is blank, a comment, or nothing of this system. */
  private static Optional<Path> path(String line) {
    String text =
        new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      LOG.debug("The line '{}' names no path", text, e);
      return Optional.empty();
    }
  }

  private static List<Path> read(Path list) {
    try {
      return lines(list).stream().map(EnvironmentRegistry::path).flatMap(Optional::stream).toList();
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is ignored: {}", list, e.toString());
      return List.of();
    }
  }
}

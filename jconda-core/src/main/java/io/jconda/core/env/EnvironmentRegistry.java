package io.jconda.core.env;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

  /** Notes an environment, once. */
  public void add(Path prefix, OperationContext context) {
    change(prefix, true, context);
  }

  /** Forgets an environment. */
  public void remove(Path prefix, OperationContext context) {
    change(prefix, false, context);
  }

  private void change(Path prefix, boolean present, OperationContext context) {
    if (file.isEmpty()) {
      return;
    }
    Path list = file.get();
    Locks.Held held = locks.acquire(list.toString(), Locks.Mode.EXCLUSIVE, context);
    try {
      rewrite(list, prefix, present);
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

  private void rewrite(Path list, Path prefix, boolean present) throws IOException {
    Set<Path> prefixes = new LinkedHashSet<>(read(list));
    if (present ? !prefixes.add(prefix) : !prefixes.remove(prefix)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    prefixes.forEach(each -> text.append(each).append('\n'));
    disk.createDirectories(list.resolveSibling("").toAbsolutePath().normalize());
    disk.publish(list, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Path> read(Path list) {
    List<Path> prefixes = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
        if (!line.isBlank()) {
          prefixes.add(Path.of(line.strip()).toAbsolutePath().normalize());
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("No {} yet.", list);
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is ignored: {}", list, e.toString());
    }
    return prefixes;
  }
}

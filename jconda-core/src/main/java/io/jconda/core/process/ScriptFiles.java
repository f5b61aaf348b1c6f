package io.jconda.core.process;

import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the scripts of an environment that a shell runs when it enters or leaves it. */
final class ScriptFiles {
  /**
   * The order of Python's {@code sorted}: {@code String.compareTo} goes by UTF-16 units instead.
   */
  private static final Comparator<String> CODE_POINTS =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  private ScriptFiles() {}

  /** Returns those to run on entering, by name. */
  static List<Path> entering(Path prefix, String ending) {
    return in(prefix, "activate.d", ending);
  }

  /** Returns those to run on leaving, by name backwards. */
  static List<Path> leaving(Path prefix, String ending) {
    List<Path> scripts = new ArrayList<>(in(prefix, "deactivate.d", ending));
    Collections.reverse(scripts);
    return scripts;
  }

  private static List<Path> in(Path prefix, String name, String ending) {
    Path folder = prefix.resolve("etc").resolve("conda").resolve(name);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .sorted(Comparator.comparing(file -> file.getFileName().toString(), CODE_POINTS))
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw DiskFailure.explain("read the activation scripts", folder, e);
    }
  }
}

package io.jconda;

import io.jconda.spec.UrlSecrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what pip shall install once conda's packages are there. Immutable.
 *
 * @param lines lines of a file of requirements, options such as {@code --extra-index-url} included
 * @param folder what relative paths in them count from; the working folder if it is empty
 * @param withDependencies whether pip also installs what they need; a lock file names all itself
 */
public record PipRequirements(List<String> lines, Optional<Path> folder, boolean withDependencies) {
  /** Asks for nothing. */
  public static final PipRequirements NONE = new PipRequirements(List.of(), Optional.empty(), true);

  /** Copies the list. */
  public PipRequirements {
    lines = List.copyOf(lines);
  }

  /** Asks for more. */
  public PipRequirements plus(List<String> more) {
    List<String> all = new ArrayList<>(lines);
    all.addAll(more);
    return new PipRequirements(all, folder, withDependencies);
  }

  /** Tells whether nothing is asked for. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Returns the lines without secrets. */
  @Override
  public String toString() {
    return UrlSecrets.masked(String.join(", ", lines));
  }
}

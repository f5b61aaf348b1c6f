package io.jconda;

import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells which files of an environment are not what its packages put there. Immutable.
 *
 * <p>Looked at is every path that a record names, but byte code, which Python makes again by
 * itself. A file is right if its content is that of one of the packages that own it; one of which
 * no record says what it should hold is right if it is there.
 */
public final class Verification {
  private final Path prefix;
  private final List<Damage> damages;
  private final int pathsChecked;

  private Verification(Path prefix, List<Damage> damages, int pathsChecked) {
    this.prefix = prefix;
    this.damages = List.copyOf(damages);
    this.pathsChecked = pathsChecked;
  }

  /**
   * Makes one; for JConda itself and for tests.
   *
   * @param prefix the environment's folder
   * @param damages what is wrong
   * @param pathsChecked how many paths were looked at
   */
  public static Verification of(Path prefix, List<Damage> damages, int pathsChecked) {
    return new Verification(prefix, damages, pathsChecked);
  }

  /** Tells in which way a path is wrong. */
  public enum Fault {
    /** Nothing lies there. */
    MISSING,
    /** A file lies there whose content is another, or a symbolic link that leads elsewhere. */
    ALTERED,
    /**
     * Something else lies there: a folder in the place of a file, a file in the place of a link.
     */
    REPLACED
  }

  /**
   * States one path that is wrong.
   *
   * @param owner the package whose file should lie there
   * @param path the path, relative to the environment's folder, with forward slashes
   * @param fault in which way it is wrong
   */
  public record Damage(PackageRecord owner, String path, Fault fault) {
    /** Returns one line: path, fault, package. */
    @Override
    public String toString() {
      String word =
          switch (fault) {
            case MISSING -> "is missing";
            case ALTERED -> "was altered";
            case REPLACED -> "was replaced by something else";
          };
      return "%s %s (%s)".formatted(path, word, owner.distName());
    }
  }

  /** Returns the environment's folder. */
  public Path prefix() {
    return prefix;
  }

  /** Tells whether nothing is wrong. */
  public boolean isSound() {
    return damages.isEmpty();
  }

  /** Returns what is wrong, by package and path. */
  public List<Damage> damages() {
    return damages;
  }

  /** Returns how many paths were looked at. */
  public int pathsChecked() {
    return pathsChecked;
  }

  /** Returns what is wrong, a line each. */
  @Override
  public String toString() {
    if (isSound()) {
      return "All %d files of %s are right.".formatted(pathsChecked, prefix);
    }
    StringBuilder text = new StringBuilder();
    text.append("%d of %d files of %s are wrong:".formatted(damages.size(), pathsChecked, prefix));
    for (Damage damage : damages) {
      text.append(System.lineSeparator()).append("  ").append(damage);
    }
    return text.toString();
  }
}

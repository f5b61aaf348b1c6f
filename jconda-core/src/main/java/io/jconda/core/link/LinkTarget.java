package io.jconda.core.link;

import io.jconda.LinkMode;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says into what packages are linked. Immutable. */
public final class LinkTarget {
  private final Path root;
  private final String prefix;
  private final Platform platform;
  private final LinkMode mode;
  private final @Nullable PythonSite python;

  private LinkTarget(
      Path root, String prefix, Platform platform, LinkMode mode, @Nullable PythonSite python) {
    this.root = root;
    this.prefix = prefix;
    this.platform = platform;
    this.mode = mode;
    this.python = python;
  }

  /**
   * Makes a target without Python.
   *
   * @param root the folder that files are written into
   * @param prefix the folder where they will lie in the end, and which stands in them; the same as
   *     {@code root} unless the prefix is built beside its place
   * @param platform what the prefix is for; it decides on names, folders and line endings
   * @param mode whether files are linked
   */
  public static LinkTarget of(Path root, Path prefix, Platform platform, LinkMode mode) {
    return new LinkTarget(root, prefix.toString(), platform, mode, null);
  }

  /** Returns the same target with the Python that noarch packages are laid out for. */
  public LinkTarget withPython(PythonSite site) {
    return new LinkTarget(root, prefix, platform, mode, site);
  }

  /** Returns the folder that files are written into. */
  public Path root() {
    return root;
  }

  /** Returns the path that is written into files in the place of placeholders. */
  public String prefix() {
    return prefix;
  }

  /** Returns what the prefix is for. */
  public Platform platform() {
    return platform;
  }

  /** Returns whether files are linked. */
  public LinkMode mode() {
    return mode;
  }

  /** Returns the Python that noarch packages are laid out for, if there is one. */
  public Optional<PythonSite> python() {
    return Optional.ofNullable(python);
  }
}

package io.jconda.core.link;

import io.jconda.LinkMode;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Says into what packages are linked. Immutable and thread-safe. */
public final class LinkTarget {
  private final Path root;
  private final String prefix;
  private final Platform platform;
  private final LinkMode mode;
  private final @Nullable PythonSite python;

  /** By placeholder, of which the files of a package mostly have one. */
  private final Map<String, PrefixRewrite> rewrites;

  private LinkTarget(
      Path root,
      String prefix,
      Platform platform,
      LinkMode mode,
      @Nullable PythonSite python,
      Map<String, PrefixRewrite> rewrites) {
    this.root = root;
    this.prefix = prefix;
    this.platform = platform;
    this.mode = mode;
    this.python = python;
    this.rewrites = rewrites;
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
    return new LinkTarget(root, prefix.toString(), platform, mode, null, new ConcurrentHashMap<>());
  }

  /** Returns the same target with the Python that noarch packages are laid out for. */
  public LinkTarget withPython(PythonSite site) {
    return new LinkTarget(root, prefix, platform, mode, site, rewrites);
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

  /** Returns what puts the prefix in the place of a placeholder. */
  PrefixRewrite rewrite(String placeholder) {
    return rewrites.computeIfAbsent(placeholder, text -> new PrefixRewrite(text, prefix, platform));
  }

  /** Returns the Python that noarch packages are laid out for, if there is one. */
  public Optional<PythonSite> python() {
    return Optional.ofNullable(python);
  }
}

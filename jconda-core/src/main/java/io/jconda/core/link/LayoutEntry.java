package io.jconda.core.link;

import io.jconda.core.cache.StoredFile;
import io.jconda.core.prefix.PathType;

/** Is one path that a package will have in a prefix. Immutable. */
public sealed interface LayoutEntry {
  /** Returns the path, relative to the prefix, with forward slashes. */
  String path();

  /**
   * A path that the package brings.
   *
   * @param path where it goes
   * @param file what it is
   */
  record Stored(String path, StoredFile file) implements LayoutEntry {}

  /**
   * A file that is made here.
   *
   * @param path where it goes
   * @param type what it is
   * @param content what it holds
   * @param executable whether it may be executed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  record Made(String path, PathType type, byte[] content, boolean executable)
      implements LayoutEntry {}
}

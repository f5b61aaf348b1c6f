package io.jconda;

/** Tells how files come from the package cache into an environment. */
public enum LinkMode {
  /**
   * By hard link where the file system can, by copy where it cannot or where the file must be its
   * own.
   */
  HARD,
  /**
   * Always by copy: more disk, and nothing that is done to a file can reach another environment.
   */
  COPY
}

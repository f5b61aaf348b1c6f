package io.jconda.core.archive;

import java.time.Instant;
import java.util.Optional;

/**
 * Describes one entry of a tarball, with what extended headers say of it.
 *
 * @param name its name, as it is written
 * @param kind what it is
 * @param linkName what a link leads to, as it is written; means nothing for others
 * @param size how many bytes a file has, holes included; 0 for all others
 * @param mode its permissions
 * @param modified when it was last modified
 * @param map where what the tarball holds of a sparse file lies in it; empty for all others
 */
record TarEntry(
    String name,
    Kind kind,
    String linkName,
    long size,
    int mode,
    Instant modified,
    Optional<SparseMap> map) {
  enum Kind {
    FILE,
    FOLDER,
    SYMBOLIC_LINK,
    HARD_LINK,
    /** A device, a pipe, a part of an archive of several, or what nobody knows. */
    OTHER
  }
}

package io.jconda.core.archive;

import java.time.Instant;

/**
 * Describes one file of an archive.
 *
 * @param path where it lies, relative to the package's root: parts joined by {@code /}, none of
 *     them empty, {@code .} or {@code ..}
 * @param size its length in bytes
 * @param executable whether anyone may execute it; every other permission is dropped
 * @param modified when it was last modified, as the archive says; may lie before 1980
 */
public record FileEntry(String path, long size, boolean executable, Instant modified) {}

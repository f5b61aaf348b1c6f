package io.jconda.cache;

/**
 * Tells how large a store is; all sizes in bytes of content, without what a file system adds.
 *
 * @param packages how many packages there are
 * @param files how many different files they have
 * @param bytes how large these are: each content counts once
 * @param sharedBytes how many of {@code bytes} more than one package has
 * @param linkedBytes how many of {@code bytes} environments share by hard links; 0 where the file
 *     system does not tell. Removing them from the store frees nothing
 * @param unpackedBytes how large the packages would be if each was extracted by itself
 * @param archives how many archives are kept
 * @param archiveBytes how large these are
 * @param leftoverBytes how large what is of no use is: remains of processes that were killed, and
 *     files that no package has any more
 */
public record CacheSize(
    int packages,
    long files,
    long bytes,
    long sharedBytes,
    long linkedBytes,
    long unpackedBytes,
    int archives,
    long archiveBytes,
    long leftoverBytes) {
  /** Returns what the whole store takes. */
  public long totalBytes() {
    return bytes + archiveBytes + leftoverBytes;
  }

  /** Returns what is saved by keeping each content once. */
  public long savedBytes() {
    return unpackedBytes - bytes;
  }
}

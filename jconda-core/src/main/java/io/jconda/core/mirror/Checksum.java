package io.jconda.core.mirror;

import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares bytes with what a record says of its archive: by SHA-256, else by MD5, and by size. For
 * one thread.
 */
final class Checksum {
  private static final int BUFFER = 1 << 16;

  private final PackageRecord record;
  private final @Nullable MessageDigest digest;
  private long count;

  Checksum(PackageRecord record) {
    this.record = record;
    this.digest =
        record.sha256().isPresent()
            ? Hashes.sha256()
            : record.md5().isPresent() ? Hashes.md5() : null;
  }

  /** Tells whether a record says enough to know its archive again. */
  static boolean isHashed(PackageRecord record) {
    return record.sha256().isPresent() || record.md5().isPresent();
  }

  /** Returns what a record knows its archive by, for people. */
  static String identity(PackageRecord record) {
    return record
        .sha256()
        .map(hash -> "SHA-256 " + hash)
        .or(() -> record.md5().map(hash -> "MD5 " + hash))
        .orElseGet(() -> record.size().orElse(-1) + " bytes");
  }

  /**
   * Tells whether two records, as far as they say, are about different archives.
   *
   * @param other what is not empty in both decides
   */
  static boolean differ(PackageRecord one, PackageRecord other) {
    if (one.sha256().isPresent() && other.sha256().isPresent()) {
      return !normal(one.sha256().get()).equals(normal(other.sha256().get()));
    }
    if (one.md5().isPresent() && other.md5().isPresent()) {
      return !normal(one.md5().get()).equals(normal(other.md5().get()));
    }
    return one.size().isPresent() && other.size().isPresent() && !one.size().equals(other.size());
  }

  private static String normal(String hash) {
    return hash.strip().toLowerCase(Locale.ROOT);
  }

  /** Tells whether a file is the archive of a record; reads it whole if its size is right. */
  static boolean isRight(Path file, PackageRecord record, OperationContext context)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    long size = Files.size(file);
    if (record.size().isPresent() ? record.size().getAsLong() != size : !isHashed(record)) {
      return false;
    }
    Checksum checksum = new Checksum(record);
    checksum.addAll(file, context);
    return checksum.contradiction().isEmpty();
  }

  void add(byte[] buffer, int length) {
    if (digest != null) {
      digest.update(buffer, 0, length);
    }
    count += length;
  }

  void addAll(Path file, OperationContext context) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        context.checkpoint();
        add(buffer, got);
      }
    }
  }

  /** Returns how many bytes were added. */
  long count() {
    return count;
  }

  /** Tells whether more bytes were added than the archive has. */
  boolean isTooLong() {
    return record.size().isPresent() && count > record.size().getAsLong();
  }

  /**
   * Returns in which way what was added is not what the record says; nothing if it is. To be called
   * once, at the end.
   */
  Optional<String> contradiction() {
    if (record.size().isPresent() && record.size().getAsLong() != count) {
      return Optional.of(
          "%d bytes, its record says %d".formatted(count, record.size().getAsLong()));
    }
    if (digest == null) {
      return Optional.empty();
    }
    String actual = Hashes.hex(digest);
    String wanted = normal(record.sha256().or(record::md5).orElseThrow());
    return actual.equals(wanted)
        ? Optional.empty()
        : Optional.of("the hash %s, its record says %s".formatted(actual, wanted));
  }
}

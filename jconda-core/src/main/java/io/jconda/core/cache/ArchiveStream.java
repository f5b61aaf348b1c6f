package io.jconda.core.cache;

import io.jconda.core.util.Hashes;
import io.jconda.spec.PackageRecord;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Is an archive on its way: hashed, counted and, if wanted, written down as it is read. While its
 * bytes are waited for, others have the turn to unpack.
 */
final class ArchiveStream extends FilterInputStream {
  private static final long AT_ONCE = Duration.ofMillis(5).toNanos();

  private final MessageDigest sha256 = Hashes.sha256();
  private final @Nullable MessageDigest md5;
  private final OutputStream copy;
  private final Turns.Turn turn;
  private final LongConsumer progress;
  private long count;

  /**
   * Wraps an archive.
   *
   * @param record tells which digests are needed
   * @param copy where it is written down too
   * @param turn the reading thread's turn
   * @param progress told how many bytes have been read
   */
  ArchiveStream(
      InputStream in,
      PackageRecord record,
      OutputStream copy,
      Turns.Turn turn,
      LongConsumer progress) {
    super(in);
    this.md5 = record.sha256().isEmpty() && record.md5().isPresent() ? Hashes.md5() : null;
    this.copy = copy;
    this.turn = turn;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int got = read(one, 0, 1);
    return got < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int got;
    turn.pause();
    try {
      got = readWhatComes(buffer, offset, length);
    } finally {
      turn.resume();
    }
    if (got > 0) {
      sha256.update(buffer, offset, got);
      if (md5 != null) {
        md5.update(buffer, offset, got);
      }
      copy.write(buffer, offset, got);
      count += got;
      progress.accept(count);
    }
    return got;
  }

  /**
   * Reads until the buffer is full, but not for long: bodies come in small pieces, and after each
   * of them the turn would go to another thread and back.
   */
  private int readWhatComes(byte[] buffer, int offset, int length) throws IOException {
    int got = super.read(buffer, offset, length);
    long begin = System.nanoTime();
    while (got > 0 && got < length && System.nanoTime() - begin < AT_ONCE) {
      int more = super.read(buffer, offset + got, length - got);
      if (more < 0) {
        break;
      }
      got += more;
    }
    return got;
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] skipped = new byte[(int) Math.max(1, Math.min(bytes, 1 << 13))];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Returns how many bytes have been read. */
  long count() {
    return count;
  }

  /** Reads what is left, but no more than an archive of that length could have. */
  void drain(long limit) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int got;
    do {
      got = read(buffer, 0, buffer.length);
    } while (got >= 0 && count <= limit);
  }

  /** Returns what was read, in digests; to be called once, at the end. */
  Digest digest() {
    return new Digest(
        Hashes.hex(sha256), md5 == null ? Optional.empty() : Optional.of(Hashes.hex(md5)), count);
  }

  /**
   * What an archive is.
   *
   * @param sha256 its SHA-256
   * @param md5 its MD5, if a record knows nothing better
   * @param size its length in bytes
   */
  record Digest(String sha256, Optional<String> md5, long size) {
    Digest(String sha256, long size) {
      this(sha256, Optional.empty(), size);
    }

    /** Returns in which way it is not what a record says; nothing if it is. */
    Optional<String> contradiction(PackageRecord record) {
      if (record.sha256().isPresent()) {
        return differs("the SHA-256", sha256, record.sha256().get());
      }
      if (record.md5().isPresent()) {
        return differs("the MD5", md5.orElseThrow(), record.md5().get());
      }
      return record.size().isPresent() && record.size().getAsLong() != size
          ? Optional.of("%d bytes, its record says %d".formatted(size, record.size().getAsLong()))
          : Optional.empty();
    }

    private static Optional<String> differs(String what, String actual, String wanted) {
      String normal = Digests.normal(wanted);
      return actual.equals(normal)
          ? Optional.empty()
          : Optional.of("%s %s, its record says %s".formatted(what, actual, normal));
    }
  }
}

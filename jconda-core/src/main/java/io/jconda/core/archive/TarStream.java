package io.jconda.core.archive;

import io.jconda.core.util.PieceStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tarball entry by entry; reading the stream itself reads what is stored of the entry it
 * stands at.
 *
 * <p>Known are the headers of POSIX (ustar, pax), those of GNU tar and those of before, sparse
 * files in each of GNU's formats, and names of any length up to a megabyte of headers for one
 * entry. Folders and links have no content, as for Python's {@code tarfile}.
 */
final class TarStream extends PieceStream {
  private static final int MOST_EXTENDED = 1 << 20;

  /** The longest line of a map that stands before the content: digits, and the line's end. */
  private static final int MOST_DIGITS = 20;

  private final InputStream in;
  private final Expansion expansion;
  private final byte[] block = new byte[TarHeader.BLOCK];
  private final TarHeader header = new TarHeader(block);

  /** What is read into it is not looked at. */
  private final byte[] nowhere;

  private PaxRecords global = PaxRecords.none();

  /** How many bytes of the entry's content are still to be read. */
  private long left;

  /** How many bytes follow the entry's content, up to the next block. */
  private int padding;

  private int extended;

  /**
   * Begins at a tarball's first byte.
   *
   * @param in where it is read from, in small pieces
   * @param expansion counts every byte
   * @param nowhere is written over
   */
  TarStream(InputStream in, Expansion expansion, byte[] nowhere) {
    this.in = in;
    this.expansion = expansion;
    this.nowhere = nowhere;
  }

  /**
   * Skips what is left of an entry and goes to the next one.
   *
   * @return nothing after the end mark
   * @throws IOException if the tarball is torn, or is none
   */
  Optional<TarEntry> next() throws IOException {
    skip();
    PaxRecords records = global;
    String longName = null;
    String longLink = null;
    extended = 0;
    while (true) {
      readBlock("the tarball has no end mark");
      if (block[0] == 0 && header.isZero()) {
        return Optional.empty();
      }
      header.check();
      switch (header.type()) {
        case 'x' -> records = records.and(readExtended());
        case 'g' -> {
          global = global.and(readExtended());
          records = global;
        }
        case 'L' -> longName = readLong();
        case 'K' -> longLink = readLong();
        default -> {
          return Optional.of(entry(records, longName, longLink));
        }
      }
    }
  }

  private TarEntry entry(PaxRecords records, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    byte type = header.type();
    String name = records.name(longName != null ? longName : header.name());
    TarEntry.Kind kind = kind(type, name);
    int mode = header.mode();
    Instant modified = records.modified(header.modifiedSecond());
    if (kind != TarEntry.Kind.FILE) {
      String target = records.linkName(longLink != null ? longLink : header.linkName());
      return new TarEntry(name, kind, target, 0, mode, modified, Optional.empty());
    }
    begin(records.size(header.size()));
    long stored = left;
    SparseMap map = map(records, type);
    return new TarEntry(
        name,
        kind,
        "",
        map == null ? stored : map.size(),
        mode,
        modified,
        Optional.ofNullable(map));
  }

  private void begin(long size) throws IOException {
    if (size < 0) {
      throw new IOException("an entry of its tarball has a size below zero");
    }
    left = size;
    padding = (int) (-size & (TarHeader.BLOCK - 1));
  }

  private static TarEntry.Kind kind(byte type, String name) {
    return switch (type) {
      case 0, '0', '7' ->
          // before there was a type for folders, the name told
          name.endsWith("/") ? TarEntry.Kind.FOLDER : TarEntry.Kind.FILE;
      case 'S' -> TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMBOLIC_LINK;
      case '5' -> TarEntry.Kind.FOLDER;
      default -> TarEntry.Kind.OTHER;
    };
  }

  /** Reads the map of a sparse file, wherever it is written; null if the file is not sparse. */
  private @Nullable SparseMap map(PaxRecords records, byte type) throws IOException {
    SparseMap.Parts parts;
    long size;
    if (type == 'S') {
      parts = new SparseMap.Parts();
      size = header.sparseSize();
      boolean more = header.addSparse(parts);
      while (more) {
        spend(TarHeader.BLOCK);
        readBlock("its tarball ends in the middle of a header");
        more = header.addMoreSparse(parts);
      }
    } else if (records.isMapInContent()) {
      size = records.sparseSize();
      parts = readMap();
    } else {
      parts = records.parts();
      if (parts == null) {
        return null;
      }
      size = records.sparseSize();
    }
    return parts.of(size, left);
  }

  /** Reads a map that stands before the content: how many parts, then start and length of each. */
  private SparseMap.Parts readMap() throws IOException {
    long before = left;
    SparseMap.Parts parts = new SparseMap.Parts();
    long count = readLine();
    for (long i = 0; i < count; i++) {
      parts.add(readLine(), readLine());
    }
    int rest = (int) ((left - before) & (TarHeader.BLOCK - 1));
    if (readNBytes(nowhere, 0, rest) < rest) {
      throw new EOFException("its tarball ends in the middle of a header");
    }
    return parts;
  }

  private long readLine() throws IOException {
    long value = 0;
    for (int i = 0; i < MOST_DIGITS; i++) {
      spend(1);
      int digit = read();
      if (digit == '\n' && i > 0) {
        return value;
      }
      if (digit < '0' || digit > '9' || value > (Long.MAX_VALUE - 9) / 10) {
        break;
      }
      value = value * 10 + digit - '0';
    }
    throw new IOException("the map of a sparse file of its tarball is no list of numbers");
  }

  private String readLong() throws IOException {
    byte[] name = readExtended();
    return TarHeader.text(name, 0, name.length);
  }

  private byte[] readExtended() throws IOException {
    long size = header.size();
    spend(size);
    begin(size);
    byte[] bytes = new byte[(int) size];
    readNBytes(bytes, 0, bytes.length);
    skip();
    return bytes;
  }

  /** Bounds what long names and extended headers may make this keep in memory. */
  private void spend(long bytes) throws IOException {
    if (bytes < 0 || bytes > MOST_EXTENDED - extended) {
      throw new IOException("an entry's header is longer than " + MOST_EXTENDED + " bytes");
    }
    extended += (int) bytes;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int got = readRaw(buffer, offset, (int) Math.min(length, left));
    if (got < 0) {
      throw new EOFException("its tarball ends in the middle of an entry");
    }
    left -= got;
    return got;
  }

  private void skip() throws IOException {
    while (left > 0) {
      read(nowhere, 0, nowhere.length);
    }
    readFully(nowhere, padding, "its tarball ends in the middle of an entry");
    padding = 0;
  }

  private void readBlock(String torn) throws IOException {
    readFully(block, TarHeader.BLOCK, torn);
  }

  private void readFully(byte[] buffer, int length, String torn) throws IOException {
    int at = 0;
    while (at < length) {
      int got = readRaw(buffer, at, length - at);
      if (got < 0) {
        throw new EOFException(torn);
      }
      at += got;
    }
  }

  private int readRaw(byte[] buffer, int offset, int length) throws IOException {
    int got = in.read(buffer, offset, length);
    if (got > 0) {
      expansion.add(got);
    }
    return got;
  }

  /** Reads what follows the end mark, and returns how much it is. */
  long drain() throws IOException {
    long count = 0;
    for (int got = 0; got >= 0; got = readRaw(nowhere, 0, nowhere.length)) {
      count += got;
    }
    return count;
  }
}

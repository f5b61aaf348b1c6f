package io.jconda.core.link;

import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes one file of a package with the prefix in the place of its placeholder. Small files are
 * rewritten in memory, large ones in pieces: what is written is the same.
 */
final class FilePatch {
  /** A file up to this size is loaded whole. */
  static final int SMALL = 4 << 20;

  private static final int PIECE = 1 << 20;

  /** A zip's end record with the longest comment that it can have. */
  private static final int ZIP_TAIL = 22 + 65_535;

  private final PrefixRewrite rewrite;
  private final boolean binary;
  private final Disk disk;
  private final int small;

  FilePatch(PrefixRewrite rewrite, boolean binary, Disk disk) {
    this(rewrite, binary, disk, SMALL);
  }

  FilePatch(PrefixRewrite rewrite, boolean binary, Disk disk, int small) {
    this.rewrite = rewrite;
    this.binary = binary;
    this.disk = disk;
    this.small = small;
  }

  /**
   * Is what came of it.
   *
   * @param sha256 of what was written
   * @param machO whether it is a program or library of macOS that was rewritten the binary way
   */
  record Outcome(String sha256, boolean machO) {}

  /**
   * Writes a new file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one already, which stays
   */
  Outcome write(Path source, long size, Path path) throws IOException {
    if (size <= small) {
      byte[] content = Files.readAllBytes(source);
      return write(binary ? rewrite.binary(content) : rewrite.text(content), path);
    }
    if (!binary) {
      return rewrite.fitsPieces() ? writeText(source, path) : wholeText(source, path);
    }
    if (rewrite.onlyLaunchers() && isZip(source)) {
      return write(rewrite.binary(Files.readAllBytes(source)), path);
    }
    List<Charset> found = copy(source, path);
    if (!rewrite.onlyLaunchers() && !found.isEmpty()) {
      try (FileChannel file =
          disk.openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (Charset encoding : found) {
          replaceStrings(file, encoding);
        }
      }
    }
    return new Outcome(Hashes.sha256(path), MachOSigner.isMachO(start(path)));
  }

  private Outcome wholeText(Path source, Path path) throws IOException {
    return write(rewrite.text(Files.readAllBytes(source)), path);
  }

  private Outcome write(byte[] changed, Path path) throws IOException {
    try (OutputStream out = create(path)) {
      out.write(changed);
    }
    return new Outcome(Hashes.sha256(changed), binary && MachOSigner.isMachO(changed));
  }

  private OutputStream create(Path path) throws IOException {
    return disk.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Copies, and tells in which encodings the placeholder occurs: mostly in one. */
  private List<Charset> copy(Path source, Path path) throws IOException {
    List<Charset> found = new ArrayList<>();
    int longest = rewrite.placeholder().length() * 4;
    byte[] piece = new byte[longest + PIECE];
    int kept = 0;
    try (InputStream in = Files.newInputStream(source);
        OutputStream out = create(path)) {
      for (int n = in.read(piece, kept, PIECE); n >= 0; n = in.read(piece, kept, PIECE)) {
        out.write(piece, kept, n);
        int end = kept + n;
        for (Charset encoding : PrefixRewrite.ENCODINGS) {
          if (!found.contains(encoding)
              && PrefixRewrite.indexOf(piece, end, rewrite.placeholder().getBytes(encoding), 0)
                  >= 0) {
            found.add(encoding);
          }
        }
        // an occurrence may span the end of what was read
        kept = Math.min(longest, end);
        System.arraycopy(piece, end - kept, piece, 0, kept);
      }
    }
    // in the order in which whole files are rewritten
    found.sort(Comparator.comparingInt(PrefixRewrite.ENCODINGS::indexOf));
    return found;
  }

  private static byte[] start(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(Integer.BYTES);
    }
  }

  private static boolean isZip(Path source) throws IOException {
    long size = Files.size(source);
    try (InputStream in = Files.newInputStream(source)) {
      in.skipNBytes(Math.max(0, size - ZIP_TAIL));
      return PrefixRewrite.indexOf(in.readAllBytes(), PrefixRewrite.ZIP_END, 0) >= 0;
    }
  }

  // ---- texts

  /** The first line may be a shebang and is treated as such; no placeholder spans its end. */
  private Outcome writeText(Path source, Path path) throws IOException {
    MessageDigest digest = Hashes.sha256();
    try (InputStream in = Files.newInputStream(source);
        OutputStream file = new DigestOutputStream(create(path), digest);
        OutputStream buffered = new BufferedOutputStream(file, PIECE)) {
      byte[] piece = in.readNBytes(PIECE);
      int line = PrefixRewrite.indexOf(piece, new byte[] {'\n'}, 0) + 1;
      OutputStream out = buffered;
      if (line > 0) {
        out.write(rewrite.text(Arrays.copyOf(piece, line)));
      }
      for (int i = PrefixRewrite.ENCODINGS.size() - 1; i >= 0; i--) {
        Charset encoding = PrefixRewrite.ENCODINGS.get(i);
        out =
            new ReplacingStream(
                out,
                rewrite.placeholder().getBytes(encoding),
                rewrite.written().getBytes(encoding));
      }
      out.write(piece, line, piece.length - line);
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        out.write(piece, 0, n);
      }
      out.close();
    }
    return new Outcome(HexFormat.of().formatHex(digest.digest()), false);
  }

  // ---- binaries

  /** In place: a binary keeps its length, and the end of a string may be far behind its start. */
  private void replaceStrings(FileChannel file, Charset encoding) throws IOException {
    byte[] search = rewrite.placeholder().getBytes(encoding);
    byte[] replacement = rewrite.prefix().getBytes(encoding);
    byte[] nul = "\0".getBytes(encoding);
    long start = find(file, search, 0);
    while (start >= 0) {
      long terminator = find(file, nul, start + search.length);
      if (terminator < 0) {
        // no string of C's: conda leaves it alone
        return;
      }
      long end = terminator + nul.length;
      byte[] string = read(file, start, Math.toIntExact(end - start));
      byte[] changed = PrefixRewrite.replace(string, search, replacement);
      ByteBuffer padded = ByteBuffer.wrap(Arrays.copyOf(changed, string.length));
      while (padded.hasRemaining()) {
        file.write(padded, start + padded.position());
      }
      start = find(file, search, end);
    }
  }

  private static long find(FileChannel file, byte[] search, long from) throws IOException {
    // a search for the end of a string mostly ends soon
    int length = search.length <= Integer.BYTES ? 4096 : PIECE;
    for (long at = from; ; at += length - search.length + 1) {
      byte[] piece = read(file, at, length);
      int found = PrefixRewrite.indexOf(piece, search, 0);
      if (found >= 0) {
        return at + found;
      }
      if (piece.length < length) {
        return -1;
      }
    }
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
      // until it is full or the file ends
    }
    return buffer.hasRemaining()
        ? Arrays.copyOf(buffer.array(), buffer.position())
        : buffer.array();
  }
}

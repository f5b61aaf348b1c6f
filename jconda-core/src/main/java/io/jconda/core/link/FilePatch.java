package io.jconda.core.link;

import io.jconda.core.host.Disk;
import io.jconda.core.link.PrefixRewrite.Form;
import io.jconda.core.util.ByteSearch;
import io.jconda.core.util.Hashes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one file of a package with the prefix in the place of its placeholder. Small files are
 * rewritten in memory, large ones in pieces: what is written is the same.
 */
final class FilePatch {
  /** A file up to this size is loaded whole. */
  private static final int SMALL = 4 << 20;

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
    String digest = copy(source, path);
    return new Outcome(digest, MachOSigner.isMachO(start(path)));
  }

  /**
   * Returns the digest of what {@link #write} would write, and writes nothing. A large file is only
   * loaded whole if it holds what cannot be rewritten while it passes.
   */
  String digest(Path source, long size) throws IOException {
    if (size > small) {
      MessageDigest digest = Hashes.sha256();
      OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      if (!binary && rewrite.fitsPieces()) {
        writeText(source, out);
        return Hashes.hex(digest);
      }
      if (binary && !rewrite.onlyLaunchers() && copy(source, out).isEmpty()) {
        return Hashes.hex(digest);
      }
    }
    byte[] content = Files.readAllBytes(source);
    return Hashes.sha256(binary ? rewrite.binary(content) : rewrite.text(content));
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

  private static byte[] start(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(Integer.BYTES);
    }
  }

  private static boolean isZip(Path source) throws IOException {
    long size = Files.size(source);
    try (InputStream in = Files.newInputStream(source)) {
      in.skipNBytes(Math.max(0, size - ZIP_TAIL));
      return indexOf(in.readAllBytes(), PrefixRewrite.ZIP_END) >= 0;
    }
  }

  // ---- texts

  private Outcome writeText(Path source, Path path) throws IOException {
    MessageDigest digest = Hashes.sha256();
    try (OutputStream file = new DigestOutputStream(create(path), digest)) {
      writeText(source, file);
    }
    return new Outcome(Hashes.hex(digest), false);
  }

  /** The first line may be a shebang and is treated as such; no placeholder spans its end. */
  private void writeText(Path source, OutputStream file) throws IOException {
    try (InputStream in = Files.newInputStream(source);
        OutputStream buffered = new BufferedOutputStream(file, PIECE)) {
      OutputStream out = buffered;
      byte[] piece = in.readNBytes(PIECE);
      int line = indexOf(piece, new byte[] {'\n'}) + 1;
      if (line > 0) {
        byte[] first = Arrays.copyOf(piece, line);
        out.write(rewrite.text(first));
        Shebang.Shortened shortened = rewrite.shortened(first);
        if (shortened != null) {
          out = new ReplacingStream(out, new ByteSearch(shortened.line(), 1), shortened.instead());
        }
      }
      for (int i = rewrite.forms().size() - 1; i >= 0; i--) {
        Form form = rewrite.forms().get(i);
        out = new ReplacingStream(out, form.placeholder, form.written);
      }
      out.write(piece, line, piece.length - line);
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        out.write(piece, 0, n);
      }
      out.close();
    }
  }

  // ---- binaries

  /**
   * Copies, rewriting what is in UTF-8 on the way, and returns the digest of what was written. What
   * else there is, which is rare, is rewritten afterwards in place.
   */
  private String copy(Path source, Path path) throws IOException {
    List<PassingStrings.Left> all;
    try (OutputStream out = create(path)) {
      all = copy(source, out);
    }
    if (!all.isEmpty()) {
      try (FileChannel file =
          disk.openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (PassingStrings.Left left : all) {
          replaceStrings(file, left.form(), left.from());
        }
      }
    }
    // not on the way: a JVM that has just started has compiled its digest by now
    return Hashes.sha256(path);
  }

  /** Copies what can be rewritten on the way, and returns what is left. */
  private List<PassingStrings.Left> copy(Path source, OutputStream out) throws IOException {
    try (InputStream in = Files.newInputStream(source)) {
      if (rewrite.onlyLaunchers()) {
        in.transferTo(out);
        return List.of();
      }
      PassingStrings strings = new PassingStrings(rewrite.forms(), PIECE);
      strings.copy(in, out);
      return strings.left();
    }
  }

  /** In place: a binary keeps its length, and the end of a string may be far behind its start. */
  private static void replaceStrings(FileChannel file, Form form, long from) throws IOException {
    long start = find(file, form.placeholder, from);
    while (start >= 0) {
      long terminator = find(file, form.nul, start + form.placeholder.length());
      if (terminator < 0) {
        // no string of C's: conda leaves it alone
        return;
      }
      long end = terminator + form.nul.length;
      byte[] string = read(file, start, Math.toIntExact(end - start));
      PrefixRewrite.replaceString(string, 0, string.length, form);
      ByteBuffer changed = ByteBuffer.wrap(string);
      while (changed.hasRemaining()) {
        file.write(changed, start + changed.position());
      }
      start = find(file, form.placeholder, end);
    }
  }

  private static long find(FileChannel file, ByteSearch search, long from) throws IOException {
    for (long at = from; ; at += PIECE - search.length() + 1) {
      byte[] piece = read(file, at, PIECE);
      int found = search.in(piece, 0);
      if (found >= 0) {
        return at + found;
      }
      if (piece.length < PIECE) {
        return -1;
      }
    }
  }

  /** Looks for the end of a string, which mostly is near. */
  private static long find(FileChannel file, byte[] nul, long from) throws IOException {
    int length = 4096;
    for (long at = from; ; at += length - nul.length + 1) {
      byte[] piece = read(file, at, length);
      int found = indexOf(piece, nul);
      if (found >= 0) {
        return at + found;
      }
      if (piece.length < length) {
        return -1;
      }
    }
  }

  private static int indexOf(byte[] data, byte[] few) {
    return PrefixRewrite.indexOf(data, data.length, few, 0);
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

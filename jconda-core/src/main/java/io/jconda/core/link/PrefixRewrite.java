package io.jconda.core.link;

import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the prefix in the place of a package's placeholder, byte for byte as conda does (conda:
 * {@code core/portability.py}).
 */
final class PrefixRewrite {
  /** In this order; what one pass wrote is no placeholder in the next encoding. */
  static final List<Charset> ENCODINGS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          Charset.forName("UTF-32LE"),
          Charset.forName("UTF-32BE"));

  static final byte[] ZIP_END = {'P', 'K', 5, 6};
  private static final byte[] SHEBANG = {'#', '!'};

  private final String placeholder;
  private final String prefix;
  private final Platform platform;

  PrefixRewrite(String placeholder, String prefix, Platform platform) {
    this.placeholder = placeholder;
    this.prefix = prefix;
    this.platform = platform;
  }

  /**
   * Tells whether the prefix is longer than the placeholder leaves room for in binary files, which
   * must keep their length. On Windows only shebangs of launchers change, and they may grow.
   */
  boolean isTooLongForBinary() {
    return !platform.isWindows()
        && prefix.getBytes(StandardCharsets.UTF_8).length
            > placeholder.getBytes(StandardCharsets.UTF_8).length;
  }

  String placeholder() {
    return placeholder;
  }

  String prefix() {
    return prefix;
  }

  /**
   * Returns the prefix as texts hold it: forward slashes spare every text the question how
   * backslashes are escaped in it.
   */
  String written() {
    return platform.isWindows() ? prefix.replace('\\', '/') : prefix;
  }

  /** Tells whether only launchers are rewritten among binary files. */
  boolean onlyLaunchers() {
    return platform.isWindows();
  }

  /** Tells whether no placeholder of a text spans the end of a line, in any encoding. */
  boolean fitsPieces() {
    for (Charset encoding : ENCODINGS) {
      if (indexOf(placeholder.getBytes(encoding), new byte[] {'\n'}, 0) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Rewrites a text, whose length may change. */
  byte[] text(byte[] content) {
    String written = written();
    byte[] data = content;
    for (Charset encoding : ENCODINGS) {
      if (!platform.isWindows()) {
        data = escapeShebang(data, encoding, written);
      }
      data = replace(data, placeholder.getBytes(encoding), written.getBytes(encoding));
    }
    return platform.isWindows() ? data : Shebang.shorten(data, platform);
  }

  /** A blank ends the interpreter's path; escaped it is found and dealt with by {@link Shebang}. */
  private byte[] escapeShebang(byte[] data, Charset encoding, String written) {
    int end = indexOf(data, new byte[] {'\n'}, 0);
    if (end < 0 || written.indexOf(' ') < 0) {
      return data;
    }
    byte[] line = Arrays.copyOf(data, end);
    byte[] escaped =
        replace(
            line,
            ("#!" + placeholder).getBytes(encoding),
            ("#!" + written.replace(" ", "\\ ")).getBytes(encoding));
    return Arrays.equals(line, escaped)
        ? data
        : concat(escaped, Arrays.copyOfRange(data, end, data.length));
  }

  /** Rewrites a binary file, whose length stays: strings shrink, and NULs fill the gap. */
  byte[] binary(byte[] content) {
    if (platform.isWindows()) {
      return launcher(content);
    }
    byte[] data = content.clone();
    for (Charset encoding : ENCODINGS) {
      replaceStrings(
          data, placeholder.getBytes(encoding), prefix.getBytes(encoding), "\0".getBytes(encoding));
    }
    return data;
  }

  private static void replaceStrings(byte[] data, byte[] search, byte[] replacement, byte[] nul) {
    int start = indexOf(data, search, 0);
    while (start >= 0) {
      int terminator = indexOf(data, nul, start + search.length);
      if (terminator < 0) {
        // no string of C's: conda leaves it alone
        return;
      }
      int end = terminator + nul.length;
      byte[] changed = replace(Arrays.copyOfRange(data, start, end), search, replacement);
      System.arraycopy(changed, 0, data, start, changed.length);
      Arrays.fill(data, start + changed.length, end, (byte) 0);
      start = indexOf(data, search, end);
    }
  }

  /**
   * Rewrites the shebang between a Windows launcher and the zip behind it. The zip's offsets count
   * from its own start, so it moves as a whole.
   */
  private byte[] launcher(byte[] data) {
    int end = lastIndexOf(data, ZIP_END, data.length);
    if (end < 0 || end + 20 > data.length) {
      return data;
    }
    long zip = end - unsignedInt(data, end + 12) - unsignedInt(data, end + 16);
    if (zip <= 0 || zip > end) {
      return data;
    }
    int start = lastIndexOf(data, SHEBANG, (int) zip);
    if (start <= 0) {
      return data;
    }
    byte[] shebang =
        replace(
            Arrays.copyOfRange(data, start, (int) zip),
            placeholder.getBytes(StandardCharsets.UTF_8),
            prefix.getBytes(StandardCharsets.UTF_8));
    return concat(
        Arrays.copyOf(data, start),
        concat(shebang, Arrays.copyOfRange(data, (int) zip, data.length)));
  }

  private static long unsignedInt(byte[] data, int at) {
    return (data[at] & 0xFFL)
        | (data[at + 1] & 0xFFL) << 8
        | (data[at + 2] & 0xFFL) << 16
        | (data[at + 3] & 0xFFL) << 24;
  }

  // ---- bytes

  static byte[] replace(byte[] data, byte[] search, byte[] replacement) {
    int at = indexOf(data, search, 0);
    if (at < 0) {
      return data;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + replacement.length);
    int done = 0;
    while (at >= 0) {
      out.write(data, done, at - done);
      out.writeBytes(replacement);
      done = at + search.length;
      at = indexOf(data, search, done);
    }
    out.write(data, done, data.length - done);
    return out.toByteArray();
  }

  /** Horspool's search: a placeholder is long, so most bytes are never looked at. */
  static int indexOf(byte[] data, byte[] search, int from) {
    return indexOf(data, data.length, search, from);
  }

  /** Searches the first {@code length} bytes of the data. */
  static int indexOf(byte[] data, int length, byte[] search, int from) {
    int last = search.length - 1;
    int[] shift = null;
    if (last > 3) {
      shift = new int[256];
      Arrays.fill(shift, search.length);
      for (int i = 0; i < last; i++) {
        shift[search[i] & 0xFF] = last - i;
      }
    }
    int at = from;
    while (at + last < length) {
      int i = last;
      while (i >= 0 && data[at + i] == search[i]) {
        i--;
      }
      if (i < 0) {
        return at;
      }
      at += shift == null ? 1 : shift[data[at + last] & 0xFF];
    }
    return -1;
  }

  /** Returns where the last occurrence begins that ends at or before {@code end}. */
  private static int lastIndexOf(byte[] data, byte[] search, int end) {
    for (int at = end - search.length; at >= 0; at--) {
      if (Arrays.equals(data, at, at + search.length, search, 0, search.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}

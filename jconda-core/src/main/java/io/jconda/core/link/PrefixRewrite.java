package io.jconda.core.link;

import io.jconda.core.util.ByteSearch;
import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the prefix in the place of a package's placeholder, byte for byte as conda does (conda:
 * {@code core/portability.py}). Immutable, and made once for all files with one placeholder: in a
 * fresh JVM preparing the five searches took longer than rewriting most files does.
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
  private final List<Form> forms;

  PrefixRewrite(String placeholder, String prefix, Platform platform) {
    this.placeholder = placeholder;
    this.prefix = prefix;
    this.platform = platform;
    List<Form> inOrder = new ArrayList<>();
    for (Charset encoding : ENCODINGS) {
      inOrder.add(new Form(placeholder, prefix, written(), encoding));
    }
    this.forms = List.copyOf(inOrder);
  }

  /** Holds what is looked for and what is put in its place, in one encoding. */
  static final class Form {
    final Charset encoding;
    final ByteSearch placeholder;
    final byte[] prefix;
    final byte[] written;
    final byte[] nul;

    Form(String placeholder, String prefix, String written, Charset encoding) {
      this.encoding = encoding;
      this.nul = "\0".getBytes(encoding);
      this.placeholder = new ByteSearch(placeholder.getBytes(encoding), nul.length);
      this.prefix = prefix.getBytes(encoding);
      this.written = written.equals(prefix) ? this.prefix : written.getBytes(encoding);
    }
  }

  /** Returns the forms of placeholder and prefix, in the order of {@link #ENCODINGS}. */
  List<Form> forms() {
    return forms;
  }

  /**
   * Tells whether the prefix is longer than the placeholder leaves room for in binary files, which
   * must keep their length. On Windows only shebangs of launchers change, and they may grow.
   */
  boolean isTooLongForBinary() {
    Form plain = forms.get(0);
    return !platform.isWindows() && plain.prefix.length > plain.placeholder.length();
  }

  /**
   * Returns the prefix as texts hold it: forward slashes spare every text the question how
   * backslashes are escaped in it.
   */
  private String written() {
    return platform.isWindows() ? prefix.replace('\\', '/') : prefix;
  }

  /** Tells whether only launchers are rewritten among binary files. */
  boolean onlyLaunchers() {
    return platform.isWindows();
  }

  /** Tells whether no placeholder of a text spans the end of a line, in any encoding. */
  boolean fitsPieces() {
    for (Charset encoding : ENCODINGS) {
      if (indexOf(placeholder.getBytes(encoding), '\n', 0) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Rewrites a text, whose length may change. */
  byte[] text(byte[] content) {
    byte[] data = replaced(content);
    return platform.isWindows() ? data : Shebang.shorten(data, platform);
  }

  /**
   * Returns what the first line of a text becomes besides having its placeholders replaced, and
   * with it every line like it; null if nothing.
   */
  Shebang.@Nullable Shortened shortened(byte[] firstLine) {
    return platform.isWindows() ? null : Shebang.shortened(replaced(firstLine), platform);
  }

  private byte[] replaced(byte[] content) {
    byte[] data = content;
    for (Form form : forms) {
      if (!platform.isWindows()) {
        data = escapeShebang(data, form.encoding);
      }
      data = replace(data, form.placeholder, form.written);
    }
    return data;
  }

  /** A blank ends the interpreter's path; escaped it is found and dealt with by {@link Shebang}. */
  private byte[] escapeShebang(byte[] data, Charset encoding) {
    String written = written();
    int end = written.indexOf(' ') < 0 ? -1 : indexOf(data, '\n', 0);
    if (end < 0) {
      return data;
    }
    byte[] line = Arrays.copyOf(data, end);
    byte[] escaped =
        replace(
            line,
            new ByteSearch(("#!" + placeholder).getBytes(encoding), 1),
            ("#!" + written.replace(" ", "\\ ")).getBytes(encoding));
    return Arrays.equals(line, escaped)
        ? data
        : concat(escaped, Arrays.copyOfRange(data, end, data.length));
  }

  /**
   * Rewrites a binary file, whose length stays: strings shrink, and NULs fill the gap. Does so in
   * place; only a launcher of Windows is another array.
   */
  byte[] binary(byte[] data) {
    if (platform.isWindows()) {
      return launcher(data);
    }
    for (Form form : forms) {
      replaceStrings(data, form);
    }
    return data;
  }

  private static void replaceStrings(byte[] data, Form form) {
    int start = form.placeholder.in(data, 0);
    while (start >= 0) {
      int terminator = indexOf(data, data.length, form.nul, start + form.placeholder.length());
      if (terminator < 0) {
        // no string of C's: conda leaves it alone
        return;
      }
      int end = terminator + form.nul.length;
      replaceString(data, start, end, form);
      start = form.placeholder.in(data, end);
    }
  }

  /** Rewrites one string of a binary file, which ends with its NUL at {@code end}. */
  static void replaceString(byte[] data, int start, int end, Form form) {
    byte[] changed = replace(Arrays.copyOfRange(data, start, end), form.placeholder, form.prefix);
    System.arraycopy(changed, 0, data, start, changed.length);
    Arrays.fill(data, start + changed.length, end, (byte) 0);
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
            forms.get(0).placeholder,
            forms.get(0).prefix);
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

  static byte[] replace(byte[] data, ByteSearch search, byte[] replacement) {
    int at = search.in(data, 0);
    if (at < 0) {
      return data;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + replacement.length);
    int done = 0;
    while (at >= 0) {
      out.write(data, done, at - done);
      out.writeBytes(replacement);
      done = at + search.length();
      at = search.in(data, done);
    }
    out.write(data, done, data.length - done);
    return out.toByteArray();
  }

  private static int indexOf(byte[] data, char wanted, int from) {
    return indexOf(data, data.length, new byte[] {(byte) wanted}, from);
  }

  /** Searches the first {@code length} bytes of the data for a few that mostly are near. */
  static int indexOf(byte[] data, int length, byte[] few, int from) {
    for (int at = from; at + few.length <= length; at++) {
      if (Arrays.equals(data, at, at + few.length, few, 0, few.length)) {
        return at;
      }
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

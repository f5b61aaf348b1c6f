package io.jconda.core.link;

import io.jconda.core.util.ByteSearch;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the first line of scripts such that the kernel can follow it (conda: {@code
 * core/portability.py}).
 */
final class Shebang {
  /** The line; the interpreter, in which a blank may be escaped; what follows it. */
  private static final Pattern LINE =
      Pattern.compile("(#! *(/(?:\\\\ |[^ \\n\\r\\t])*)([^\\n]*))(?=\\n|\\z)");

  private Shebang() {}

  /** Newer Linux kernels read 255 bytes; the tools stay at what old ones read (FACTS 92). */
  private static int limit(Platform platform) {
    return platform.isLinux() ? 127 : 512;
  }

  /**
   * Is a first line, without its end, and what takes its place.
   *
   * @param line what the kernel cannot follow
   * @param instead what it can
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shortened(byte[] line, byte[] instead) {}

  /**
   * Lets {@code env} find an interpreter whose path is too long for the kernel or has a blank; such
   * a script works only while its environment is activated. A line elsewhere in the script that is
   * the same is for another script that it writes, and becomes the same.
   */
  static byte[] shorten(byte[] script, Platform platform) {
    Shortened first = shortened(script, platform);
    return first == null
        ? script
        : PrefixRewrite.replace(script, new ByteSearch(first.line(), 1), first.instead());
  }

  /** Returns the first line of a script and what takes its place; null if it may stay. */
  static @Nullable Shortened shortened(byte[] script, Platform platform) {
    if (script.length < 2 || script[0] != '#' || script[1] != '!') {
      return null;
    }
    // one char for each byte, whatever the encoding
    String text = new String(script, StandardCharsets.ISO_8859_1);
    Matcher line = LINE.matcher(text);
    if (!line.lookingAt()) {
      return null;
    }
    String interpreter = line.group(2);
    int name = interpreter.lastIndexOf('/') + 1;
    boolean blank = interpreter.substring(0, name).contains("\\ ");
    if (line.group(1).length() <= limit(platform) && !blank) {
      return null;
    }
    String shorter = "#!/usr/bin/env " + interpreter.substring(name) + line.group(3);
    return new Shortened(
        line.group(1).getBytes(StandardCharsets.ISO_8859_1),
        shorter.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Returns the first line, or lines, of a script that a Python runs: the shell starts it where the
   * kernel cannot, with lines that Python takes for a string.
   */
  static String forPython(String python, Platform platform) {
    String line = "#!" + python + "\n";
    if (line.getBytes(StandardCharsets.UTF_8).length <= limit(platform)
        && python.indexOf(' ') < 0) {
      return line;
    }
    return "#!/bin/sh\n'''exec' \"" + python + "\" \"$0\" \"$@\" #'''\n";
  }
}

package io.jconda.core.link;

import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
   * Lets {@code env} find an interpreter whose path is too long for the kernel or has a blank; such
   * a script works only while its environment is activated.
   */
  static byte[] shorten(byte[] script, Platform platform) {
    if (script.length < 2 || script[0] != '#' || script[1] != '!') {
      return script;
    }
    // one char for each byte, whatever the encoding
    String text = new String(script, StandardCharsets.ISO_8859_1);
    Matcher line = LINE.matcher(text);
    if (!line.lookingAt()) {
      return script;
    }
    String interpreter = line.group(2);
    int name = interpreter.lastIndexOf('/') + 1;
    boolean blank = interpreter.substring(0, name).contains("\\ ");
    if (line.group(1).length() <= limit(platform) && !blank) {
      return script;
    }
    String shorter = "#!/usr/bin/env " + interpreter.substring(name) + line.group(3);
    return (shorter + text.substring(line.end())).getBytes(StandardCharsets.ISO_8859_1);
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

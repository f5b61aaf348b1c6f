package io.jconda.core.link;

import io.jconda.spec.Platform;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Says what becomes of a file that holds a placeholder, one encoding after the other, by cutting
 * and joining strings of one character for each byte (conda: {@code core/portability.py}).
 */
final class RewriteOracle {
  private final String placeholder;
  private final String prefix;
  private final Platform platform;

  RewriteOracle(String placeholder, String prefix, Platform platform) {
    this.placeholder = placeholder;
    this.prefix = prefix;
    this.platform = platform;
  }

  private static String bytes(String text, String encoding) {
    return new String(text.getBytes(Charset.forName(encoding)), StandardCharsets.ISO_8859_1);
  }

  private static List<String> encodings() {
    return List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE");
  }

  byte[] binary(byte[] content) {
    String data = new String(content, StandardCharsets.ISO_8859_1);
    for (String encoding : encodings()) {
      data = binary(data, bytes(placeholder, encoding), bytes(prefix, encoding), encoding);
    }
    return data.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A string begins with its first placeholder and ends with the first NULs behind it. */
  private static String binary(String data, String wanted, String instead, String encoding) {
    String nul = bytes("\0", encoding);
    int begin = data.indexOf(wanted);
    int end = begin < 0 ? -1 : data.indexOf(nul, begin + wanted.length());
    if (end < 0) {
      return data;
    }
    String string = data.substring(begin, end + nul.length());
    String shorter = string.replace(wanted, instead);
    return data.substring(0, begin)
        + shorter
        + "\0".repeat(string.length() - shorter.length())
        + binary(data.substring(end + nul.length()), wanted, instead, encoding);
  }

  byte[] text(byte[] content) {
    String data = new String(content, StandardCharsets.ISO_8859_1);
    String written = platform.isWindows() ? prefix.replace('\\', '/') : prefix;
    for (String encoding : encodings()) {
      int line = data.indexOf('\n');
      if (!platform.isWindows() && line >= 0 && written.contains(" ")) {
        // a blank ends the interpreter, so it is marked there; conda does so without a blank too,
        // and would then find a placeholder that is part of the prefix a second time
        data =
            data.substring(0, line)
                    .replace(
                        bytes("#!" + placeholder, encoding),
                        bytes("#!" + written.replace(" ", "\\ "), encoding))
                + data.substring(line);
      }
      data = data.replace(bytes(placeholder, encoding), bytes(written, encoding));
    }
    return (platform.isWindows() ? data : shortened(data)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private String shortened(String data) {
    if (!data.startsWith("#!")) {
      return data;
    }
    int end = data.indexOf('\n');
    String line = end < 0 ? data : data.substring(0, end);
    int at = 2;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    if (at == line.length() || line.charAt(at) != '/') {
      return data;
    }
    int behind = at;
    while (behind < line.length()
        && ("\r\t ".indexOf(line.charAt(behind)) < 0
            || (line.charAt(behind) == ' ' && line.charAt(behind - 1) == '\\'))) {
      behind++;
    }
    String interpreter = line.substring(at, behind);
    int name = interpreter.lastIndexOf('/') + 1;
    int limit = platform.isLinux() ? 127 : 512;
    if (line.length() <= limit && !interpreter.substring(0, name).contains("\\ ")) {
      return data;
    }
    return data.replace(
        line, "#!/usr/bin/env " + interpreter.substring(name) + line.substring(behind));
  }
}

package io.jconda.core.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Replaces paths of the machine that built the artifacts, in text by any other, in binary files by
 * shorter ones: the rest of the string, up to its NUL, moves up.
 */
final class BuilderPaths {
  private final Map<String, String> replacements = new LinkedHashMap<>();

  /** Adds a replacement. */
  BuilderPaths replace(String path, String by) {
    if (by.length() > path.length()) {
      throw new IllegalArgumentException(by + " is longer than " + path);
    }
    replacements.put(path, by);
    return this;
  }

  /** Returns a file's content with all paths replaced; the same array if it has none. */
  byte[] rewrite(byte[] content) {
    byte[] result = content;
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      byte[] from = replacement.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] to = replacement.getValue().getBytes(StandardCharsets.UTF_8);
      result = rewrite(result, from, to);
    }
    return result;
  }

  private static byte[] rewrite(byte[] content, byte[] from, byte[] to) {
    boolean binary = indexOf(content, new byte[1], 0) >= 0;
    byte[] result = content;
    int at = indexOf(result, from, 0);
    while (at >= 0) {
      int end = binary ? endOfString(result, at) : result.length;
      int length = end - at - from.length;
      byte[] next = binary ? result.clone() : new byte[result.length - from.length + to.length];
      System.arraycopy(result, 0, next, 0, at);
      System.arraycopy(to, 0, next, at, to.length);
      System.arraycopy(result, at + from.length, next, at + to.length, length);
      if (binary) {
        Arrays.fill(next, at + to.length + length, end, (byte) 0);
      }
      result = next;
      at = indexOf(result, from, at + to.length);
    }
    return result;
  }

  private static int endOfString(byte[] content, int from) {
    int end = from;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return end;
  }

  private static int indexOf(byte[] content, byte[] wanted, int from) {
    int last = content.length - wanted.length;
    for (int i = from; i <= last; i++) {
      if (content[i] == wanted[0]
          && Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}

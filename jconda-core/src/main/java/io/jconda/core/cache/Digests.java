package io.jconda.core.cache;

import java.util.Locale;

/** Reads digests as others write them. */
final class Digests {
  private Digests() {}

  /** Tells whether a text is a SHA-256, so that it may become a file name. */
  static boolean isSha256(String text) {
    return isHex(text, 64);
  }

  static boolean isMd5(String text) {
    return isHex(text, 32);
  }

  /** No regular expression: it is asked for every path of every package. */
  private static boolean isHex(String text, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static String normal(String hex) {
    return hex.strip().toLowerCase(Locale.ROOT);
  }
}

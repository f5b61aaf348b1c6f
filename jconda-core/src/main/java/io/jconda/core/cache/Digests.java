package io.jconda.core.cache;

import java.util.Locale;
import java.util.regex.Pattern;

/** Reads digests as others write them. */
final class Digests {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MD_5 = Pattern.compile("[0-9a-f]{32}");

  private Digests() {}

  /** Tells whether a text is a SHA-256, so that it may become a file name. */
  static boolean isSha256(String text) {
    return SHA_256.matcher(text).matches();
  }

  static boolean isMd5(String text) {
    return MD_5.matcher(text).matches();
  }

  static String normal(String hex) {
    return hex.strip().toLowerCase(Locale.ROOT);
  }
}

package io.jconda.spec;

/**
 * Takes secrets out of texts: user info and tokens ({@code /t/<token>}) in URLs.
 *
 * <p>A {@code file:} URL has none, however its folders are called.
 */
public final class UrlSecrets {
  private UrlSecrets() {}

  /**
   * Takes user info and tokens out, such that the URLs can still be used.
   *
   * @param text any text, with any number of URLs
   */
  public static String removed(String text) {
    return scan(text, false);
  }

  /**
   * Covers user info and tokens with asterisks, such that positions stay.
   *
   * @param text any text, with any number of URLs
   */
  public static String masked(String text) {
    return scan(text, true);
  }

  private static String scan(String text, boolean mask) {
    if (!text.contains("://")) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean inUrl = false;
    int i = 0;
    while (i < text.length()) {
      int open = 0;
      int secretEnd = 0;
      if (text.startsWith("://", i) && !text.startsWith("file", i - 4)) {
        inUrl = true;
        open = 3;
        secretEnd = userInfoEnd(text, i + open);
      } else if (inUrl && text.startsWith("/t/", i)) {
        open = 3;
        secretEnd = segmentEnd(text, i + open);
      } else if (endsUrl(text.charAt(i))) {
        inUrl = false;
      }
      if (secretEnd <= i + open) {
        out.append(text.charAt(i++));
        continue;
      }
      boolean userInfo = text.charAt(i) == ':';
      if (mask || userInfo) {
        out.append(text, i, i + open);
      }
      out.append(mask ? "*".repeat(secretEnd - i - open) : "");
      i = secretEnd;
      if (userInfo && !mask) {
        i++;
      }
    }
    return out.toString();
  }

  /** Returns where the last at sign before the path is; the beginning if there is none. */
  private static int userInfoEnd(String text, int from) {
    int at = segmentEnd(text, from) - 1;
    while (at > from && text.charAt(at) != '@') {
      at--;
    }
    return Math.max(from, at);
  }

  private static int segmentEnd(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) != '/' && !endsUrl(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean endsUrl(char c) {
    return Character.isWhitespace(c) || c == '\'' || c == '"';
  }
}

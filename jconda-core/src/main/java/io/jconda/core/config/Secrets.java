package io.jconda.core.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a value fit to be shown: URLs may hold passwords and tokens, also where they are broken.
 */
final class Secrets {
  /** What stands before the last @: user and password, with or without a scheme. */
  private static final Pattern USER = Pattern.compile("^(\\s*\\w+://)?.*@", Pattern.DOTALL);

  private static final Pattern TOKEN = Pattern.compile("/t/[^/\\s]+");
  private static final Pattern QUERY = Pattern.compile("\\?\\S+");

  private Secrets() {}

  static String hide(String text) {
    Matcher user = USER.matcher(text);
    String shown = text;
    if (user.find()) {
      String scheme = user.group(1) == null ? "" : user.group(1);
      shown = scheme + "***@" + text.substring(user.end());
    }
    shown = TOKEN.matcher(shown).replaceAll("/t/***");
    return QUERY.matcher(shown).replaceAll("?***");
  }
}

package io.jconda.core.config;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code $NAME} and {@code ${NAME}} by the environment's variables, on Windows also {@code
 * %NAME%}; what is not set stays as it is (conda: {@code expand_environment_variables}).
 */
final class Variables {
  private final Map<String, String> environment;
  private final boolean windows;

  Variables(Map<String, String> environment, boolean windows) {
    this.environment = environment;
    this.windows = windows;
  }

  String expand(String text) {
    if (text.indexOf('$') < 0 && text.indexOf('%') < 0) {
      return text;
    }
    return Names.PATTERN
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(replacement(match)));
  }

  /** Is compiled with the first name, as most configurations hold none. */
  private static final class Names {
    static final Pattern PATTERN =
        Pattern.compile("\\$(\\w+)|\\$\\{([^}]+)\\}|%(\\w+)%", Pattern.UNICODE_CHARACTER_CLASS);
  }

  private String replacement(MatchResult match) {
    String name = match.group(1) != null ? match.group(1) : match.group(2);
    if (name == null) {
      return windows ? environment.getOrDefault(match.group(3), match.group()) : match.group();
    }
    return environment.getOrDefault(name, match.group());
  }
}

package io.jconda.core.env;

import io.jconda.spec.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lines that are for one platform (CEP-24): {@code # [win or osx]} behind a line, in
 * conda-build's words, with {@code and}, {@code or}, {@code not} and parentheses.
 *
 * <p>A comment with a word in brackets that is none of those is a comment.
 */
final class Selectors {
  private static final Pattern SELECTOR = Pattern.compile("(^|\\s)#\\s*\\[([^\\]]+)\\]\\s*$");
  private static final Pattern TOKEN = Pattern.compile("\\s*([A-Za-z_0-9]+|[()])");

  private final Platform platform;
  private final List<String> tokens;
  private int at;

  private Selectors(Platform platform, List<String> tokens) {
    this.platform = platform;
    this.tokens = tokens;
  }

  /** Empties the lines that are for other platforms; the others keep their places. */
  static String filter(String text, Platform platform) {
    if (text.indexOf('#') < 0) {
      return text;
    }
    return text.lines()
        .map(
            line -> {
              Matcher selector = SELECTOR.matcher(line);
              return selector.find() && !holds(selector.group(2), platform).orElse(true)
                  ? ""
                  : line;
            })
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Tells whether an expression holds for a platform; empty if it is none. */
  static Optional<Boolean> holds(String expression, Platform platform) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(expression.strip());
    int end = 0;
    while (end < expression.strip().length()) {
      if (!token.find(end) || token.start() != end) {
        return Optional.empty();
      }
      tokens.add(token.group(1));
      end = token.end();
    }
    Selectors reader = new Selectors(platform, tokens);
    Boolean holds = reader.either();
    return reader.at == tokens.size() ? Optional.ofNullable(holds) : Optional.empty();
  }

  private boolean take(String word) {
    boolean next = at < tokens.size() && tokens.get(at).equals(word);
    at += next ? 1 : 0;
    return next;
  }

  private @Nullable Boolean either() {
    Boolean left = both();
    while (left != null && take("or")) {
      Boolean right = both();
      left = right == null ? null : Boolean.valueOf(left || right);
    }
    return left;
  }

  private @Nullable Boolean both() {
    Boolean left = single();
    while (left != null && take("and")) {
      Boolean right = single();
      left = right == null ? null : Boolean.valueOf(left && right);
    }
    return left;
  }

  private @Nullable Boolean single() {
    if (take("not")) {
      Boolean what = single();
      return what == null ? null : Boolean.valueOf(!what);
    }
    if (take("(")) {
      Boolean inside = either();
      return take(")") ? inside : null;
    }
    return at < tokens.size() ? word(tokens.get(at++)).orElse(null) : null;
  }

  private Optional<Boolean> word(String word) {
    String architecture = platform.architecture();
    boolean intel64 = architecture.equals("64");
    boolean intel32 = architecture.equals("32");
    return Optional.ofNullable(
        switch (word) {
          case "unix" -> platform.isUnix();
          case "linux" -> platform.isLinux();
          case "osx" -> platform.isMac();
          case "win" -> platform.isWindows();
          case "x86" -> intel64 || intel32;
          case "x86_64" -> intel64;
          case "linux64" -> platform.isLinux() && intel64;
          case "linux32" -> platform.isLinux() && intel32;
          case "osx64" -> platform.isMac() && intel64;
          case "win64" -> platform.isWindows() && intel64;
          case "win32" -> platform.isWindows() && intel32;
          case "arm64", "aarch64", "armv6l", "armv7l", "ppc64", "ppc64le", "s390x", "riscv64" ->
              architecture.equals(word);
          default -> null;
        });
  }
}

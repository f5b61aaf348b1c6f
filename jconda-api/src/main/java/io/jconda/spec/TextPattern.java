package io.jconda.spec;

import io.jconda.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * What a match spec asks of a text field (CEP-29, "String matching"): equality, a glob if it holds
 * an asterisk, a regular expression if it is written {@code ^...$}; never looking at case.
 *
 * <p>Matching takes time in proportion to the lengths of pattern and text, whatever is written:
 * specs come from strangers' channels.
 */
final class TextPattern {
  private static final String FORM =
      "Write the text itself, a glob such as *_cpython, or a regular expression such as ^py3.*$.";

  private final String text;
  private final boolean glob;
  private final @Nullable LinearRegex regex;

  private TextPattern(String text, boolean glob, @Nullable LinearRegex regex) {
    this.text = text;
    this.glob = glob;
    this.regex = regex;
  }

  static TextPattern parse(String whole, int from, int to) {
    if (from == to) {
      throw new InvalidSpecException(whole, from, "a value is expected, and there is none", FORM);
    }
    boolean opens = whole.charAt(from) == '^';
    boolean closes = whole.charAt(to - 1) == '$';
    if (opens != closes || (opens && to - from < 2)) {
      throw new InvalidSpecException(
          whole,
          opens ? to : to - 1,
          "a regular expression must begin with '^' and end with '$'",
          FORM);
    }
    String text = whole.substring(from, to);
    return new TextPattern(
        text, !opens && text.indexOf('*') >= 0, opens ? LinearRegex.parse(whole, from, to) : null);
  }

  /** Makes a glob of a text whose characters have been looked at. */
  static TextPattern glob(String text) {
    return new TextPattern(text, true, null);
  }

  boolean isExact() {
    return !glob && regex == null;
  }

  boolean isAny() {
    return text.equals("*");
  }

  boolean matches(String value) {
    if (regex != null) {
      return regex.isFoundIn(value);
    }
    return glob ? globMatches(value) : text.equalsIgnoreCase(value);
  }

  /** Goes back to the last asterisk only: earlier ones need never take more than they did. */
  private boolean globMatches(String value) {
    int t = 0;
    int v = 0;
    int star = -1;
    int resume = 0;
    while (v < value.length()) {
      if (t < text.length() && text.charAt(t) == '*') {
        star = t++;
        resume = v;
      } else if (t < text.length() && sameLetter(text.charAt(t), value.charAt(v))) {
        t++;
        v++;
      } else if (star >= 0) {
        t = star + 1;
        v = ++resume;
      } else {
        return false;
      }
    }
    while (t < text.length() && text.charAt(t) == '*') {
      t++;
    }
    return t == text.length();
  }

  private static boolean sameLetter(char a, char b) {
    return a == b || Character.toLowerCase(a) == Character.toLowerCase(b);
  }

  @Override
  public String toString() {
    return text;
  }
}

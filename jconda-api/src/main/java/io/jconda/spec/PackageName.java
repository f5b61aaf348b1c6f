package io.jconda.spec;

import java.util.Locale;

/** The rules for names of packages (CEP-26), with globs and regular expressions of match specs. */
final class PackageName {
  private static final String FORM =
      "A name has letters, digits, '.', '_' and '-', and begins with a letter, a digit or '_'.";

  private PackageName() {}

  /**
   * Reads a name, a glob or a regular expression.
   *
   * @param lenient whether two separators may stand side by side, as in a few old packages
   */
  static TextPattern parse(Piece piece, boolean lenient) {
    if (piece.isEmpty()) {
      throw piece.invalid(0, "the name of a package is expected", "Write a name, or * for any.");
    }
    String text = piece.text();
    if (text.startsWith("^")) {
      if (text.indexOf('$') < text.length() - 1 && text.indexOf('$') >= 0) {
        throw piece.invalid(
            text.indexOf('$') + 1,
            "the regular expression of a name ends at its first '$'",
            "Write alternatives inside one pair: ^(a|b)$.");
      }
      return TextPattern.parse(piece.whole(), piece.from(), piece.to());
    }
    if (text.charAt(0) == '.' || text.charAt(0) == '-') {
      throw piece.invalid(0, "a name cannot begin with '" + text.charAt(0) + "'", FORM);
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && !isSeparator(c) && c != '*') {
        throw piece.invalid(i, "the name of a package cannot have the character '" + c + "'", FORM);
      }
      boolean virtual = i == 1 && text.startsWith("__");
      if (!lenient && i > 0 && !virtual && isSeparator(c) && isSeparator(text.charAt(i - 1))) {
        throw piece.invalid(
            i,
            "the name of a package cannot have two separators side by side",
            "Only a virtual package has two, and has them in front: __glibc.");
      }
    }
    String name = text.toLowerCase(Locale.ROOT);
    return TextPattern.parse(name, 0, name.length());
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isSeparator(char c) {
    return c == '.' || c == '_' || c == '-';
  }
}

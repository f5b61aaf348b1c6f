package io.jconda.spec;

import java.util.regex.Pattern;

/** The grammars of the names that {@code extras} (CEP-44) and {@code flags} (CEP-45) select. */
final class SelectorNames {
  private static final Pattern EXTRA = Pattern.compile("[a-z0-9_.+-]{1,64}");
  private static final Pattern FLAG = Pattern.compile("[a-z0-9_*]+(:[a-z0-9_*]+)?");

  private SelectorNames() {}

  static String extra(Piece piece) {
    if (!EXTRA.matcher(piece.text()).matches()) {
      throw piece.invalid(
          0,
          "'" + piece.text() + "' cannot be the name of a group of extras",
          "Such a name has 1 to 64 of a-z, 0-9, '_', '.', '+' and '-'.");
    }
    return piece.text();
  }

  static TextPattern flag(Piece piece) {
    if (!FLAG.matcher(piece.text()).matches()) {
      throw piece.invalid(
          0,
          "'" + piece.text() + "' cannot be a flag",
          "A flag has a-z, 0-9, '_' and one ':' at most; '*' makes it a glob.");
    }
    return TextPattern.parse(piece.whole(), piece.from(), piece.to());
  }
}

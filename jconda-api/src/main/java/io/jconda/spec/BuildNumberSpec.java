package io.jconda.spec;

import io.jconda.spec.VersionClause.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which build numbers are accepted: a number, an operator and a number, or a glob or regular
 * expression over the digits (conda: {@code BuildNumberMatch}).
 */
final class BuildNumberSpec {
  private static final String FORM = "Write a number such as 3, or an operator before it: >=3.";

  private final Operator operator;
  private final long bound;
  private final @Nullable TextPattern pattern;

  private BuildNumberSpec(Operator operator, long bound, @Nullable TextPattern pattern) {
    this.operator = operator;
    this.bound = bound;
    this.pattern = pattern;
  }

  static BuildNumberSpec parse(Piece piece) {
    String text = piece.text();
    if (text.startsWith("^") || (text.indexOf('*') >= 0 && text.matches("[0-9*]+"))) {
      TextPattern pattern = TextPattern.parse(piece.whole(), piece.from(), piece.to());
      return new BuildNumberSpec(Operator.EQUAL, 0, pattern);
    }
    int digits = 0;
    while (digits < text.length() && "=<>!~".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    Operator operator = operator(piece, text.substring(0, digits));
    while (digits < text.length() && Character.isWhitespace(text.charAt(digits))) {
      digits++;
    }
    for (int i = digits; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw piece.invalid(i, "a build number has digits only", FORM);
      }
    }
    if (digits == text.length() || text.length() - digits > 18) {
      throw piece.invalid(digits, "a build number of 1 to 18 digits is expected", FORM);
    }
    return new BuildNumberSpec(operator, Long.parseLong(text.substring(digits)), null);
  }

  static BuildNumberSpec exactly(long number) {
    return new BuildNumberSpec(Operator.EQUAL, number, null);
  }

  private static Operator operator(Piece piece, String sign) {
    if (List.of("", "=", "==").contains(sign)) {
      return Operator.EQUAL;
    }
    for (Operator operator : Operator.values()) {
      if (operator.sign().equals(sign)) {
        return operator;
      }
    }
    throw piece.invalid(0, "there is no operator '" + sign + "' for build numbers", FORM);
  }

  boolean matches(long number) {
    return pattern != null
        ? pattern.matches(Long.toString(number))
        : operator.holds(Long.compare(number, bound));
  }

  @Override
  public String toString() {
    return pattern != null
        ? pattern.toString()
        : (operator == Operator.EQUAL ? "" : operator.sign()) + bound;
  }
}

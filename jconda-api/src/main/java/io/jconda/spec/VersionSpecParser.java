package io.jconda.spec;

import io.jconda.InvalidSpecException;
import io.jconda.spec.VersionClause.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a version spec by descent; stops where a build string may follow. */
final class VersionSpecParser {
  private static final String FORM =
      "Write a version such as 1.2.*, or operators and versions such as >=1.2,<2.";
  private static final int DEEPEST = 50;
  private static final Set<String> OPERATORS =
      Set.of("", "=", "==", "!=", "<", "<=", ">", ">=", "~=");

  private final String whole;
  private final int end;
  private int position;
  private int depth;

  VersionSpecParser(String whole, int from, int to) {
    this.whole = whole;
    this.position = from;
    this.end = to;
  }

  /** Reads to the end, where nothing may be left. */
  VersionClause parseAll() {
    VersionClause clause = parse();
    if (position < end) {
      char c = whole.charAt(position);
      throw c == ')'
          ? invalid(position, "a ')' without its '('", "Put a '(' before it, or take it away.")
          : invalid(
              position,
              "the version spec should end here",
              "Put ',' (and) or '|' (or) between two versions.");
    }
    return clause;
  }

  /** Reads as far as there is a version spec, and over the blanks behind it. */
  VersionClause parse() {
    return or();
  }

  /** Returns where reading stopped. */
  int position() {
    return position;
  }

  private VersionClause or() {
    List<VersionClause> clauses = new ArrayList<>(1);
    do {
      VersionClause clause = and();
      if (clause instanceof VersionClause.Or or) {
        clauses.addAll(or.clauses());
      } else {
        clauses.add(clause);
      }
    } while (skip('|'));
    return clauses.size() == 1 ? clauses.get(0) : new VersionClause.Or(List.copyOf(clauses));
  }

  private VersionClause and() {
    List<VersionClause> clauses = new ArrayList<>(2);
    do {
      VersionClause clause = group();
      if (clause instanceof VersionClause.And and) {
        clauses.addAll(and.clauses());
      } else {
        clauses.add(clause);
      }
    } while (skip(','));
    return clauses.size() == 1 ? clauses.get(0) : new VersionClause.And(List.copyOf(clauses));
  }

  private VersionClause group() {
    skipBlanks();
    int open = position;
    if (!skip('(')) {
      VersionClause clause = clause();
      skipBlanks();
      return clause;
    }
    if (++depth > DEEPEST) {
      throw invalid(open, "the parentheses are nested too deeply", FORM);
    }
    VersionClause inner = or();
    if (!skip(')')) {
      throw invalid(
          position, "a ')' is expected for the '(' before", "Close each parenthesis that is open.");
    }
    depth--;
    skipBlanks();
    return inner;
  }

  private VersionClause clause() {
    if (position < end && whole.charAt(position) == '^') {
      return regex();
    }
    int operatorStart = position;
    while (position < end && "=<>!~".indexOf(whole.charAt(position)) >= 0) {
      position++;
    }
    String operator = whole.substring(operatorStart, position);
    if (!OPERATORS.contains(operator)) {
      throw invalid(
          operatorStart,
          "there is no operator '" + operator + "'",
          "Use one of =, ==, !=, <, <=, >, >= and ~=.");
    }
    skipBlanks();
    int start = position;
    while (position < end && !endsLiteral(position)) {
      position++;
    }
    if (start == position) {
      throw invalid(
          position,
          operator.isEmpty()
              ? "a version is expected"
              : "a version is expected after '" + operator + "'",
          FORM);
    }
    return clause(operator, operatorStart, start, position);
  }

  private boolean endsLiteral(int at) {
    char c = whole.charAt(at);
    return Character.isWhitespace(c)
        || ",|()=<>~^$[]".indexOf(c) >= 0
        || (c == '!' && at + 1 < end && whole.charAt(at + 1) == '=');
  }

  private VersionClause regex() {
    int start = position;
    int close = whole.indexOf('$', start);
    if (close < 0 || close >= end) {
      throw invalid(
          end, "a regular expression must end with '$'", "Write it as ^...$, with both signs.");
    }
    position = close + 1;
    return new VersionClause.Text(TextPattern.parse(whole, start, position), false);
  }

  private VersionClause clause(String operator, int operatorStart, int start, int stop) {
    int core = stop;
    while (core > start && whole.charAt(core - 1) == '*') {
      core--;
    }
    boolean starred = core < stop;
    while (starred && core > start && whole.charAt(core - 1) == '.') {
      core--;
    }
    boolean equality = operator.isEmpty() || operator.equals("=") || operator.equals("==");
    if (starred && isComparison(operator)) {
      core = withoutStars(start, core);
    }
    if (core == start) {
      if (!equality) {
        throw invalid(start, "'" + operator + "' needs a version, not '*'", FORM);
      }
      return new VersionClause.Any();
    }
    int star = whole.indexOf('*', start);
    if (star >= 0 && star < core) {
      if (!equality && !operator.equals("!=")) {
        throw invalid(star, "'" + operator + "' cannot be used with a glob", FORM);
      }
      return glob(start, stop, operator.equals("!="));
    }
    Version version = Version.parse(whole, start, core);
    return switch (operator) {
      case "" -> starred ? prefix(version, false) : ordered(Operator.EQUAL, version);
      case "=" -> prefix(version, false);
      // conda drops the star of ==1.2.* in an alternative only; CEP-29 reads it as 1.2.* throughout
      case "==" -> starred ? prefix(version, false) : ordered(Operator.EQUAL, version);
      case "!=" -> starred ? prefix(version, true) : ordered(Operator.NOT_EQUAL, version);
      case "<" -> ordered(Operator.LESS, version);
      case "<=" -> ordered(Operator.LESS_OR_EQUAL, version);
      case ">" -> ordered(Operator.GREATER, version);
      case ">=" -> ordered(Operator.GREATER_OR_EQUAL, version);
      default -> compatible(version, operatorStart, start, core, starred);
    };
  }

  private static boolean isComparison(String operator) {
    return operator.startsWith("<") || operator.startsWith(">");
  }

  /** {@code >=2.*.*} says no more than {@code >=2.*}. */
  private int withoutStars(int start, int core) {
    int end = core;
    while (end > start && ".*".indexOf(whole.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static VersionClause ordered(Operator operator, Version version) {
    return new VersionClause.Ordered(operator, version);
  }

  private static VersionClause prefix(Version version, boolean negated) {
    return new VersionClause.Prefix(version, negated);
  }

  private VersionClause glob(int start, int stop, boolean negated) {
    for (int i = start; i < stop; i++) {
      char c = whole.charAt(i);
      if (!(c < 128 && Character.isLetterOrDigit(c)) && "._+!-*".indexOf(c) < 0) {
        throw invalid(i, "a version cannot have the character '" + c + "'", FORM);
      }
    }
    return new VersionClause.Text(TextPattern.glob(whole.substring(start, stop)), negated);
  }

  private VersionClause compatible(
      Version version, int operatorStart, int start, int core, boolean starred) {
    if (starred) {
      throw invalid(core, "'~=' cannot be used with '*'", "Write ~=1.2.3, or 1.2.* alone.");
    }
    int lastDot = whole.lastIndexOf('.', core - 1);
    if (lastDot <= start) {
      throw invalid(
          operatorStart,
          "'~=' needs a version with two parts at least",
          "Write ~=1.2, or >=1 alone.");
    }
    return new VersionClause.Compatible(version, Version.parse(whole, start, lastDot));
  }

  private boolean skip(char c) {
    skipBlanks();
    if (position < end && whole.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (position < end && Character.isWhitespace(whole.charAt(position))) {
      position++;
    }
  }

  private InvalidSpecException invalid(int at, String problem, String remedy) {
    return new InvalidSpecException(whole, at, problem, remedy);
  }
}

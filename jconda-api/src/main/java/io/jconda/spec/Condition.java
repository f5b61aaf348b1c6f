package io.jconda.spec;

import io.jconda.InvalidSpecException;

/**
 * The syntax of {@code when} (CEP-43): match specs joined by {@code and} and {@code or}, grouped by
 * parentheses.
 */
final class Condition {
  private static final String FORM =
      "Write specs with 'and', 'or' and parentheses, such as python>=3.10 and __unix.";
  private static final int DEEPEST = 50;

  private final Piece piece;
  private final String text;
  private int position;
  private int depth;

  private Condition(Piece piece) {
    this.piece = piece;
    this.text = piece.text();
  }

  /** Returns the condition's text, having read it from end to end. */
  static String check(Piece piece) {
    Condition condition = new Condition(piece);
    condition.expression();
    if (condition.position < condition.text.length()) {
      throw condition.invalid("a ')' without its '('");
    }
    return condition.text;
  }

  private void expression() {
    if (++depth > DEEPEST) {
      throw invalid("the parentheses are nested too deeply");
    }
    term();
    while (skipWord("and") || skipWord("or")) {
      term();
    }
    depth--;
  }

  private void term() {
    skipBlanks();
    if (position < text.length() && text.charAt(position) == '(') {
      position++;
      expression();
      if (position >= text.length()) {
        throw invalid("a ')' is expected");
      }
      position++;
      skipBlanks();
      return;
    }
    int start = position;
    int end = specEnd();
    Piece spec = new Piece(piece.whole(), piece.from() + start, piece.from() + end).stripped();
    if (spec.isEmpty()) {
      throw invalid("a spec is expected");
    }
    MatchSpec inner = readInner(spec);
    if (inner.when().isPresent()) {
      throw invalid("a condition cannot have conditions of its own");
    }
    position = end;
  }

  private static MatchSpec readInner(Piece spec) {
    try {
      return MatchSpec.parse(spec.text());
    } catch (InvalidSpecException e) {
      throw spec.invalid(
          Math.min(e.position(), spec.text().length()), "the condition cannot be read", e.remedy());
    }
  }

  /** Finds where a spec ends: before {@code and}, {@code or}, a closing parenthesis, or the end. */
  private int specEnd() {
    int open = 0;
    char quote = 0;
    for (int i = position; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '[' || c == '(') {
        open++;
      } else if (c == ']' || c == ')') {
        if (--open < 0) {
          return i;
        }
      } else if (open == 0 && (wordAt(i, "and") || wordAt(i, "or"))) {
        return i;
      }
    }
    return text.length();
  }

  private boolean wordAt(int at, String word) {
    int end = at + word.length();
    return text.startsWith(word, at)
        && (at == 0 || " )]".indexOf(text.charAt(at - 1)) >= 0)
        && (end == text.length() || " (".indexOf(text.charAt(end)) >= 0);
  }

  private boolean skipWord(String word) {
    skipBlanks();
    if (!wordAt(position, word)) {
      return false;
    }
    position += word.length();
    return true;
  }

  private void skipBlanks() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }

  private InvalidSpecException invalid(String problem) {
    return piece.invalid(position, "in the condition, " + problem, FORM);
  }
}

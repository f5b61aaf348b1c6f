package io.jconda.spec;

import io.jconda.InvalidSpecException;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Condition#parse} reads. */
final class ConditionParser {
  private static final String FORM =
      "Write specs with 'and', 'or' and parentheses, such as python>=3.10 and __unix.";
  private static final int DEEPEST = 50;

  private final Piece piece;
  private final String text;
  private int position;
  private int depth;

  private ConditionParser(Piece piece) {
    this.piece = piece;
    this.text = piece.text();
  }

  /** Reads a condition from end to end. */
  static Condition parse(Piece piece) {
    ConditionParser parser = new ConditionParser(piece);
    Condition condition = parser.expression();
    if (parser.position < parser.text.length()) {
      throw parser.invalid("a ')' without its '('");
    }
    return condition;
  }

  private Condition expression() {
    if (++depth > DEEPEST) {
      throw invalid("the parentheses are nested too deeply");
    }
    List<Condition> alternatives = new ArrayList<>();
    do {
      alternatives.add(conjunction());
    } while (skipWord("or"));
    depth--;
    return alternatives.size() == 1 ? alternatives.get(0) : new Condition.Any(alternatives);
  }

  private Condition conjunction() {
    List<Condition> parts = new ArrayList<>();
    do {
      parts.add(term());
    } while (skipWord("and"));
    return parts.size() == 1 ? parts.get(0) : new Condition.All(parts);
  }

  private Condition term() {
    skipBlanks();
    if (position < text.length() && text.charAt(position) == '(') {
      position++;
      Condition inside = expression();
      if (position >= text.length()) {
        throw invalid("a ')' is expected");
      }
      position++;
      skipBlanks();
      return inside;
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
    return new Condition.Matches(inner);
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

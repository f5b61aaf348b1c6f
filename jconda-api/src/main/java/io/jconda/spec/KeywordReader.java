package io.jconda.spec;

import io.jconda.InvalidSpecException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the part of a match spec that stands in brackets: {@code [key=value,key='value']}. */
final class KeywordReader {
  private static final String QUOTE_FORM =
      "Quote a value that has blanks, commas, '=' or brackets: [version='>=1,<2'].";

  private static final String OPTIONAL = "optional";

  /** A key with its values; more than one only where the value was a list. */
  record Keyword(Piece key, List<Piece> values, boolean list) {
    Piece value() {
      return values.get(0);
    }
  }

  private final String whole;
  private final int end;
  private final boolean lenient;
  private int position;

  /**
   * Creates a reader.
   *
   * @param from where the opening bracket is
   * @param lenient whether a key may be there twice, when the last one counts, and whether the key
   *     {@code optional}, which nothing heeds, may be there without a value: both as conda's old
   *     parser has it
   */
  KeywordReader(String whole, int from, int end, boolean lenient) {
    this.whole = whole;
    this.position = from;
    this.end = end;
    this.lenient = lenient;
  }

  /** Reads to behind the closing bracket. */
  List<Keyword> read() {
    int open = position++;
    List<Keyword> keywords = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    boolean anyOptional = false;
    while (true) {
      skipBlanks();
      if (position >= end) {
        throw invalid(end, "the ']' for the '[' at character " + (open + 1) + " is missing");
      }
      if (lenient && skipOptional()) {
        anyOptional = true;
        continue;
      }
      if (whole.charAt(position) == ']' && (anyOptional || !keywords.isEmpty())) {
        position++;
        return keywords;
      }
      Keyword keyword = keyword();
      if (!seen.add(keyword.key().text()) && !lenient) {
        throw keyword
            .key()
            .invalid(
                0, "the key '" + keyword.key().text() + "' is there twice", "Write each key once.");
      }
      keywords.add(keyword);
      skipBlanks();
      if (position < end && whole.charAt(position) == ',') {
        position++;
      }
    }
  }

  /** Skips {@code optional} with the comma behind it, if that is all that is said of it. */
  private boolean skipOptional() {
    int start = position;
    if (whole.startsWith(OPTIONAL, position)) {
      position += OPTIONAL.length();
      skipBlanks();
      if (position < end && whole.charAt(position) == ',') {
        position++;
        return true;
      }
      if (position < end && whole.charAt(position) == ']') {
        return true;
      }
    }
    position = start;
    return false;
  }

  int position() {
    return position;
  }

  private Keyword keyword() {
    int start = position;
    while (position < end && isKeyCharacter(whole.charAt(position))) {
      position++;
    }
    Piece key = new Piece(whole, start, position);
    skipBlanks();
    if (!key.isEmpty() && position < end && ",]".indexOf(whole.charAt(position)) >= 0) {
      throw key.invalid(
          0,
          "the key '" + key.text() + "' has no value",
          "Write key=value; a group of optional dependencies is extras=[" + key.text() + "].");
    }
    if (key.isEmpty() || position >= end || whole.charAt(position) != '=') {
      throw invalid(position, "a key and '=' are expected");
    }
    position++;
    skipBlanks();
    if (position < end && whole.charAt(position) == '[') {
      return new Keyword(key, list(), true);
    }
    Piece value = value(" ,]");
    if (value.isEmpty()) {
      throw invalid(value.from(), "the value of '" + key.text() + "' is missing");
    }
    return new Keyword(key, List.of(value), false);
  }

  private List<Piece> list() {
    int open = position++;
    List<Piece> values = new ArrayList<>();
    while (true) {
      skipBlanks();
      Piece value = value(",]");
      if (value.isEmpty()) {
        throw invalid(
            position,
            position >= end ? "the list's ']' is missing" : "an item of the list is empty");
      }
      values.add(value);
      skipBlanks();
      if (position >= end) {
        throw invalid(end, "the ']' for the '[' at character " + (open + 1) + " is missing");
      }
      if (whole.charAt(position++) == ']') {
        return values;
      }
      if (whole.charAt(position - 1) != ',') {
        throw invalid(position - 1, "',' or ']' is expected");
      }
    }
  }

  private Piece value(String stops) {
    if (position < end && (whole.charAt(position) == '\'' || whole.charAt(position) == '"')) {
      return quoted();
    }
    int start = position;
    while (position < end && stops.indexOf(whole.charAt(position)) < 0) {
      char c = whole.charAt(position);
      if (c == '[' || c == '\'' || c == '"') {
        throw invalid(position, "a value without quotes cannot have the character " + c);
      }
      position++;
    }
    return new Piece(whole, start, position).stripped();
  }

  /** Reads a quoted value; of Python's escapes only those of quotes and the backslash itself. */
  private Piece quoted() {
    int open = position;
    char quote = whole.charAt(position++);
    int start = position;
    StringBuilder value = new StringBuilder();
    boolean escaped = false;
    while (position < end && whole.charAt(position) != quote) {
      char c = whole.charAt(position);
      if (c == '\\' && position + 1 < end && "\\'\"".indexOf(whole.charAt(position + 1)) >= 0) {
        escaped = true;
        position++;
        c = whole.charAt(position);
      }
      value.append(c);
      position++;
    }
    if (position >= end) {
      throw invalid(end, "the quote at character " + (open + 1) + " is not closed");
    }
    position++;
    if (position < end && " ,]".indexOf(whole.charAt(position)) < 0) {
      throw invalid(position, "',' or ']' is expected after the quoted value");
    }
    return escaped ? Piece.of(value.toString()) : new Piece(whole, start, position - 1).stripped();
  }

  private static boolean isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private void skipBlanks() {
    while (position < end && Character.isWhitespace(whole.charAt(position))) {
      position++;
    }
  }

  private InvalidSpecException invalid(int at, String problem) {
    return new InvalidSpecException(whole, at, problem, QUOTE_FORM);
  }
}

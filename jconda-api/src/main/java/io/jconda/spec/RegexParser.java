package io.jconda.spec;

import io.jconda.InvalidSpecException;
import io.jconda.spec.LinearRegex.Chars;
import io.jconda.spec.LinearRegex.Node;
import java.util.ArrayList;
import java.util.List;

/** Reads the part of Python's regular expressions that can be matched in linear time. */
final class RegexParser {
  private static final String FORM =
      "Use characters, '.', [...], (...), '|', '*', '+', '?', {m,n}, \\d, \\w, \\s, '^' and '$' only.";
  private static final int DEEPEST = 50;

  private static final Chars ANY = new Chars(-1, -1, true);
  private static final Chars DIGITS = range('0', '9');
  private static final Chars WORD =
      union(union(DIGITS, range('a', 'z')), union(range('A', 'Z'), range('_', '_')));
  private static final Chars BLANKS = union(range('\t', '\r'), range(' ', ' '));

  private final String whole;
  private final int end;
  private int position;
  private int depth;

  RegexParser(String whole, int from, int to) {
    this.whole = whole;
    this.position = from;
    this.end = to;
  }

  Node parse() {
    Node root = choice();
    if (position < end) {
      throw invalid(position, "a ')' without its '('");
    }
    return root;
  }

  private Node choice() {
    if (++depth > DEEPEST) {
      throw invalid(position, "the groups are nested too deeply");
    }
    List<Node> nodes = new ArrayList<>();
    nodes.add(sequence());
    while (position < end && peek() == '|') {
      position++;
      nodes.add(sequence());
    }
    depth--;
    return nodes.size() == 1 ? nodes.get(0) : bounded(new LinearRegex.Choice(nodes));
  }

  private Node sequence() {
    List<Node> nodes = new ArrayList<>();
    while (position < end && peek() != '|' && peek() != ')') {
      nodes.add(quantified());
    }
    return bounded(new LinearRegex.Sequence(nodes));
  }

  private Node quantified() {
    int start = position;
    Node node = atom();
    while (position < end) {
      int least;
      int most;
      switch (peek()) {
        case '*' -> {
          least = 0;
          most = -1;
        }
        case '+' -> {
          least = 1;
          most = -1;
        }
        case '?' -> {
          least = 0;
          most = 1;
        }
        case '{' -> {
          int close = whole.indexOf('}', position);
          if (close < 0 || close >= end) {
            throw invalid(position, "a '{' without its '}'");
          }
          String[] bounds = whole.substring(position + 1, close).split(",", -1);
          least = bounds.length > 2 ? -1 : count(bounds[0], 0);
          most = bounds.length == 1 ? least : count(bounds[1], -1);
          if (most >= 0 && most < least) {
            throw invalid(position, "the bounds of a repetition are the wrong way round");
          }
          position = close;
        }
        default -> {
          return node;
        }
      }
      if (node instanceof LinearRegex.Begin || node instanceof LinearRegex.End) {
        throw invalid(start, "an anchor cannot be repeated");
      }
      position++;
      if (position < end && peek() == '?') {
        // lazy or greedy: the same texts match
        position++;
      } else if (position < end && peek() == '+') {
        throw invalid(position, "possessive repetition is not supported");
      }
      node = bounded(new LinearRegex.Repeat(node, least, most));
    }
    return node;
  }

  private int count(String digits, int ifEmpty) {
    if (digits.isEmpty()) {
      return ifEmpty;
    }
    if (digits.length() > 4 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw invalid(position, "the bounds of a repetition must be small numbers");
    }
    return Integer.parseInt(digits);
  }

  private Node atom() {
    char c = whole.charAt(position++);
    return switch (c) {
      case '^' -> new LinearRegex.Begin();
      case '$' -> new LinearRegex.End();
      case '.' -> ANY;
      case '[' -> set();
      case '\\' -> escape();
      case '(' -> group();
      case '*', '+', '?', '{' ->
          throw invalid(position - 1, "there is nothing before '" + c + "' to repeat");
      default -> letter(c, position - 1);
    };
  }

  private Node group() {
    int open = position - 1;
    if (position < end && peek() == '?') {
      if (!whole.startsWith("?:", position)) {
        throw invalid(position, "look-around, flags and named groups are not supported");
      }
      position += 2;
    }
    Node inner = choice();
    if (position >= end) {
      throw invalid(open, "a '(' without its ')'");
    }
    position++;
    return inner;
  }

  private Chars escape() {
    if (position >= end) {
      throw invalid(position - 1, "a '\\' with nothing behind it");
    }
    char c = whole.charAt(position++);
    return switch (c) {
      case 'd' -> DIGITS;
      case 'D' -> complement(DIGITS);
      case 'w' -> WORD;
      case 'W' -> complement(WORD);
      case 's' -> BLANKS;
      case 'S' -> complement(BLANKS);
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw invalid(position - 1, "the escape '\\" + c + "' is not supported");
        }
        yield letter(c, position - 1);
      }
    };
  }

  private Chars set() {
    int open = position - 1;
    boolean negated = position < end && peek() == '^';
    if (negated) {
      position++;
    }
    Chars set = new Chars(0, 0, false);
    boolean first = true;
    while (true) {
      if (position >= end) {
        throw invalid(open, "a '[' without its ']'");
      }
      char c = whole.charAt(position++);
      if (c == ']' && !first) {
        return negated ? complement(set) : set;
      }
      first = false;
      if (c == '\\') {
        set = union(set, escape());
      } else if (position + 1 < end && peek() == '-' && whole.charAt(position + 1) != ']') {
        char last = whole.charAt(position + 1);
        if (last < c || last > 127 || last == '\\') {
          throw invalid(position - 1, "a range of characters cannot be read");
        }
        position += 2;
        for (char each = c; each <= last; each++) {
          set = union(set, letter(each, position - 1));
        }
      } else {
        set = union(set, letter(c, position - 1));
      }
    }
  }

  private Chars letter(char c, int at) {
    if (c > 127) {
      throw invalid(at, "only ASCII characters can be matched");
    }
    return union(
        range(Character.toLowerCase(c), Character.toLowerCase(c)),
        range(Character.toUpperCase(c), Character.toUpperCase(c)));
  }

  /** Refuses what would come to too many steps, before it is written out. */
  private Node bounded(Node node) {
    if (steps(node) > LinearRegex.MOST_STEPS) {
      throw invalid(position - 1, "the regular expression is too large");
    }
    return node;
  }

  private static long steps(Node node) {
    if (node instanceof LinearRegex.Sequence sequence) {
      return sequence.nodes().stream().mapToLong(RegexParser::steps).sum();
    }
    if (node instanceof LinearRegex.Choice choice) {
      return choice.nodes().stream().mapToLong(each -> steps(each) + 2).sum();
    }
    if (node instanceof LinearRegex.Repeat repeat) {
      return (steps(repeat.node()) + 2) * Math.max(repeat.least() + 1L, repeat.most());
    }
    return 1;
  }

  private char peek() {
    return whole.charAt(position);
  }

  private static Chars range(int first, int last) {
    long low = 0;
    long high = 0;
    for (int c = first; c <= last; c++) {
      if (c < 64) {
        low |= 1L << c;
      } else {
        high |= 1L << (c - 64);
      }
    }
    return new Chars(low, high, false);
  }

  private static Chars union(Chars a, Chars b) {
    return new Chars(a.low() | b.low(), a.high() | b.high(), a.beyond() || b.beyond());
  }

  private static Chars complement(Chars set) {
    return new Chars(~set.low(), ~set.high(), !set.beyond());
  }

  private InvalidSpecException invalid(int at, String problem) {
    return new InvalidSpecException(whole, at, "in the regular expression, " + problem, FORM);
  }
}

package io.jconda.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression without look-around and back references (CEP-29), matched by following all
 * its states at once, so that no expression takes longer than its length times the text's.
 *
 * <p>Case is ignored. Immutable.
 */
final class LinearRegex {
  /** A node of the parsed expression. */
  sealed interface Node permits Chars, Begin, End, Sequence, Choice, Repeat {}

  /** One character of a set; ASCII as bits, all others together. */
  record Chars(long low, long high, boolean beyond) implements Node {
    boolean has(char c) {
      return c < 64 ? (low >>> c & 1) != 0 : c < 128 ? (high >>> (c - 64) & 1) != 0 : beyond;
    }
  }

  /** The beginning of the text. */
  record Begin() implements Node {}

  /** The end of the text. */
  record End() implements Node {}

  /** One after the other. */
  record Sequence(List<Node> nodes) implements Node {}

  /** One of several. */
  record Choice(List<Node> nodes) implements Node {}

  /** The same several times; a most of -1 has no bound. */
  record Repeat(Node node, int least, int most) implements Node {}

  private enum Kind {
    CHARS,
    BEGIN,
    END,
    SPLIT,
    FOUND
  }

  /** One step; {@code next} and {@code other} are places in the program. */
  private static final class Step {
    private final Kind kind;
    private final Chars chars;
    private int next;
    private int other;

    private Step(Kind kind, Chars chars) {
      this.kind = kind;
      this.chars = chars;
    }
  }

  private static final Chars NONE = new Chars(0, 0, false);

  /** How many steps an expression may come to; repetitions count as often as they repeat. */
  static final int MOST_STEPS = 2000;

  private final List<Step> program = new ArrayList<>();

  private LinearRegex(Node root) {
    emit(root);
    program.add(new Step(Kind.FOUND, NONE));
  }

  /**
   * Reads an expression, anchors and all.
   *
   * @throws io.jconda.InvalidSpecException if it is wrong, too large, or has what is not supported
   */
  static LinearRegex parse(String whole, int from, int to) {
    return new LinearRegex(new RegexParser(whole, from, to).parse());
  }

  private Step add(Kind kind, Chars chars) {
    Step step = new Step(kind, chars);
    program.add(step);
    step.next = program.size();
    return step;
  }

  private void emit(Node node) {
    if (node instanceof Chars chars) {
      add(Kind.CHARS, chars);
    } else if (node instanceof Begin) {
      add(Kind.BEGIN, NONE);
    } else if (node instanceof End) {
      add(Kind.END, NONE);
    } else if (node instanceof Sequence sequence) {
      sequence.nodes().forEach(this::emit);
    } else if (node instanceof Choice choice) {
      emitChoice(choice.nodes());
    } else if (node instanceof Repeat repeat) {
      emitRepeat(repeat);
    }
  }

  private void emitChoice(List<Node> nodes) {
    List<Step> exits = new ArrayList<>();
    for (int i = 0; i < nodes.size() - 1; i++) {
      Step split = add(Kind.SPLIT, NONE);
      split.other = split.next;
      emit(nodes.get(i));
      Step exit = add(Kind.SPLIT, NONE);
      exits.add(exit);
      split.next = program.size();
    }
    emit(nodes.get(nodes.size() - 1));
    for (Step exit : exits) {
      exit.next = program.size();
      exit.other = program.size();
    }
  }

  private void emitRepeat(Repeat repeat) {
    for (int i = 0; i < repeat.least(); i++) {
      emit(repeat.node());
    }
    if (repeat.most() < 0) {
      int loop = program.size();
      Step split = add(Kind.SPLIT, NONE);
      split.other = split.next;
      emit(repeat.node());
      Step back = add(Kind.SPLIT, NONE);
      back.next = loop;
      back.other = loop;
      split.next = program.size();
      return;
    }
    List<Step> exits = new ArrayList<>();
    for (int i = repeat.least(); i < repeat.most(); i++) {
      Step split = add(Kind.SPLIT, NONE);
      split.other = split.next;
      exits.add(split);
      emit(repeat.node());
    }
    exits.forEach(exit -> exit.next = program.size());
  }

  /** Tells whether some piece of the text matches. */
  boolean isFoundIn(String text) {
    int[] now = new int[program.size()];
    int[] then = new int[program.size()];
    int[] seenAt = new int[program.size()];
    int[] stack = new int[program.size() * 2 + 1];
    int count = 0;
    for (int position = 0; position <= text.length(); position++) {
      // Search, not match: the expression may begin at any character.
      int mark = position + 1;
      count = follow(0, position, text.length(), now, count, seenAt, mark, stack);
      int thenCount = 0;
      for (int i = 0; i < count; i++) {
        Step step = program.get(now[i]);
        if (step.kind == Kind.FOUND) {
          return true;
        }
        if (position < text.length() && step.chars.has(text.charAt(position))) {
          thenCount =
              follow(
                  step.next, position + 1, text.length(), then, thenCount, seenAt, mark + 1, stack);
        }
      }
      int[] swap = now;
      now = then;
      then = swap;
      count = thenCount;
    }
    return false;
  }

  /** Adds the character steps that can be reached from one place without reading. */
  private int follow(
      int place,
      int position,
      int end,
      int[] list,
      int count,
      int[] seenAt,
      int mark,
      int[] stack) {
    int added = count;
    int top = 0;
    stack[top++] = place;
    while (top > 0) {
      int at = stack[--top];
      if (seenAt[at] == mark) {
        continue;
      }
      seenAt[at] = mark;
      Step step = program.get(at);
      switch (step.kind) {
        case SPLIT -> {
          stack[top++] = step.next;
          stack[top++] = step.other;
        }
        case BEGIN -> {
          if (position == 0) {
            stack[top++] = step.next;
          }
        }
        case END -> {
          if (position == end) {
            stack[top++] = step.next;
          }
        }
        case CHARS, FOUND -> list[added++] = at;
      }
    }
    return added;
  }
}

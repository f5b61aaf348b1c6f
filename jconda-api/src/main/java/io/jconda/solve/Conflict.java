package io.jconda.solve;

import java.util.List;

/**
 * Explains why no set of packages fulfils all that was asked for: a tree as data, and as text by
 * {@link #toString()}.
 *
 * <p>Immutable.
 *
 * @param specs the user's own specs that cannot hold together, as they were written
 * @param causes what each of them leads to; never empty
 */
public record Conflict(List<String> specs, List<Cause> causes) {
  /** Copies the lists. */
  public Conflict {
    specs = List.copyOf(specs);
    causes = List.copyOf(causes);
  }

  /**
   * States one reason, and under it the reasons for the reason.
   *
   * @param message one line, such as {@code numpy 2.3.1 requires python >=3.13,<3.14}
   * @param causes what stands behind it; empty at a leaf
   */
  public record Cause(String message, List<Cause> causes) {
    /** Copies the list. */
    public Cause {
      causes = List.copyOf(causes);
    }
  }

  /** Returns the tree as indented text, one reason a line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("No set of packages fulfils ");
    text.append(String.join(" and ", specs.stream().map(spec -> "'" + spec + "'").toList()));
    text.append(':');
    append(text, causes, "");
    text.append(System.lineSeparator());
    return text.toString();
  }

  private static void append(StringBuilder text, List<Cause> causes, String indent) {
    for (int i = 0; i < causes.size(); i++) {
      boolean last = i == causes.size() - 1;
      Cause cause = causes.get(i);
      text.append(System.lineSeparator()).append(indent).append(last ? "└─ " : "├─ ");
      text.append(cause.message());
      append(text, cause.causes(), indent + (last ? "   " : "│  "));
    }
  }
}

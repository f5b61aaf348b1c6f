package io.jconda.spec;

import java.util.List;

/** A node of a version spec; prints itself in the canonical form. */
sealed interface VersionClause {
  boolean matches(Version version);

  void print(StringBuilder out);

  /** Accepts every version. */
  record Any() implements VersionClause {
    @Override
    public boolean matches(Version version) {
      return true;
    }

    @Override
    public void print(StringBuilder out) {
      out.append('*');
    }
  }

  /** The place in conda's order relative to a version. */
  record Ordered(Operator operator, Version bound) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      return operator.holds(version.compareTo(bound));
    }

    @Override
    public void print(StringBuilder out) {
      out.append(operator.sign()).append(bound);
    }
  }

  /** Begins with the parts of a version, or does not. */
  record Prefix(Version start, boolean negated) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      return version.startsWith(start) != negated;
    }

    @Override
    public void print(StringBuilder out) {
      out.append(negated ? "!=" : "").append(start).append(".*");
    }
  }

  /** {@code ~=}: no older, and alike but for the last dot part. */
  record Compatible(Version least, Version start) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      return version.compareTo(least) >= 0 && version.startsWith(start);
    }

    @Override
    public void print(StringBuilder out) {
      out.append("~=").append(least);
    }
  }

  /** A glob or regular expression over the version's text, or its negation. */
  record Text(TextPattern pattern, boolean negated) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      return pattern.matches(version.toString()) != negated;
    }

    @Override
    public void print(StringBuilder out) {
      out.append(negated ? "!=" : "").append(pattern);
    }
  }

  /** All of several. */
  record And(List<VersionClause> clauses) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      for (VersionClause clause : clauses) {
        if (!clause.matches(version)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void print(StringBuilder out) {
      String separator = "";
      for (VersionClause clause : clauses) {
        out.append(separator);
        separator = ",";
        boolean parentheses = clause instanceof Or;
        out.append(parentheses ? "(" : "");
        clause.print(out);
        out.append(parentheses ? ")" : "");
      }
    }
  }

  /** One of several. */
  record Or(List<VersionClause> clauses) implements VersionClause {
    @Override
    public boolean matches(Version version) {
      for (VersionClause clause : clauses) {
        if (clause.matches(version)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void print(StringBuilder out) {
      String separator = "";
      for (VersionClause clause : clauses) {
        out.append(separator);
        separator = "|";
        clause.print(out);
      }
    }
  }

  /** The comparisons. */
  enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }
}

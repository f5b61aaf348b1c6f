package io.jconda.core.solver.sat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Holds what is true now, in the order in which it became so, and why. */
final class Assignment {
  static final byte UNKNOWN = 0;
  static final byte TRUE = 1;
  static final byte FALSE = -1;

  /** Says that a literal has no single other literal as its reason. */
  static final int NO_LITERAL = -1;

  /** The value of each literal. */
  byte[] values = new byte[64];

  /** Of each variable: at which level it got its value. */
  int[] levels = new int[32];

  /** Of each variable: the literals that are true, in the order in which they became so. */
  int[] trail = new int[32];

  int size;

  private @Nullable Clause[] clauses = new @Nullable Clause[32];
  private int[] others = new int[32];
  private final IntList starts = new IntList();
  private long[] ids = new long[32];
  private long lastId;
  private int variables;

  int newVariable() {
    if (variables == levels.length) {
      int capacity = variables * 2;
      values = Arrays.copyOf(values, capacity * 2);
      levels = Arrays.copyOf(levels, capacity);
      trail = Arrays.copyOf(trail, capacity);
      clauses = Arrays.copyOf(clauses, capacity);
      others = Arrays.copyOf(others, capacity);
    }
    return variables++;
  }

  int variables() {
    return variables;
  }

  int level() {
    return starts.size;
  }

  /** Returns where on the trail a level begins, with its decision, or would if it were open. */
  int start(int level) {
    if (level == 0) {
      return 0;
    }
    return level > starts.size ? size : starts.items[level - 1];
  }

  void openLevel() {
    starts.add(size);
    if (starts.size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * ids.length);
    }
    ids[starts.size] = ++lastId;
  }

  /** Returns a number that no other level that was ever opened has; 0 for level 0. */
  long id(int level) {
    return ids[level];
  }

  /** Makes a literal true because all others of a clause are false, or without a reason. */
  void assign(int literal, @Nullable Clause reason) {
    set(literal);
    clauses[literal >> 1] = reason;
    others[literal >> 1] = NO_LITERAL;
  }

  /** Makes a literal true because one other literal is false. */
  void assignBecause(int literal, int falseLiteral) {
    set(literal);
    clauses[literal >> 1] = null;
    others[literal >> 1] = falseLiteral;
  }

  private void set(int literal) {
    values[literal] = TRUE;
    values[literal ^ 1] = FALSE;
    levels[literal >> 1] = starts.size;
    trail[size++] = literal;
  }

  /** Takes back the last literal of the trail. */
  int removeLast() {
    int literal = trail[--size];
    values[literal] = UNKNOWN;
    values[literal ^ 1] = UNKNOWN;
    clauses[literal >> 1] = null;
    return literal;
  }

  void closeLevelsAbove(int level) {
    starts.size = level;
  }

  @Nullable Clause reason(int variable) {
    return clauses[variable];
  }

  /** Returns the one false literal that is the reason, or {@link #NO_LITERAL}. */
  int reasonLiteral(int variable) {
    return others[variable];
  }

  boolean isDecision(int variable) {
    return clauses[variable] == null && others[variable] == NO_LITERAL;
  }
}

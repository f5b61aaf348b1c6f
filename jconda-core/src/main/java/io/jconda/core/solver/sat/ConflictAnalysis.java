package io.jconda.core.solver.sat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Learns from a clause that fails: first unique implication point, or the blamed assumptions. */
final class ConflictAnalysis {
  private final Assignment assignment;
  private final ActivityHeap heap;
  private boolean[] seen = new boolean[32];
  private final IntList marked = new IntList();
  private final IntList learnt = new IntList();
  private double clauseIncrement = 1;
  private int openAtLevel;
  private int backjump;
  private int glue;

  ConflictAnalysis(Assignment assignment, ActivityHeap heap) {
    this.assignment = assignment;
    this.heap = heap;
  }

  /** Returns the level to go back to, for the clause that was learnt last. */
  int backjump() {
    return backjump;
  }

  /** Returns how many levels meet in the clause that was learnt last. */
  int glue() {
    return glue;
  }

  /**
   * Learns a clause.
   *
   * @param conflict literals that are all false, at least one of them since the current level
   * @return the clause; its first literal follows after the step back
   */
  int[] learn(int[] conflict) {
    grow();
    learnt.clear();
    learnt.add(0);
    openAtLevel = 0;
    for (int literal : conflict) {
      mark(literal);
    }
    int place = assignment.size;
    int uip;
    while (true) {
      do {
        place--;
      } while (!seen[assignment.trail[place] >> 1]);
      uip = assignment.trail[place];
      if (--openAtLevel == 0) {
        break;
      }
      markReason(uip);
    }
    learnt.items[0] = uip ^ 1;
    dropImplied();
    measure();
    unmark();
    heap.decay();
    clauseIncrement *= 1.001;
    return learnt.toArray();
  }

  private void mark(int literal) {
    int variable = literal >> 1;
    int level = assignment.levels[variable];
    if (seen[variable] || level == 0) {
      return;
    }
    seen[variable] = true;
    marked.add(variable);
    heap.bump(variable);
    if (level == assignment.level()) {
      openAtLevel++;
    } else {
      learnt.add(literal);
    }
  }

  private void markReason(int literal) {
    int variable = literal >> 1;
    Clause clause = assignment.reason(variable);
    if (clause == null) {
      mark(assignment.reasonLiteral(variable));
      return;
    }
    clause.activity += clauseIncrement;
    for (int other : clause.literals) {
      if (other != literal) {
        mark(other);
      }
    }
  }

  /** Leaves out literals that are false because of others in the clause. */
  private void dropImplied() {
    int kept = 1;
    for (int i = 1; i < learnt.size; i++) {
      if (!isImplied(learnt.items[i] >> 1)) {
        learnt.items[kept++] = learnt.items[i];
      }
    }
    learnt.size = kept;
  }

  private boolean isImplied(int variable) {
    if (assignment.isDecision(variable)) {
      return false;
    }
    Clause clause = assignment.reason(variable);
    if (clause == null) {
      return isSeenOrFixed(assignment.reasonLiteral(variable) >> 1);
    }
    for (int other : clause.literals) {
      if (other >> 1 != variable && !isSeenOrFixed(other >> 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean isSeenOrFixed(int variable) {
    return seen[variable] || assignment.levels[variable] == 0;
  }

  private void measure() {
    backjump = 0;
    int[] levels = new int[learnt.size];
    for (int i = 0; i < learnt.size; i++) {
      levels[i] = assignment.levels[learnt.items[i] >> 1];
      if (i > 0) {
        backjump = Math.max(backjump, levels[i]);
      }
    }
    Arrays.sort(levels);
    glue = 1;
    for (int i = 1; i < levels.length; i++) {
      if (levels[i] != levels[i - 1]) {
        glue++;
      }
    }
  }

  /**
   * Finds the assumptions that together make one of them false. All levels must be those of
   * assumptions.
   *
   * @param failed the assumption that is false
   */
  int[] blame(int failed) {
    grow();
    IntList core = new IntList();
    core.add(failed);
    seen[failed >> 1] = true;
    marked.add(failed >> 1);
    for (int place = assignment.size - 1; place >= assignment.start(1); place--) {
      int literal = assignment.trail[place];
      int variable = literal >> 1;
      if (!seen[variable]) {
        continue;
      }
      if (assignment.isDecision(variable)) {
        // Of two assumptions that contradict each other flatly both are to blame.
        if (literal != failed) {
          core.add(literal);
        }
      } else {
        blameReason(variable, assignment.reason(variable));
      }
    }
    unmark();
    return core.toArray();
  }

  private void blameReason(int variable, @Nullable Clause clause) {
    if (clause == null) {
      blameVariable(assignment.reasonLiteral(variable) >> 1);
      return;
    }
    for (int other : clause.literals) {
      if (other >> 1 != variable) {
        blameVariable(other >> 1);
      }
    }
  }

  private void blameVariable(int variable) {
    if (!seen[variable] && assignment.levels[variable] > 0) {
      seen[variable] = true;
      marked.add(variable);
    }
  }

  private void grow() {
    if (seen.length < assignment.variables()) {
      seen = Arrays.copyOf(seen, Math.max(assignment.variables(), seen.length * 2));
    }
  }

  private void unmark() {
    for (int i = 0; i < marked.size; i++) {
      seen[marked.items[i]] = false;
    }
    marked.clear();
  }
}

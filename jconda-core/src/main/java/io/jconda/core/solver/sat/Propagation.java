package io.jconda.core.solver.sat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the clauses and the groups, and draws from them what follows from what is true.
 *
 * <p>Clauses come at any time, also in the midst of a search, where one may already have been unit
 * or false at an earlier decision level. Such latecomers are remembered and looked at again after
 * each step back, for as long as their watches alone would miss them.
 */
final class Propagation {
  /** A clause whose literal became known to follow later than it did follow. */
  private record Latecomer(int literal, int because, @Nullable Clause clause) {}

  private final Assignment assignment;
  private final ActivityHeap heap;

  /** Of each literal: the literals that are true if it is. */
  private IntList[] implied = new IntList[64];

  private Watches[] watches = new Watches[64];
  private int[] groups = new int[32];
  private boolean[] expanded = new boolean[32];
  private boolean[] phases = new boolean[32];
  private final List<IntList> members = new ArrayList<>();
  private final IntList chosen = new IntList();
  private final List<Latecomer> latecomers = new ArrayList<>();
  private int head;
  private int @Nullable [] pending;

  Propagation(Assignment assignment, ActivityHeap heap) {
    this.assignment = assignment;
    this.heap = heap;
  }

  void newVariable(int variable) {
    if (variable == groups.length) {
      groups = Arrays.copyOf(groups, variable * 2);
      expanded = Arrays.copyOf(expanded, variable * 2);
      phases = Arrays.copyOf(phases, variable * 2);
      implied = Arrays.copyOf(implied, variable * 4);
      watches = Arrays.copyOf(watches, variable * 4);
    }
    groups[variable] = -1;
    for (int literal = 2 * variable; literal <= 2 * variable + 1; literal++) {
      implied[literal] = new IntList();
      watches[literal] = new Watches();
    }
    heap.newVariable(variable);
  }

  int newGroup() {
    members.add(new IntList());
    chosen.add(-1);
    return members.size() - 1;
  }

  int chosen(int group) {
    return chosen.items[group];
  }

  int group(int variable) {
    return groups[variable];
  }

  /** Tells what the variable was when it last had a value. */
  boolean lastPhase(int variable) {
    return phases[variable];
  }

  void join(int group, int variable) {
    groups[variable] = group;
    IntList others = members.get(group);
    int excluded = Literal.negative(variable);
    for (int i = 0; i < others.size; i++) {
      // A true one may not have been propagated yet, so look at the values and not at chosen.
      int other = Literal.negative(others.items[i]);
      settle(excluded, other, null);
      settle(other, excluded, null);
    }
    others.add(variable);
    if (assignment.values[excluded] == Assignment.FALSE) {
      chosen.items[group] = variable;
    }
  }

  /** Adds a clause of at least one literal, none twice, none beside its opposite. */
  void add(int[] literals, boolean learnt, int glue, List<Clause> store) {
    if (literals.length == 1) {
      settle(literals[0], Assignment.NO_LITERAL, new Clause(literals, learnt, glue));
      return;
    }
    bestFirst(literals, 0);
    bestFirst(literals, 1);
    int first = literals[0];
    int second = literals[1];
    if (literals.length == 2) {
      implied[first ^ 1].add(second);
      implied[second ^ 1].add(first);
      settle(first, second, null);
      return;
    }
    Clause clause = new Clause(literals, learnt, glue);
    store.add(clause);
    watches[first].add(clause, second);
    watches[second].add(clause, first);
    settle(first, second, clause);
  }

  /** Puts at a place the literal behind it that is the best to watch: true, unknown, false last. */
  private void bestFirst(int[] literals, int place) {
    int best = place;
    for (int i = place + 1; i < literals.length; i++) {
      if (rank(literals[i]) > rank(literals[best])) {
        best = i;
      }
    }
    int swapped = literals[place];
    literals[place] = literals[best];
    literals[best] = swapped;
  }

  private int rank(int literal) {
    int middle = Integer.MAX_VALUE / 2;
    return switch (assignment.values[literal]) {
      case Assignment.TRUE -> Integer.MAX_VALUE - assignment.levels[literal >> 1];
      case Assignment.FALSE -> assignment.levels[literal >> 1];
      default -> middle;
    };
  }

  /** Draws the conclusion from a new clause, given its two best literals. */
  private void settle(int literal, int because, @Nullable Clause clause) {
    if (because != Assignment.NO_LITERAL && assignment.values[because] != Assignment.FALSE) {
      return;
    }
    int since = because == Assignment.NO_LITERAL ? 0 : assignment.levels[because >> 1];
    byte value = assignment.values[literal];
    Latecomer latecomer = new Latecomer(literal, because, clause);
    if (value == Assignment.UNKNOWN) {
      assign(latecomer);
    } else if (value == Assignment.FALSE && pending == null) {
      pending = literals(latecomer);
    }
    int now = assignment.levels[literal >> 1];
    if (since < now || value == Assignment.FALSE) {
      latecomers.add(latecomer);
    }
  }

  private void assign(Latecomer latecomer) {
    if (latecomer.clause == null) {
      assignment.assignBecause(latecomer.literal, latecomer.because);
    } else {
      assignment.assign(latecomer.literal, latecomer.clause);
    }
  }

  private static int[] literals(Latecomer latecomer) {
    return latecomer.clause == null
        ? new int[] {latecomer.literal, latecomer.because}
        : latecomer.clause.literals;
  }

  /**
   * Draws all conclusions.
   *
   * @return the literals, all false, of a clause that fails, or null if none does
   */
  int @Nullable [] propagate(Expansion expansion, SatEngine engine) {
    while (pending == null && head < assignment.size) {
      int literal = assignment.trail[head++];
      if (Literal.isPositive(literal)) {
        int variable = literal >> 1;
        if (!expanded[variable]) {
          expanded[variable] = true;
          expansion.expand(variable, engine);
        }
        if (pending == null && groups[variable] >= 0) {
          closeGroup(variable);
        }
      }
      if (pending == null) {
        followImplied(literal);
      }
      if (pending == null) {
        visitWatches(literal ^ 1);
      }
    }
    int[] conflict = pending;
    pending = null;
    return conflict;
  }

  private void closeGroup(int variable) {
    int group = groups[variable];
    int reason = Literal.negative(variable);
    IntList others = members.get(group);
    byte[] values = assignment.values;
    for (int i = 0; i < others.size; i++) {
      int other = others.items[i];
      byte value = values[Literal.positive(other)];
      if (value == Assignment.UNKNOWN) {
        assignment.assignBecause(Literal.negative(other), reason);
      } else if (value == Assignment.TRUE && other != variable) {
        pending = new int[] {reason, Literal.negative(other)};
        return;
      }
    }
    chosen.items[group] = variable;
  }

  private void followImplied(int literal) {
    IntList follow = implied[literal];
    byte[] values = assignment.values;
    for (int i = 0; i < follow.size; i++) {
      int next = follow.items[i];
      byte value = values[next];
      if (value == Assignment.UNKNOWN) {
        assignment.assignBecause(next, literal ^ 1);
      } else if (value == Assignment.FALSE) {
        pending = new int[] {next, literal ^ 1};
        return;
      }
    }
  }

  private void visitWatches(int falseLiteral) {
    Watches visited = watches[falseLiteral];
    byte[] values = assignment.values;
    int kept = 0;
    int i = 0;
    while (i < visited.size) {
      Clause clause = visited.clauses[i];
      int blocker = visited.blockers[i++];
      if (values[blocker] == Assignment.TRUE) {
        visited.clauses[kept] = clause;
        visited.blockers[kept++] = blocker;
        continue;
      }
      int[] literals = clause.literals;
      if (literals[0] == falseLiteral) {
        literals[0] = literals[1];
        literals[1] = falseLiteral;
      }
      int first = literals[0];
      if (values[first] != Assignment.TRUE && moveWatch(clause, first)) {
        continue;
      }
      visited.clauses[kept] = clause;
      visited.blockers[kept++] = first;
      if (values[first] == Assignment.FALSE) {
        pending = literals;
        while (i < visited.size) {
          visited.clauses[kept] = visited.clauses[i];
          visited.blockers[kept++] = visited.blockers[i++];
        }
      } else if (values[first] == Assignment.UNKNOWN) {
        assignment.assign(first, clause);
      }
    }
    visited.truncate(kept);
  }

  /** Lets a clause watch another literal than its second, which is false; fails if all are. */
  private boolean moveWatch(Clause clause, int first) {
    int[] literals = clause.literals;
    for (int k = 2; k < literals.length; k++) {
      if (assignment.values[literals[k]] != Assignment.FALSE) {
        int moved = literals[k];
        literals[k] = literals[1];
        literals[1] = moved;
        watches[moved].add(clause, first);
        return true;
      }
    }
    return false;
  }

  /** Takes back everything above a level. */
  void backtrack(int level) {
    pending = null;
    if (level < assignment.level()) {
      int start = assignment.start(level + 1);
      while (assignment.size > start) {
        int literal = assignment.removeLast();
        int variable = literal >> 1;
        phases[variable] = Literal.isPositive(literal);
        heap.insert(variable);
        int group = groups[variable];
        if (group >= 0 && chosen.items[group] == variable) {
          chosen.items[group] = -1;
        }
      }
      assignment.closeLevelsAbove(level);
      head = start;
    }
    settleLatecomers();
  }

  private void settleLatecomers() {
    // All first, before any of them gets a value again: one may be the reason of another.
    latecomers.removeIf(
        latecomer ->
            latecomer.because != Assignment.NO_LITERAL
                && assignment.values[latecomer.because] != Assignment.FALSE);
    for (Latecomer latecomer : latecomers) {
      byte value = assignment.values[latecomer.literal];
      if (value == Assignment.UNKNOWN) {
        assign(latecomer);
      } else if (value == Assignment.FALSE && pending == null) {
        pending = literals(latecomer);
      }
    }
    if (assignment.level() == 0 && pending == null) {
      latecomers.clear();
    }
  }

  void dropForgotten() {
    for (int literal = 0; literal < 2 * assignment.variables(); literal++) {
      watches[literal].dropForgotten();
    }
  }
}

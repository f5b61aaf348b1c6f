package io.jconda.core.solver.sat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether clauses and at-most-one groups can hold together: conflict-driven clause learning
 * with two watched literals, first unique implication points, restarts and forgetting.
 *
 * <p>Variables and groups are numbered from 0; literals are written as {@link Literal} says. What
 * to try is up to {@link Decisions}; clauses may be added while the search runs, by an {@link
 * Expansion}. The same calls in the same order give the same answer, always. Not safe to share
 * between threads. The algorithms are those of the literature on Chaff, MiniSat and Glucose.
 */
public final class SatEngine {
  private static final int RESTART_UNIT = 100;
  private static final int FIRST_FORGETTING = 2_000;
  private static final int FORGETTING_GROWTH = 500;
  private static final int KEPT_GLUE = 2;
  private static final int[] NOTHING = {};

  private final Assignment assignment = new Assignment();
  private final ActivityHeap heap = new ActivityHeap();
  private final Propagation propagation = new Propagation(assignment, heap);
  private final ConflictAnalysis analysis = new ConflictAnalysis(assignment, heap);
  private final List<Clause> clauses = new ArrayList<>();
  private final List<Clause> learnt = new ArrayList<>();
  private final Decisions decisions;
  private final Expansion expansion;
  private final Runnable checkpoint;

  private boolean[] model = {};
  private int[] core = NOTHING;
  private byte[] marks = new byte[64];
  private boolean contradictory;
  private long conflicts;
  private int forgetAt = FIRST_FORGETTING;

  /**
   * Makes an engine without variables.
   *
   * @param decisions says what to try
   * @param expansion hears of variables that become true for the first time
   * @param checkpoint is run at each decision and each conflict, and may throw to end the search;
   *     the engine is of no use afterwards
   */
  public SatEngine(Decisions decisions, Expansion expansion, Runnable checkpoint) {
    this.decisions = decisions;
    this.expansion = expansion;
    this.checkpoint = checkpoint;
  }

  /** Adds a variable and returns its number. */
  public int newVariable() {
    int variable = assignment.newVariable();
    propagation.newVariable(variable);
    if (marks.length < 2 * variable + 2) {
      marks = Arrays.copyOf(marks, marks.length * 2);
    }
    return variable;
  }

  /** Returns how many variables there are. */
  public int variables() {
    return assignment.variables();
  }

  /** Adds a group without members, of which at most one may be true, and returns its number. */
  public int newGroup() {
    return propagation.newGroup();
  }

  /**
   * Puts a variable into a group.
   *
   * @throws IllegalArgumentException if it is in a group already
   */
  public void join(int group, int variable) {
    if (propagation.group(variable) >= 0) {
      throw new IllegalArgumentException("Variable %d is in a group already.".formatted(variable));
    }
    propagation.join(group, variable);
  }

  /**
   * Adds a clause: at least one of the literals must hold. Literals may be repeated; none at all is
   * a contradiction.
   */
  public void addClause(int... literals) {
    int[] simplified = simplify(literals);
    if (simplified == null) {
      return;
    }
    if (simplified.length == 0) {
      contradictory = true;
    } else {
      propagation.add(simplified, false, 0, clauses);
    }
  }

  /** Leaves out literals that are repeated or false for good; null if the clause holds for good. */
  private int @Nullable [] simplify(int[] literals) {
    int[] kept = new int[literals.length];
    int size = 0;
    boolean holds = false;
    for (int literal : literals) {
      byte value = assignment.values[literal];
      boolean fixed = value != Assignment.UNKNOWN && assignment.levels[literal >> 1] == 0;
      holds |= marks[literal ^ 1] != 0 || (fixed && value == Assignment.TRUE);
      if (marks[literal] == 0 && !fixed) {
        marks[literal] = 1;
        kept[size++] = literal;
      }
    }
    for (int i = 0; i < size; i++) {
      marks[kept[i]] = 0;
    }
    return holds ? null : Arrays.copyOf(kept, size);
  }

  /**
   * Searches a solution in which the assumptions hold, tried in their order. What was learnt stays
   * for later calls.
   *
   * @param assumptions literals that must hold
   * @return whether there is one; {@link #isTrueInModel} then tells it, else {@link #core()} whom
   *     to blame
   */
  public boolean solve(int... assumptions) {
    return solveWithin(Long.MAX_VALUE, assumptions) == Answer.SATISFIABLE;
  }

  /** Says how a search ended. */
  public enum Answer {
    /** There is a solution; {@link #isTrueInModel} tells it. */
    SATISFIABLE,
    /** There is none; {@link #core()} tells whom to blame. */
    UNSATISFIABLE,
    /** The budget was used up before it was known. */
    UNDECIDED
  }

  /**
   * Searches like {@link #solve}, but gives up after a number of conflicts. The model of an earlier
   * search stays if this one finds none.
   *
   * @param budget after how many conflicts to give up
   * @param assumptions literals that must hold
   */
  public Answer solveWithin(long budget, int... assumptions) {
    propagation.backtrack(0);
    core = NOTHING;
    long end = budget > Long.MAX_VALUE - conflicts ? Long.MAX_VALUE : conflicts + budget;
    int restarts = 0;
    int untilRestart = RESTART_UNIT * luby(restarts);
    while (!contradictory) {
      int[] conflict = propagation.propagate(expansion, this);
      checkpoint.run();
      if (conflict != null) {
        learnFrom(conflict);
        untilRestart--;
      } else if (conflicts >= end) {
        propagation.backtrack(0);
        return Answer.UNDECIDED;
      } else if (untilRestart <= 0) {
        untilRestart = RESTART_UNIT * luby(++restarts);
        forget();
        propagation.backtrack(0);
      } else if (!contradictory && !step(assumptions)) {
        boolean found = core.length == 0;
        propagation.backtrack(0);
        return found ? Answer.SATISFIABLE : Answer.UNSATISFIABLE;
      }
    }
    return Answer.UNSATISFIABLE;
  }

  private void learnFrom(int[] conflict) {
    conflicts++;
    int level = 0;
    for (int literal : conflict) {
      level = Math.max(level, assignment.levels[literal >> 1]);
    }
    if (level == 0) {
      contradictory = true;
      return;
    }
    // A clause that came late may have failed below the current level already.
    propagation.backtrack(level);
    int[] clause = analysis.learn(conflict);
    propagation.backtrack(analysis.backjump());
    propagation.add(clause, true, analysis.glue(), learnt);
  }

  /** Makes one decision; fails if the search is over, with a model or with a core. */
  private boolean step(int[] assumptions) {
    while (assignment.level() < assumptions.length) {
      int assumption = assumptions[assignment.level()];
      byte value = assignment.values[assumption];
      if (value == Assignment.FALSE) {
        core = analysis.blame(assumption);
        return false;
      }
      assignment.openLevel();
      if (value == Assignment.UNKNOWN) {
        assignment.assign(assumption, null);
        return true;
      }
    }
    int decision = decisions.next(this);
    if (decision == Decisions.BY_ACTIVITY) {
      decision = mostActive();
    }
    if (decision == Decisions.DONE) {
      rememberModel();
      return false;
    }
    if (assignment.values[decision] != Assignment.UNKNOWN) {
      throw new IllegalStateException("Literal %d has a value already.".formatted(decision));
    }
    assignment.openLevel();
    assignment.assign(decision, null);
    return true;
  }

  private int mostActive() {
    while (!heap.isEmpty()) {
      int variable = heap.removeFirst();
      if (assignment.values[Literal.positive(variable)] == Assignment.UNKNOWN) {
        return propagation.lastPhase(variable)
            ? Literal.positive(variable)
            : Literal.negative(variable);
      }
    }
    return Decisions.DONE;
  }

  private void rememberModel() {
    model = new boolean[assignment.variables()];
    for (int variable = 0; variable < model.length; variable++) {
      model[variable] = isTrue(variable);
    }
  }

  /** Forgets the half of the learnt clauses that is worth least, once there are many. */
  private void forget() {
    if (learnt.size() < forgetAt) {
      return;
    }
    forgetAt += FORGETTING_GROWTH;
    List<Clause> worst = new ArrayList<>();
    for (Clause clause : learnt) {
      if (clause.glue > KEPT_GLUE && assignment.reason(clause.literals[0] >> 1) != clause) {
        worst.add(clause);
      }
    }
    worst.sort(
        Comparator.comparingInt((Clause clause) -> -clause.glue)
            .thenComparingDouble(clause -> clause.activity));
    worst.subList(0, worst.size() / 2).forEach(clause -> clause.forgotten = true);
    learnt.removeIf(clause -> clause.forgotten);
    propagation.dropForgotten();
  }

  /** Returns item {@code index} of the Luby sequence 1, 1, 2, 1, 1, 2, 4, 1, … */
  static int luby(int index) {
    int size = 1;
    int power = 0;
    while (size < index + 1) {
      size = 2 * size + 1;
      power++;
    }
    int rest = index;
    while (size - 1 != rest) {
      size = (size - 1) >> 1;
      power--;
      rest %= size;
    }
    return 1 << power;
  }

  /** Tells whether the variable is true in the solution that was found last. */
  public boolean isTrueInModel(int variable) {
    return variable < model.length && model[variable];
  }

  /**
   * Returns the assumptions that cannot hold together, of the last search that found nothing; none
   * if there is no solution without assumptions either. It need not be minimal.
   */
  public int[] core() {
    return core.clone();
  }

  /** Tells whether the variable is true now, during a search. */
  public boolean isTrue(int variable) {
    return assignment.values[Literal.positive(variable)] == Assignment.TRUE;
  }

  /** Tells whether the variable is false now, during a search. */
  public boolean isFalse(int variable) {
    return assignment.values[Literal.positive(variable)] == Assignment.FALSE;
  }

  /** Returns the member of the group that is true now, -1 if none is. */
  public int chosen(int group) {
    return propagation.chosen(group);
  }

  /** Returns how many literals are true now. */
  public int trailSize() {
    return assignment.size;
  }

  /** Returns the literal that became true as number {@code index} of those that are true now. */
  public int trailLiteral(int index) {
    return assignment.trail[index];
  }

  /** Returns how many decisions, assumptions included, stand now. */
  public int level() {
    return assignment.level();
  }

  /**
   * Returns a number that tells this level from all others that were ever open: as long as it is
   * the same, so is everything that was true at the level.
   */
  public long levelId(int level) {
    return assignment.id(level);
  }

  /** Returns how much and how lately the variable took part in conflicts; for comparisons only. */
  public double activity(int variable) {
    return heap.activity(variable);
  }

  /** Returns how many conflicts the engine has met so far. */
  public long conflicts() {
    return conflicts;
  }
}

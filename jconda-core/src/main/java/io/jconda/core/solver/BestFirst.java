package io.jconda.core.solver;

import io.jconda.core.solver.sat.Decisions;
import io.jconda.core.solver.sat.Literal;
import io.jconda.core.solver.sat.SatEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Tries the best candidates first: the classes of the requested names in a fixed order, then what
 * should stay, then the best candidate of each open need in the order in which they came up.
 *
 * <p>The first of these are tried in an order that never changes, and the engine gives up a
 * decision only once what stands before it rules it out. So no solution has a better class for one
 * requested name unless another requested name's is worse: the answer is Pareto-optimal.
 */
final class BestFirst implements Decisions {
  /** From so many conflicts on, the needs that conflicts met lately are settled first. */
  private static final long HARD = 2_000;

  /** From so many conflicts on, a solution is sought, not the best one. */
  private static final long HOPELESS = 50_000;

  /** One requested name: literals that, the best first, each stand for a class of candidates. */
  record Goal(Candidates candidates, List<Integer> literals) {}

  /** Says that all needs before a place of the trail are met, for as long as the level lasts. */
  private record Mark(int level, long id, int place) {}

  private final Encoding encoding;
  private final CandidateOrder order;
  private final List<Goal> goals = new ArrayList<>();
  private final List<Integer> kept = new ArrayList<>();
  private final List<Candidates> wishes = new ArrayList<>();
  private final Deque<Mark> marks = new ArrayDeque<>();
  private boolean givenUp;

  BestFirst(Encoding encoding, CandidateOrder order) {
    this.encoding = encoding;
    this.order = order;
  }

  /** Adds a requested name, less important than those before. */
  void addGoal(Candidates candidates, List<Integer> literals) {
    goals.add(new Goal(candidates, literals));
  }

  /** Adds a candidate that should stay, less important than those before. */
  void keep(int variable) {
    kept.add(variable);
  }

  /** Adds a name that should be there in the end in some version, if that harms nothing. */
  void wish(Candidates candidates) {
    wishes.add(candidates);
  }

  List<Goal> goals() {
    return goals;
  }

  /**
   * Tells whether the search became so hard that it went for any solution: what was found last may
   * not be the best.
   */
  boolean hasGivenUp() {
    return givenUp;
  }

  @Override
  public int next(SatEngine engine) {
    givenUp = engine.conflicts() >= HOPELESS;
    int literal = givenUp ? DONE : nextGoal(engine);
    if (literal == DONE) {
      literal = nextKept(engine);
    }
    if (literal == DONE) {
      literal = nextNeed(engine);
    }
    return literal == DONE ? nextWish(engine) : literal;
  }

  private int nextGoal(SatEngine engine) {
    for (Goal goal : goals) {
      int literal = engine.chosen(goal.candidates.group) < 0 ? nextClass(goal, engine) : DONE;
      if (literal != DONE) {
        return literal;
      }
    }
    return DONE;
  }

  private static int nextClass(Goal goal, SatEngine engine) {
    for (int literal : goal.literals) {
      int variable = Literal.variable(literal);
      if (engine.isTrue(variable)) {
        return DONE;
      }
      if (!engine.isFalse(variable)) {
        return literal;
      }
    }
    return DONE;
  }

  private int nextKept(SatEngine engine) {
    for (int variable : kept) {
      if (!engine.isTrue(variable) && !engine.isFalse(variable)) {
        return Literal.positive(variable);
      }
    }
    return DONE;
  }

  private int nextNeed(SatEngine engine) {
    int size = engine.trailSize();
    int place = unscanned(engine);
    while (place < size && !isOpenNeed(engine, place)) {
      place++;
    }
    marks.push(new Mark(engine.level(), engine.levelId(engine.level()), place));
    int chosen = place;
    if (engine.conflicts() >= HARD) {
      for (int other = place + 1; other < size; other++) {
        if (isOpenNeed(engine, other) && activity(engine, other) > activity(engine, chosen)) {
          chosen = other;
        }
      }
    }
    if (chosen >= size) {
      return DONE;
    }
    Encoding.Need need = encoding.need(Literal.variable(engine.trailLiteral(chosen)));
    for (Subset subset : need == null ? List.<Subset>of() : need.subsets()) {
      int literal = best(engine, subset);
      if (literal != DONE) {
        return literal;
      }
    }
    throw new IllegalStateException("A need without a candidate was not seen as a conflict.");
  }

  private int unscanned(SatEngine engine) {
    while (!marks.isEmpty()) {
      Mark mark = marks.pop();
      if (mark.level <= engine.level() && mark.id == engine.levelId(mark.level)) {
        if (mark.level < engine.level()) {
          marks.push(mark);
        }
        return mark.place;
      }
    }
    return 0;
  }

  private static double activity(SatEngine engine, int place) {
    return engine.activity(Literal.variable(engine.trailLiteral(place)));
  }

  private boolean isOpenNeed(SatEngine engine, int place) {
    int literal = engine.trailLiteral(place);
    if (!Literal.isPositive(literal)) {
      return false;
    }
    Encoding.Need need = encoding.need(Literal.variable(literal));
    if (need == null) {
      return false;
    }
    for (Subset subset : need.subsets()) {
      int chosen = engine.chosen(subset.candidates.group);
      if (chosen >= 0 && subset.members.get(chosen - subset.candidates.firstVariable)) {
        return false;
      }
    }
    return true;
  }

  private int nextWish(SatEngine engine) {
    for (Candidates candidates : wishes) {
      int literal = engine.chosen(candidates.group) < 0 ? best(engine, candidates.all()) : DONE;
      if (literal != DONE) {
        return literal;
      }
    }
    return DONE;
  }

  /** Returns the literal of the best member that is not ruled out. */
  private int best(SatEngine engine, Subset subset) {
    if (givenUp) {
      return leastInvolved(engine, subset);
    }
    Candidates candidates = subset.candidates;
    int favoured = candidates.favoured;
    if (favoured >= 0 && isPossible(engine, subset, favoured)) {
      return Literal.positive(candidates.variable(favoured));
    }
    BitSet members = subset.members;
    int next = members.nextSetBit(0);
    while (next >= 0) {
      if (isPossible(engine, subset, next)) {
        return Literal.positive(candidates.variable(bestOfClass(engine, subset, next)));
      }
      next = members.nextSetBit(next + 1);
    }
    return DONE;
  }

  /**
   * Returns the literal of the member that took the least part in conflicts: what was tried so
   * often without success is not the way out. Among equals another one comes first each time: what
   * a member leads to may take part in every conflict, and the member itself in none.
   */
  private static int leastInvolved(SatEngine engine, Subset subset) {
    int least = DONE;
    int end = subset.candidates.size();
    int start = (int) (engine.conflicts() % end);
    for (int i = 0; i < end; i++) {
      int member = (start + i) % end;
      int variable = subset.candidates.variable(member);
      if (isPossible(engine, subset, member)
          && (least == DONE
              || engine.activity(variable) < engine.activity(Literal.variable(least)))) {
        least = Literal.positive(variable);
      }
    }
    return least;
  }

  /** Returns the best of a class, given the first member of the subset that is possible. */
  private int bestOfClass(SatEngine engine, Subset subset, int first) {
    Candidates candidates = subset.candidates;
    int end = candidates.classEnd(first);
    int second = subset.members.nextSetBit(first + 1);
    while (second >= 0 && second < end && !isPossible(engine, subset, second)) {
      second = subset.members.nextSetBit(second + 1);
    }
    if (second < 0 || second >= end) {
      return first;
    }
    int start = candidates.classStart(first);
    if (!candidates.isSorted(candidates.classOf(first))) {
      order.sortClass(candidates, start);
    }
    for (int place = start; place < end; place++) {
      if (isPossible(engine, subset, candidates.ordered(place))) {
        return candidates.ordered(place);
      }
    }
    return first;
  }

  private static boolean isPossible(SatEngine engine, Subset subset, int index) {
    return subset.members.get(index) && !engine.isFalse(subset.candidates.variable(index));
  }
}

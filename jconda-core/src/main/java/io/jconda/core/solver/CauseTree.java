package io.jconda.core.solver;

import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Tells a refutation as a tree: each reason from its beginning, the demand first, under it what
 * follows from it. What was told once is not told again.
 */
final class CauseTree {
  private static final int MOST_NAMES = 8;

  private final Shortage shortage;
  private final Set<Limit> told = new HashSet<>();

  CauseTree(Shortage shortage) {
    this.shortage = shortage;
  }

  List<Cause> of(Refutation refutation) {
    if (refutation instanceof Refutation.Emptied emptied) {
      List<Limit> news =
          emptied.reasons().stream().filter(reason -> !told.contains(reason)).toList();
      return chains(news.isEmpty() ? emptied.reasons() : news);
    }
    if (refutation instanceof Refutation.Split split) {
      return split(split);
    }
    return List.of(unfinished((Refutation.Unfinished) refutation));
  }

  private static Cause unfinished(Refutation.Unfinished unfinished) {
    String message =
        unfinished.names().isEmpty()
            ? "what stands against it was not found in %d steps".formatted(unfinished.steps())
            : "%s exclude each other in more ways than %d steps could tell apart"
                .formatted(some(unfinished.names()), unfinished.steps());
    Map<String, List<String>> targets = new TreeMap<>();
    for (Link link : unfinished.links()) {
      targets.computeIfAbsent(link.from(), from -> new ArrayList<>()).add(link.to());
    }
    List<Cause> causes = new ArrayList<>();
    targets.forEach(
        (from, to) ->
            causes.add(
                Cause.builder(Kind.UNFINISHED, "%s depends on %s".formatted(from, some(to)))
                    .packageName(from)
                    .build()));
    return Cause.builder(Kind.UNFINISHED, message).followedBy(causes).build();
  }

  private static String some(List<String> names) {
    int more = names.size() - MOST_NAMES;
    return more > 1
        ? "%s and %d others".formatted(String.join(", ", names.subList(0, MOST_NAMES)), more)
        : Wording.joined(names, " and ");
  }

  private List<Cause> chains(List<Limit> limits) {
    // What is told beside it and not before it would be looked for in vain.
    Set<Limit> before = Set.copyOf(told);
    List<Cause> causes = new ArrayList<>();
    limits.forEach(limit -> causes.addAll(chain(limit, before, UnaryOperator.identity())));
    return merged(causes);
  }

  private List<Cause> split(Refutation.Split split) {
    List<Limit> reasons = split.reasons();
    if (reasons.isEmpty()) {
      return branches(split);
    }
    Limit lead = reasons.get(0);
    // The branches stand below the reason why the choice must be made at all.
    return chain(
        lead,
        Set.copyOf(told),
        cause -> {
          List<Cause> below = new ArrayList<>();
          for (Limit other : reasons.subList(1, reasons.size())) {
            below.addAll(beside(other, lead));
          }
          below.addAll(branches(split));
          return cause.toBuilder().followedBy(merged(below)).build();
        });
  }

  private List<Cause> branches(Refutation.Split split) {
    List<Cause> causes = new ArrayList<>();
    for (Refutation.Branch branch : split.branches()) {
      told.add(branch.assumption());
      List<Cause> below = of(branch.refutation());
      String options = split.choice().describe(branch.options());
      boolean isItself =
          branch.refutation() instanceof Refutation.Emptied emptied
              && emptied.choice() == split.choice();
      // Where the next line begins with the same options they need not be told.
      boolean follows =
          below.size() == 1
              && (split.choice().kind == Choice.Kind.PATTERN
                  || below.get(0).message().startsWith(options + " "));
      if (isItself || follows) {
        causes.addAll(below);
      } else {
        causes.add(
            Cause.builder(Kind.ASSUMED, "with " + options)
                .packageName(split.choice().name)
                .followedBy(below)
                .build());
      }
    }
    return merged(causes);
  }

  /**
   * Tells a reason from its beginning.
   *
   * @param before what was told before and need not be told again
   * @param ending what to make of the last line, once all before it is told
   * @return nothing if it is an assumption, which the line above tells
   */
  private List<Cause> chain(Limit last, Set<Limit> before, UnaryOperator<Cause> ending) {
    List<Limit> path = new ArrayList<>();
    Limit limit = last;
    path.add(limit);
    while (!limit.origins.isEmpty()) {
      limit = limit.origins.get(0);
      path.add(0, limit);
    }
    int start = 0;
    while (start < path.size() - 1 && before.contains(path.get(start))) {
      start++;
    }
    if (last.kind == Limit.Kind.ASSUMED) {
      // Only a branch that splits on can have it at its end.
      return ending.apply(Cause.builder(Kind.ASSUMED, "").build()).causes();
    }
    return List.of(chain(path, start, ending));
  }

  private Cause chain(List<Limit> path, int place, UnaryOperator<Cause> ending) {
    Limit limit = path.get(place);
    boolean isNew = told.add(limit);
    if (place == path.size() - 1) {
      return ending.apply(own(limit, isNew));
    }
    List<Cause> below = new ArrayList<>();
    List<Limit> origins = path.get(place + 1).origins;
    for (Limit beside : origins.subList(1, origins.size())) {
      if (!told.contains(beside)) {
        below.addAll(beside(beside, limit));
      }
    }
    below.add(chain(path, place + 1, ending));
    return own(limit, false).toBuilder().followedBy(merged(below)).build();
  }

  /** What starts from the same place need not tell again how it came there. */
  private List<Cause> beside(Limit limit, Limit start) {
    boolean sameStart = !limit.origins.isEmpty() && limit.origins.get(0) == start;
    if (sameStart) {
      told.add(limit);
      return List.of(own(limit, true));
    }
    return chains(List.of(limit));
  }

  /** Tells a reason without how it came about, but with what stands against it. */
  private Cause own(Limit limit, boolean withObstacles) {
    Need first = limit.needs.isEmpty() ? null : limit.needs.get(0);
    Demand demand = limit.demand;
    if (demand != null && first != null) {
      Cause.Builder cause =
          Cause.builder(kind(demand.kind()), demand.describe())
              .packageName(demand.requirement().name())
              .spec(demand.requirement().text())
              .remedy(remedy(demand));
      if (first.accepted().isEmpty() && first.isWanted()) {
        cause.obstructedBy(shortage.of(limit.needs));
      }
      return cause.build();
    }
    if (first == null) {
      return Cause.builder(Kind.ASSUMED, "with " + limit.from.describe(limit.members)).build();
    }
    boolean constraint = limit.needs.stream().noneMatch(Need::isWanted);
    String words = Wording.needs(limit.needs);
    Cause.Builder cause =
        Cause.builder(constraint ? Kind.CONSTRAINS : Kind.REQUIRES, sentence(limit, words))
            .packageName(limit.from.name)
            .spec(words);
    if (limit.kind == Limit.Kind.PRUNED && withObstacles) {
      List<Cause> against = new ArrayList<>();
      if (limit.needs.stream().allMatch(need -> need.accepted().isEmpty())) {
        against.addAll(shortage.of(limit.needs));
      }
      against.addAll(chains(limit.obstacles));
      cause.obstructedBy(merged(against));
    }
    return cause.build();
  }

  private static String sentence(Limit limit, String words) {
    boolean constraint = limit.needs.stream().noneMatch(Need::isWanted);
    String options = limit.from.describe(limit.members);
    return limit.from.kind == Choice.Kind.PATTERN
        ? "'%s' can mean %s".formatted(limit.from.name, options)
        : "%s %s %s".formatted(options, verb(limit, constraint), words);
  }

  private static String verb(Limit limit, boolean constraint) {
    Choice choice = limit.from;
    BitSet members = limit.members;
    if (choice.kind == Choice.Kind.CONDITION) {
      return members.get(0) ? "asks for" : "is false only with";
    }
    return constraint
        ? Wording.verb(choice, members, "goes only with", "go only with")
        : Wording.verb(choice, members, "requires", "require");
  }

  private static Kind kind(Demand.Kind kind) {
    return switch (kind) {
      case LOCKED -> Kind.LOCKED;
      case FROZEN -> Kind.FROZEN;
      case PIN -> Kind.PINNED;
      case KEPT_PYTHON -> Kind.KEPT_PYTHON;
      case REMEMBERED -> Kind.REMEMBERED;
      case NAMED -> Kind.REQUESTED;
    };
  }

  /** What the specs themselves suggest, to loosen them, goes without saying. */
  private static String remedy(Demand demand) {
    String name = demand.requirement().name();
    return switch (demand.kind()) {
      case LOCKED -> "unlock " + name;
      case FROZEN -> "name %s, so that it may move".formatted(name);
      case PIN -> "loosen or remove the pin '%s'".formatted(demand.requirement().text());
      case KEPT_PYTHON -> "name python, so that it may move to another version";
      case REMEMBERED, NAMED -> "";
    };
  }

  /** Puts what follows from the same beginning under one beginning. */
  private static List<Cause> merged(List<Cause> causes) {
    Map<String, Cause> byMessage = new LinkedHashMap<>();
    for (Cause cause : causes) {
      byMessage.merge(cause.message(), cause, CauseTree::both);
    }
    return List.copyOf(byMessage.values());
  }

  private static Cause both(Cause a, Cause b) {
    List<Cause> below = new ArrayList<>(a.causes());
    below.addAll(b.causes());
    Cause.Builder both = a.toBuilder();
    return a.isObstructed() || b.isObstructed()
        ? both.obstructedBy(merged(below)).build()
        : both.followedBy(merged(below)).build();
  }
}

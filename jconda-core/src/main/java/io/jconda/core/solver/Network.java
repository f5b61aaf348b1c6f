package io.jconda.core.solver;

import io.jconda.spec.Condition;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns the universe into choices and what their options need of one another. */
final class Network {
  private final Universe universe;
  private final Map<String, Choice> choices = new HashMap<>();

  Network(Universe universe) {
    this.universe = universe;
  }

  Universe universe() {
    return universe;
  }

  /** Returns the choices that are made whether something wants them or not. */
  List<Choice> given() {
    return universe.virtualNames().stream().map(this::choice).toList();
  }

  /** Returns the choice among the candidates of a name. */
  Choice choice(String name) {
    Choice known = choices.get(name);
    if (known == null) {
      Candidates candidates = universe.candidates(name);
      known = Choice.of(candidates, index -> ofRecord(candidates.record(index)));
      choices.put(name, known);
    }
    return known;
  }

  /** Returns what a demand asks for. */
  List<Need> ofDemand(Demand demand) {
    return combined(of(demand.requirement(), demand.isWanted()));
  }

  private List<Need> ofRecord(PackageRecord record) {
    List<Need> all = new ArrayList<>();
    for (String text : universe.depends(record)) {
      Requirement requirement = universe.requirement(text);
      if (!universe.isBrokenAnyway(record, requirement)) {
        all.addAll(of(requirement, true));
      }
    }
    for (String text : universe.constrains(record)) {
      Requirement requirement = universe.requirement(text);
      if (requirement.problem().isEmpty() || !universe.isBrokenAnyway(record, requirement)) {
        all.addAll(of(requirement, false));
      }
    }
    return combined(all);
  }

  private static List<Need> combined(List<Need> all) {
    Map<String, Need> wanted = new LinkedHashMap<>();
    Map<String, Need> limiting = new LinkedHashMap<>();
    for (Need need : all) {
      (need.isWanted() ? wanted : limiting).merge(need.target().name, need, Need::and);
    }
    List<Need> combined = new ArrayList<>(wanted.values());
    combined.addAll(limiting.values());
    return List.copyOf(combined);
  }

  private List<Need> of(Requirement requirement, boolean wanted) {
    if (requirement.problem().isPresent()) {
      Choice none =
          Choice.of(Choice.Kind.UNREADABLE, requirement.text(), List.of(), i -> List.of());
      return List.of(new Need(none, new BitSet(), true, List.of(requirement)));
    }
    List<Need> needs =
        requirement.isExactName() ? exact(requirement, wanted) : pattern(requirement, wanted);
    return requirement
        .condition()
        .map(condition -> List.of(conditional(requirement, needs, condition)))
        .orElse(needs);
  }

  private List<Need> exact(Requirement requirement, boolean wanted) {
    BitSet accepted = universe.subsets(requirement).get(0).members;
    Choice target = choice(requirement.name());
    List<Need> needs = new ArrayList<>();
    needs.add(new Need(target, accepted, wanted, List.of(requirement)));
    if (wanted) {
      for (String group : requirement.extras()) {
        needs.add(whole(extra(target, group), true, List.of(requirement)));
      }
    }
    return needs;
  }

  private static Need whole(Choice target, boolean wanted, List<Requirement> requirements) {
    return new Need(target, target.all(), wanted, requirements);
  }

  private List<Need> pattern(Requirement requirement, boolean wanted) {
    List<Need> needs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Subset subset : universe.subsets(requirement)) {
      if (!wanted || !subset.isEmpty()) {
        Choice target = choice(subset.candidates.name());
        needs.add(new Need(target, subset.members, wanted, List.of(requirement)));
        names.add(target.name);
      }
    }
    if (!wanted) {
      return needs;
    }
    Choice choice =
        choices.computeIfAbsent(
            requirement.text(),
            key -> Choice.of(Choice.Kind.PATTERN, key, names, i -> List.of(needs.get(i))));
    return List.of(whole(choice, true, List.of(requirement)));
  }

  /** Makes a choice between what is asked for and what makes the condition false. */
  private Need conditional(Requirement requirement, List<Need> needs, Condition condition) {
    String key = requirement.text() + (needs.stream().anyMatch(Need::isWanted) ? "" : " only");
    Choice known = choices.get(key);
    if (known == null) {
      List<String> labels = new ArrayList<>(List.of("'" + requirement.text() + "'"));
      List<List<Need>> options = new ArrayList<>(List.of(needs));
      for (List<Need> way : ways(condition)) {
        labels.add("'%s'".formatted(text(condition)));
        options.add(combined(way));
      }
      known = Choice.of(Choice.Kind.CONDITION, key, labels, options::get);
      choices.put(key, known);
    }
    return whole(known, true, List.of(requirement));
  }

  private static String text(Condition condition) {
    return condition instanceof Condition.Matches matches
        ? Requirement.of(matches.spec()).text()
        : condition.toString();
  }

  /** Returns the ways in which a condition can fail: each a list of limits. */
  private List<List<Need>> ways(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.conditions().stream().flatMap(part -> ways(part).stream()).toList();
    }
    if (condition instanceof Condition.Any any) {
      List<List<Need>> ways = List.of(List.of());
      for (Condition part : any.conditions()) {
        List<List<Need>> longer = new ArrayList<>();
        for (List<Need> way : ways) {
          for (List<Need> own : ways(part)) {
            List<Need> both = new ArrayList<>(way);
            both.addAll(own);
            longer.add(both);
          }
        }
        ways = longer;
      }
      return ways;
    }
    Requirement requirement = Requirement.of(((Condition.Matches) condition).spec());
    List<Need> limits = new ArrayList<>();
    for (Subset subset : universe.subsets(requirement)) {
      Choice target = choice(subset.candidates.name());
      BitSet others = target.all();
      others.andNot(subset.members);
      limits.add(new Need(target, others, false, List.of()));
    }
    return List.of(limits);
  }

  /** Makes a choice among the candidates of a name, by what a group of extras asks for. */
  private Choice extra(Choice target, String group) {
    String key = "%s[extras=[%s]]".formatted(target.name, group);
    Choice known = choices.get(key);
    if (known == null) {
      Map<List<String>, BitSet> members = new TreeMap<>(Comparator.comparing(List::toString));
      Candidates candidates = universe.candidates(target.name);
      for (int i = 0; i < candidates.size(); i++) {
        List<String> depends = universe.extraDepends(candidates.record(i), group);
        members.computeIfAbsent(depends, texts -> new BitSet()).set(i);
      }
      List<Map.Entry<List<String>, BitSet>> parts = List.copyOf(members.entrySet());
      List<String> labels =
          parts.stream()
              .map(part -> "%s of %s".formatted(group, target.describe(part.getValue())))
              .toList();
      known =
          Choice.of(
              Choice.Kind.EXTRA,
              key,
              labels,
              i -> ofExtra(target, parts.get(i).getValue(), parts.get(i).getKey()));
      choices.put(key, known);
    }
    return known;
  }

  private List<Need> ofExtra(Choice target, BitSet members, List<String> depends) {
    List<Need> needs = new ArrayList<>(List.of(new Need(target, members, true, List.of())));
    depends.forEach(text -> needs.addAll(of(universe.requirement(text), true)));
    return combined(needs);
  }
}

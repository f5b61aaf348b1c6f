package io.jconda.core.solver;

import io.jconda.spec.Condition;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/** A few names with a few builds each, made of a seed, and another solver's word on them. */
final class SmallUniverse {
  final List<PackageRecord> records = new ArrayList<>();
  final List<PackageRecord> machine =
      List.of(PackageRecord.builder("__glibc", "2.17", "0").build());
  private final Random random;
  private final int names;

  SmallUniverse(long seed) {
    this.random = new Random(seed);
    this.names = 3 + random.nextInt(6);
    for (int name = 0; name < names; name++) {
      int builds = 1 + random.nextInt(6);
      for (int build = 0; build < builds; build++) {
        records.add(record("p" + name, build));
      }
    }
  }

  private PackageRecord record(String name, int build) {
    List<String> depends = texts(random.nextInt(3));
    depends.replaceAll(this::selective);
    if (random.nextInt(12) == 0) {
      depends.add("__glibc >=2." + (random.nextBoolean() ? "10" : "28"));
    }
    if (random.nextInt(25) == 0) {
      depends.add("missing >=1");
    }
    if (random.nextInt(40) == 0) {
      depends.add("unreadable >=");
    }
    PackageRecord.Builder builder =
        PackageRecord.builder(name, 1 + random.nextInt(4) + "." + random.nextInt(2), "h" + build)
            .buildNumber(random.nextInt(2))
            .channel("test")
            .depends(depends)
            .constrains(random.nextInt(3) == 0 ? List.of(selective(text())) : List.of())
            .extraDepends(random.nextInt(4) == 0 ? Map.of("x", texts(1)) : Map.of());
    if (random.nextInt(8) == 0) {
      builder.trackFeatures(List.of("feature"));
    }
    return builder.build();
  }

  private List<String> texts(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private String text() {
    String name = "p" + random.nextInt(names);
    String version = 1 + random.nextInt(4) + "." + random.nextInt(2);
    return switch (random.nextInt(7)) {
      case 0 -> name;
      case 1 -> name + " >=" + version;
      case 2 -> name + " <" + version;
      case 3 -> name + " " + version.charAt(0) + ".*";
      case 4 -> name + " !=" + version;
      case 5 -> name + " >=" + version + ",<3";
      default -> name + " * h" + random.nextInt(4);
    };
  }

  /** Gives a spec a condition, or asks it for an extra, now and then. */
  private String selective(String text) {
    return switch (random.nextInt(8)) {
      case 0 -> MatchSpec.parse(text).toBuilder().when(condition()).build().toString();
      case 1 -> MatchSpec.parse(text).toBuilder().extras(List.of("x")).build().toString();
      default -> text;
    };
  }

  private String condition() {
    String one = MatchSpec.parse(text()).toString();
    String other = MatchSpec.parse(text()).toString();
    return switch (random.nextInt(4)) {
      case 0 -> one + " and " + other;
      case 1 -> one + " or __glibc";
      case 2 -> "(" + one + " or " + other + ") and __glibc";
      default -> one;
    };
  }

  List<MatchSpec> specs() {
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(i -> MatchSpec.parse(selective(text())))
        .toList();
  }

  /** Tells whether the specs can be fulfilled, and a clause over the records besides. */
  boolean isSolvable(Collection<MatchSpec> specs, List<Predicate<PackageRecord>> clauses) {
    ISolver oracle = SolverFactory.newDefault();
    List<PackageRecord> all = new ArrayList<>(records);
    all.addAll(machine);
    oracle.newVar(all.size());
    try {
      for (MatchSpec spec : specs) {
        require(oracle, all, List.of(), spec);
      }
      for (Predicate<PackageRecord> clause : clauses) {
        oracle.addClause(those(all, clause));
      }
      for (PackageRecord there : machine) {
        oracle.addClause(those(all, there::equals));
      }
      for (int i = 0; i < all.size(); i++) {
        addRules(oracle, all, i);
      }
      return oracle.isSatisfiable();
    } catch (ContradictionException e) {
      return false;
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static VecInt those(List<PackageRecord> all, Predicate<PackageRecord> wanted) {
    VecInt clause = new VecInt();
    for (int i = 0; i < all.size(); i++) {
      if (wanted.test(all.get(i))) {
        clause.push(i + 1);
      }
    }
    return clause;
  }

  private static void addRules(ISolver oracle, List<PackageRecord> all, int index)
      throws ContradictionException {
    PackageRecord record = all.get(index);
    for (String need : record.depends()) {
      if (need.startsWith("unreadable")) {
        oracle.addClause(new VecInt(new int[] {-index - 1}));
      } else {
        require(oracle, all, List.of(index), Rules.spec(need));
      }
    }
    for (int other = index + 1; other < all.size(); other++) {
      if (all.get(other).name().equals(record.name())) {
        oracle.addClause(new VecInt(new int[] {-index - 1, -other - 1}));
      }
    }
    for (String text : record.constrains()) {
      MatchSpec spec = Rules.spec(text);
      for (int other = 0; other < all.size(); other++) {
        if (spec.name().equals(all.get(other).name()) && !spec.matches(all.get(other))) {
          for (List<Integer> premises : premises(all, spec, List.of(index, other))) {
            oracle.addClause(negated(premises));
          }
        }
      }
    }
  }

  /** Where all the premises are there and the condition is true, the spec must be fulfilled. */
  private static void require(
      ISolver oracle, List<PackageRecord> all, List<Integer> given, MatchSpec spec)
      throws ContradictionException {
    for (List<Integer> premises : premises(all, spec, given)) {
      VecInt clause = those(all, spec::matches);
      negated(premises).copyTo(clause);
      oracle.addClause(clause);
    }
    for (String group : spec.extras()) {
      for (int i = 0; i < all.size(); i++) {
        PackageRecord record = all.get(i);
        if (record.name().equals(spec.name())) {
          for (List<Integer> premises : premises(all, spec, given)) {
            List<Integer> more = new ArrayList<>(premises);
            more.add(i);
            for (String text : record.extraDepends().getOrDefault(group, List.of())) {
              require(oracle, all, more, Rules.spec(text));
            }
          }
        }
      }
    }
  }

  private static VecInt negated(List<Integer> premises) {
    VecInt clause = new VecInt();
    premises.forEach(premise -> clause.push(-premise - 1));
    return clause;
  }

  /** Returns all sets of records that make the condition of a spec true, each with those given. */
  private static List<List<Integer>> premises(
      List<PackageRecord> all, MatchSpec spec, List<Integer> given) {
    List<List<Integer>> sets =
        spec.condition().map(condition -> sets(all, condition)).orElse(List.of(List.of()));
    return sets.stream()
        .map(set -> Stream.concat(set.stream(), given.stream()).distinct().toList())
        .toList();
  }

  private static List<List<Integer>> sets(List<PackageRecord> all, Condition condition) {
    List<List<Integer>> sets = new ArrayList<>();
    if (condition instanceof Condition.Matches matches) {
      for (int i = 0; i < all.size(); i++) {
        if (matches.spec().matches(all.get(i))) {
          sets.add(List.of(i));
        }
      }
    } else if (condition instanceof Condition.Any any) {
      any.conditions().forEach(part -> sets.addAll(sets(all, part)));
    } else if (condition instanceof Condition.All parts) {
      sets.add(List.of());
      for (Condition part : parts.conditions()) {
        List<List<Integer>> before = List.copyOf(sets);
        sets.clear();
        for (List<Integer> more : sets(all, part)) {
          before.forEach(
              set -> sets.add(Stream.concat(set.stream(), more.stream()).distinct().toList()));
        }
      }
    }
    return sets;
  }
}

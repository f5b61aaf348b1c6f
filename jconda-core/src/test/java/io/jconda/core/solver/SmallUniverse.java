package io.jconda.core.solver;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
            .constrains(random.nextInt(3) == 0 ? texts(1) : List.of());
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

  List<MatchSpec> specs() {
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(i -> MatchSpec.parse(text()))
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
        oracle.addClause(those(all, spec::matches));
      }
      for (Predicate<PackageRecord> clause : clauses) {
        oracle.addClause(those(all, clause));
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
      VecInt clause =
          need.startsWith("unreadable") ? new VecInt() : those(all, Rules.spec(need)::matches);
      clause.push(-index - 1);
      oracle.addClause(clause);
    }
    for (int other = 0; other < all.size(); other++) {
      PackageRecord beside = all.get(other);
      boolean twice = other > index && beside.name().equals(record.name());
      boolean refused =
          record.constrains().stream()
              .map(Rules::spec)
              .anyMatch(spec -> spec.name().equals(beside.name()) && !spec.matches(beside));
      if (twice || refused) {
        oracle.addClause(new VecInt(new int[] {-index - 1, -other - 1}));
      }
    }
  }
}

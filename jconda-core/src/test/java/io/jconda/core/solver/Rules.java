package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says, straight from the definition and without the solver, whether records fit together. */
final class Rules {
  private static final Map<String, MatchSpec> SPECS = new ConcurrentHashMap<>();

  private Rules() {}

  static MatchSpec spec(String text) {
    return SPECS.computeIfAbsent(text, MatchSpec::parseLenient);
  }

  /** Asserts that a solution is one, and that it holds nothing that nobody asked for. */
  static void assertIsSolution(SolveRequest request, List<PackageRecord> solution) {
    Map<String, PackageRecord> byName = new HashMap<>();
    for (PackageRecord record : solution) {
      assertThat(byName.put(record.name(), record)).as("twice: %s", record.name()).isNull();
    }
    request.virtualPackages().forEach(record -> byName.put(record.name(), record));
    for (MatchSpec spec : request.specs()) {
      assertThat(byName.values()).as("%s", spec).anyMatch(spec::matches);
    }
    for (MatchSpec pin : request.pins()) {
      assertThat(allows(pin, byName.values())).as("pin %s", pin).isTrue();
    }
    for (PackageRecord record : solution) {
      for (String need : record.depends()) {
        assertThat(spec(need)).as("%s of %s", need, record).matches(s -> fulfils(s, byName));
      }
      for (String constraint : record.constrains()) {
        assertThat(allows(spec(constraint), byName.values()))
            .as("%s constrains %s", record, constraint)
            .isTrue();
      }
    }
    if (request.installed().isEmpty()) {
      assertThat(solution).allMatch(reachable(request, byName)::contains);
    }
  }

  private static boolean fulfils(MatchSpec spec, Map<String, PackageRecord> byName) {
    PackageRecord record = byName.get(spec.name());
    return record != null && spec.matches(record);
  }

  private static boolean allows(MatchSpec spec, Collection<PackageRecord> records) {
    return records.stream()
        .allMatch(record -> !record.name().equals(spec.name()) || spec.matches(record));
  }

  private static Set<PackageRecord> reachable(
      SolveRequest request, Map<String, PackageRecord> byName) {
    Set<PackageRecord> reached = new HashSet<>();
    Deque<PackageRecord> waiting = new ArrayDeque<>();
    byName.values().stream()
        .filter(record -> request.specs().stream().anyMatch(spec -> spec.matches(record)))
        .forEach(waiting::add);
    while (!waiting.isEmpty()) {
      PackageRecord record = waiting.remove();
      if (reached.add(record)) {
        for (String need : record.depends()) {
          waiting.add(java.util.Objects.requireNonNull(byName.get(spec(need).name())));
        }
      }
    }
    return reached;
  }
}

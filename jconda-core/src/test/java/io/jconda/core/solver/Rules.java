package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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
    Collection<PackageRecord> all = byName.values();
    for (MatchSpec spec : request.specs()) {
      assertThat(spec).matches(s -> !counts(s, all) || all.stream().anyMatch(s::matches));
    }
    for (MatchSpec pin : request.pins()) {
      assertThat(allows(pin, byName.values())).as("pin %s", pin).isTrue();
    }
    Set<String> extras = extras(request, all);
    for (PackageRecord record : solution) {
      for (MatchSpec need : needs(record, extras, all)) {
        assertThat(need).as("of %s", record).matches(s -> fulfils(s, byName));
      }
      for (String constraint : record.constrains()) {
        assertThat(!counts(spec(constraint), all) || allows(spec(constraint), all))
            .as("%s constrains %s", record, constraint)
            .isTrue();
      }
    }
    if (request.installed().isEmpty()) {
      assertThat(solution).allMatch(reachable(request, byName)::contains);
    }
  }

  private static boolean counts(MatchSpec spec, Collection<PackageRecord> all) {
    return spec.condition().map(condition -> condition.holds(all)).orElse(true);
  }

  /** Returns {@code name group} of each extra that is asked for. */
  private static Set<String> extras(SolveRequest request, Collection<PackageRecord> all) {
    Set<String> extras = new HashSet<>();
    Stream.concat(
            request.specs().stream(),
            all.stream().flatMap(record -> record.depends().stream()).map(Rules::spec))
        .filter(spec -> counts(spec, all))
        .forEach(spec -> spec.extras().forEach(group -> extras.add(spec.name() + " " + group)));
    return extras;
  }

  private static List<MatchSpec> needs(
      PackageRecord record, Set<String> extras, Collection<PackageRecord> all) {
    List<String> texts = new ArrayList<>(record.depends());
    record
        .extraDepends()
        .forEach(
            (group, specs) -> {
              if (extras.contains(record.name() + " " + group)) {
                texts.addAll(specs);
              }
            });
    return texts.stream().map(Rules::spec).filter(spec -> counts(spec, all)).toList();
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
        .filter(
            record ->
                request.specs().stream()
                    .anyMatch(spec -> counts(spec, byName.values()) && spec.matches(record)))
        .forEach(waiting::add);
    Set<String> extras = extras(request, byName.values());
    while (!waiting.isEmpty()) {
      PackageRecord record = waiting.remove();
      if (reached.add(record)) {
        for (MatchSpec need : needs(record, extras, byName.values())) {
          waiting.add(java.util.Objects.requireNonNull(byName.get(need.name())));
        }
      }
    }
    return reached;
  }
}

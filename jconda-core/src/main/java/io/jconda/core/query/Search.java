package io.jconda.core.query;

import io.jconda.core.solver.NearNames;
import io.jconda.core.util.OperationContext;
import io.jconda.query.SearchResult;
import io.jconda.query.SearchResult.Unmatched;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds records by specs, in one source or several. For one thread. */
public final class Search {
  private static final int MOST_SUGGESTIONS = 10;

  // conda: cli/main_search.py sorts by name, version and build
  private static final Comparator<PackageRecord> ORDER =
      Comparator.comparing(PackageRecord::name)
          .thenComparing(PackageRecord::version)
          .thenComparing(PackageRecord::buildNumber)
          .thenComparing(PackageRecord::build)
          .thenComparing(PackageRecord::channel)
          .thenComparing(PackageRecord::subdir)
          .thenComparing(PackageRecord::fileName);

  private final List<PackageSource> sources;
  private final OperationContext context;

  /**
   * Makes a search.
   *
   * @param sources one for each platform
   */
  public Search(List<PackageSource> sources, OperationContext context) {
    this.sources = List.copyOf(sources);
    this.context = context;
  }

  /** Finds what the specs mean; may block while indexes are read. */
  public SearchResult run(List<MatchSpec> specs) {
    Set<PackageRecord> found = new LinkedHashSet<>();
    List<Unmatched> unmatched = new ArrayList<>();
    for (MatchSpec spec : specs) {
      List<PackageRecord> matches = matches(spec);
      found.addAll(matches);
      if (matches.isEmpty()) {
        unmatched.add(new Unmatched(spec, suggestions(spec)));
      }
    }
    return new SearchResult(specs, found.stream().sorted(ORDER).toList(), unmatched);
  }

  /** Returns the records that a spec means, each once. */
  List<PackageRecord> matches(MatchSpec spec) {
    Set<PackageRecord> matches = new LinkedHashSet<>();
    for (PackageSource source : sources) {
      for (String name : names(source, spec)) {
        context.checkpoint();
        List<PackageRecord> records =
            spec.isExactName() ? source.records(name) : source.recordsOnce(name);
        records.stream().filter(spec::matches).forEach(matches::add);
      }
    }
    return List.copyOf(matches);
  }

  /** Returns the names of a source that a spec may mean. */
  public static Collection<String> names(PackageSource source, MatchSpec spec) {
    if (spec.isExactName()) {
      return List.of(spec.name());
    }
    return source.names().stream().filter(meaning(spec)).toList();
  }

  /**
   * Returns names that a spec may have meant: its own if there are packages of it, else those that
   * contain it, as conda would look for next, and those that differ by little.
   */
  public List<String> suggestions(MatchSpec spec) {
    Set<String> names = new TreeSet<>();
    sources.forEach(source -> names.addAll(source.names()));
    if (!spec.isExactName()) {
      return names.stream().filter(meaning(spec)).limit(MOST_SUGGESTIONS).toList();
    }
    String wanted = spec.name().toLowerCase(Locale.ROOT);
    if (names.contains(wanted)) {
      return List.of(wanted);
    }
    Set<String> near = new LinkedHashSet<>(NearNames.of(wanted, names));
    names.stream()
        .filter(name -> name.contains(wanted))
        .sorted(Comparator.comparingInt(String::length))
        .forEach(near::add);
    return near.stream().limit(MOST_SUGGESTIONS).toList();
  }

  private static Predicate<String> meaning(MatchSpec spec) {
    MatchSpec bare = MatchSpec.builder(spec.name()).build();
    return name -> bare.matches(PackageRecord.builder(name, "0", "").build());
  }
}

package io.jconda.query;

import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds what a search found: records by name, then version, build number and build, the newest
 * last, as conda prints them (conda: {@code cli/main_search.py}). Immutable.
 */
public final class SearchResult {
  private final List<MatchSpec> specs;
  private final List<PackageRecord> records;
  private final List<Unmatched> unmatched;

  /**
   * A spec that nothing fits.
   *
   * @param spec the spec
   * @param nearNames names that exist and look alike, best first; the spec's own name, if there are
   *     packages of it and none fits
   */
  public record Unmatched(MatchSpec spec, List<String> nearNames) {
    /** Copies the list. */
    public Unmatched {
      nearNames = List.copyOf(nearNames);
    }
  }

  /**
   * Makes a result; for JConda itself.
   *
   * @param specs what was searched for
   * @param records what was found, in order
   * @param unmatched the specs that nothing fits
   */
  public SearchResult(
      List<MatchSpec> specs, List<PackageRecord> records, List<Unmatched> unmatched) {
    this.specs = List.copyOf(specs);
    this.records = List.copyOf(records);
    this.unmatched = List.copyOf(unmatched);
  }

  /** Returns what was searched for. */
  public List<MatchSpec> specs() {
    return specs;
  }

  /** Returns all that was found, each record once. */
  public List<PackageRecord> records() {
    return records;
  }

  /** Returns the specs that nothing fits, each with names that look alike. */
  public List<Unmatched> unmatched() {
    return unmatched;
  }

  /** Tells whether nothing was found. */
  public boolean isEmpty() {
    return records.isEmpty();
  }

  /** Returns what was found by name, in the same order. */
  public SortedMap<String, List<PackageRecord>> byName() {
    SortedMap<String, List<PackageRecord>> groups = new TreeMap<>();
    records.forEach(
        record -> groups.computeIfAbsent(record.name(), name -> new ArrayList<>()).add(record));
    groups.replaceAll((name, group) -> Collections.unmodifiableList(group));
    return Collections.unmodifiableSortedMap(groups);
  }

  /** Returns the newest record of each name. */
  public List<PackageRecord> newest() {
    return byName().values().stream().map(group -> group.get(group.size() - 1)).toList();
  }

  /** Returns the result as a table, one record a line, and a sentence for each unmatched spec. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    if (!records.isEmpty()) {
      lines.addAll(
          TextTable.of(List.of("Name", "Version", "Build", "Channel"))
              .rows(
                  records.stream()
                      .map(
                          record ->
                              List.of(
                                  record.name(),
                                  record.version().toString(),
                                  record.build(),
                                  TextTable.place(record)))
                      .toList())
              .lines());
    }
    for (Unmatched one : unmatched) {
      lines.add(
          one.nearNames().isEmpty()
              ? "Nothing fits '%s'.".formatted(one.spec().source())
              : "Nothing fits '%s'. There are: %s."
                  .formatted(one.spec().source(), String.join(", ", one.nearNames())));
    }
    return String.join(System.lineSeparator(), lines);
  }
}

package io.jconda.core.mirror;

import io.jconda.CanIgnoreReturnValue;
import io.jconda.InvalidSpecException;
import io.jconda.PackageNotFoundException;
import io.jconda.core.query.PackageSource;
import io.jconda.core.query.Search;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the records to copy where no solve does: all, or all that specs can come to need. Strict
 * priority holds, as the folder that they go to has no order of channels any more. For one thread.
 */
public final class MirrorSelection {
  private final PackageSource source;
  private final List<MatchSpec> exclusions;
  private final OperationContext context;

  /**
   * Makes a selection.
   *
   * @param source the records of one platform
   * @param exclusions what is left out
   */
  public MirrorSelection(
      PackageSource source, List<MatchSpec> exclusions, OperationContext context) {
    this.source = source;
    this.exclusions = List.copyOf(exclusions);
    this.context = context;
  }

  /** Returns all records; blocks while indexes are read. */
  public Set<PackageRecord> everything() {
    Set<PackageRecord> all = new LinkedHashSet<>();
    for (String name : source.names()) {
      context.checkpoint();
      all.addAll(allowed(name, false));
    }
    return all;
  }

  /**
   * Returns all records that specs accept, and all that a dependency of one of them accepts, and so
   * on; blocks while indexes are read.
   *
   * @throws PackageNotFoundException if nothing fits one of the specs
   */
  public Set<PackageRecord> closure(List<MatchSpec> specs) {
    Set<PackageRecord> found = new LinkedHashSet<>();
    Deque<PackageRecord> open = new ArrayDeque<>();
    for (MatchSpec spec : specs) {
      if (!add(spec, found, open)) {
        throw new PackageNotFoundException(
            spec.source(),
            new Search(List.of(source), context).suggestions(spec),
            "Nothing in the channels fits '%s'.".formatted(spec.source()),
            "Check the spec and what is excluded, or add a channel or platform.");
      }
    }
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      context.checkpoint();
      PackageRecord record = open.removeFirst();
      record.depends().stream().filter(seen::add).forEach(text -> follow(text, found, open));
      record.extraDepends().values().stream()
          .flatMap(List::stream)
          .filter(seen::add)
          .forEach(text -> follow(text, found, open));
    }
    return found;
  }

  private void follow(String dependency, Set<PackageRecord> found, Deque<PackageRecord> open) {
    try {
      // what nothing fulfils, a virtual package for one, is for whoever solves later
      add(MatchSpec.parseLenient(dependency), found, open);
    } catch (InvalidSpecException e) {
      context
          .events()
          .warn(
              "The dependency '%s' cannot be read, so nothing is copied for it. Tell the owner of the channel."
                  .formatted(dependency));
    }
  }

  @CanIgnoreReturnValue
  private boolean add(MatchSpec spec, Set<PackageRecord> found, Deque<PackageRecord> open) {
    boolean any = false;
    for (String name : Search.names(source, spec)) {
      for (PackageRecord record : allowed(name, spec.channel().isPresent())) {
        if (spec.matches(record)) {
          any = true;
          if (found.add(record)) {
            open.addLast(record);
          }
        }
      }
    }
    return any;
  }

  private List<PackageRecord> allowed(String name, boolean anyChannel) {
    List<PackageRecord> records = source.recordsOnce(name);
    int rank = records.stream().mapToInt(source::channelRank).min().orElse(0);
    return records.stream()
        .filter(record -> anyChannel || source.channelRank(record) == rank)
        .filter(record -> exclusions.stream().noneMatch(spec -> spec.matches(record)))
        .toList();
  }
}

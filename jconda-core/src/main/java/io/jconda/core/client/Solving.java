package io.jconda.core.client;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.OfflineException;
import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.config.Settings;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.host.VirtualPackages;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.Solution;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.solve.Optimality;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the indexes that a request wants, and solves in them. Thread-safe. */
final class Solving {
  private static final Logger LOG = LoggerFactory.getLogger(Solving.class);

  private final Settings settings;
  private final Disk disk;
  private final Repodata repodata;
  private final PackageCache cache;

  Solving(Settings settings, Disk disk, Repodata repodata, PackageCache cache) {
    this.settings = settings;
    this.disk = disk;
    this.repodata = repodata;
    this.cache = cache;
  }

  /** Is a solution with its records as the channels have them. */
  record Solved(List<PackageRecord> records, List<MatchSpec> requested, Optimality optimality) {}

  /** Solves; once more, if a cached index turns out to be damaged. */
  Solved solve(
      Wanted wanted, Platform platform, SolveRequest.Builder request, OperationContext context) {
    VirtualPackages.lookAhead();
    List<MatchSpec> reached = IndexedRecords.reached(request);
    try (ChannelIndexes indexes = load(wanted, platform, reached, context)) {
      try {
        return solve(wanted, platform, request, indexes, context);
      } catch (ChannelException e) {
        if (!indexes.areDamaged()) {
          throw e;
        }
        LOG.debug("A cached index is damaged; it is made anew.", e);
      }
    }
    try (ChannelIndexes indexes = load(wanted, platform, reached, context)) {
      return solve(wanted, platform, request, indexes, context);
    }
  }

  private Solved solve(
      Wanted wanted,
      Platform platform,
      SolveRequest.Builder request,
      ChannelIndexes indexes,
      OperationContext context) {
    IndexedRecords source = source(wanted, indexes, context);
    SolveRequest complete = complete(wanted, platform, request);
    return phase(Phase.SOLVE, context, () -> solve(complete, source, indexes, context));
  }

  private IndexedRecords source(Wanted wanted, ChannelIndexes indexes, OperationContext context) {
    return new IndexedRecords(
        indexes,
        NamedArchives.records(wanted.specs(), indexes::records, cache.care(), context),
        settings);
  }

  private static Solved solve(
      SolveRequest request,
      IndexedRecords source,
      ChannelIndexes indexes,
      OperationContext context) {
    long start = System.nanoTime();
    Solution solution;
    try {
      solution = new Solver().solve(request, source, context);
    } catch (UnsatisfiableException | PackageNotFoundException e) {
      throw indexes.missing().isEmpty() ? e : notCached(indexes.missing(), e);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    int size = solution.records().size();
    context.events().emit(n -> new ProgressEvent.Solved(n, size, elapsed));
    return new Solved(
        source.asServed(solution.records()), solution.requested(), solution.optimality());
  }

  /** That there is no solution says nothing where a part of the index is not there. */
  private static OfflineException notCached(Set<String> names, CondaException cause) {
    return new OfflineException(
        "The index of %s is not in the cache, JConda is offline, and without it there is no solution."
            .formatted(names.stream().sorted().limit(5).collect(Collectors.joining(", "))),
        "Allow the network, or plan the same once while online.",
        cause);
  }

  /**
   * Loads the indexes of the channels that are wanted.
   *
   * @param ahead what will be asked for first
   */
  ChannelIndexes load(
      Wanted wanted, Platform platform, List<MatchSpec> ahead, OperationContext context) {
    return phase(
        Phase.INDEX,
        context,
        () -> {
          ChannelIndexes indexes =
              repodata
                  .refreshing(wanted.refreshIndexes())
                  .load(channels(wanted, context), platform, context);
          indexes.follow(ahead);
          return indexes;
        });
  }

  private SolveRequest complete(Wanted wanted, Platform platform, SolveRequest.Builder request) {
    return request
        .options(wanted.solveOptions())
        .virtualPackages(virtualPackages(wanted, platform))
        .build();
  }

  /** Writes to a file what would be solved. */
  Path save(
      Wanted wanted,
      Platform platform,
      SolveRequest.Builder request,
      Path file,
      OperationContext context) {
    try (ChannelIndexes indexes =
        load(wanted, platform, IndexedRecords.reached(request), context)) {
      IndexedRecords source = source(wanted, indexes, context);
      SolveRequest complete = complete(wanted, platform, request);
      return Problems.save(complete, source, file, disk, context);
    }
  }

  /** Makes the embedded channel a folder; names are for the room that knows them. */
  private List<Channel> channels(Wanted wanted, OperationContext context) {
    List<Channel> channels = new ArrayList<>();
    for (Channel channel : wanted.channels()) {
      if (channel.isEmbedded()) {
        channels.add(Channel.of(EmbeddedChannel.folder(settings.root(), disk, context)));
      } else {
        channels.add(channel);
      }
    }
    return channels;
  }

  private List<PackageRecord> virtualPackages(Wanted wanted, Platform platform) {
    Map<String, PackageRecord> packages = new LinkedHashMap<>();
    for (PackageRecord record : VirtualPackages.detect(platform, settings.overrides())) {
      packages.put(record.name(), record);
    }
    for (PackageRecord record : wanted.virtualPackages()) {
      packages.put(record.name(), record);
    }
    return List.copyOf(packages.values());
  }

  static <T> T phase(Phase phase, OperationContext context, Supplier<T> work) {
    long start = System.nanoTime();
    context.events().emit(n -> new ProgressEvent.PhaseStarted(n, phase, -1, -1));
    T result = work.get();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    context.events().emit(n -> new ProgressEvent.PhaseFinished(n, phase, elapsed));
    return result;
  }
}

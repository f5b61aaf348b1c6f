package io.jconda.core.client;

import io.jconda.ChannelException;
import io.jconda.core.config.Settings;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.Solution;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads channels and solves in them, without any environment. Thread-safe. */
final class ChannelWork {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelWork.class);

  private final Settings settings;
  private final Disk disk;

  ChannelWork(Settings settings, Disk disk) {
    this.settings = settings;
    this.disk = disk;
  }

  /**
   * Loads the indexes of one platform after the other, and does something with them; once more, if
   * a cached one turns out to be damaged.
   *
   * @param ahead what the work will ask for first
   */
  <T> T in(
      Repodata repodata,
      List<Channel> channels,
      List<Platform> platforms,
      List<MatchSpec> ahead,
      OperationContext context,
      Function<List<ChannelIndexes>, T> work) {
    List<ChannelIndexes> indexes = load(repodata, channels, platforms, ahead, context);
    try {
      return work.apply(indexes);
    } catch (ChannelException e) {
      if (indexes.stream().noneMatch(ChannelIndexes::areDamaged)) {
        throw e;
      }
      LOG.debug("A cached index is damaged; it is made anew.", e);
    } finally {
      indexes.forEach(ChannelIndexes::close);
    }
    List<ChannelIndexes> anew = load(repodata, channels, platforms, ahead, context);
    try {
      return work.apply(anew);
    } finally {
      anew.forEach(ChannelIndexes::close);
    }
  }

  private List<ChannelIndexes> load(
      Repodata repodata,
      List<Channel> channels,
      List<Platform> platforms,
      List<MatchSpec> ahead,
      OperationContext context) {
    return Solving.phase(
        Phase.INDEX,
        context,
        () -> {
          List<ChannelIndexes> loaded =
              platforms.stream()
                  .map(
                      platform ->
                          repodata.load(expand(channels, platform, context), platform, context))
                  .toList();
          loaded.forEach(indexes -> indexes.follow(ahead));
          return loaded;
        });
  }

  private List<Channel> expand(
      List<Channel> channels, Platform platform, OperationContext context) {
    List<Channel> expanded = new ArrayList<>();
    for (Channel channel : channels) {
      if (channel.isEmbedded()) {
        expanded.add(Channel.of(EmbeddedChannel.folder(settings.root(), disk, context)));
      } else {
        expanded.addAll(settings.expand(channel, platform));
      }
    }
    return expanded;
  }

  /** Returns what a solve takes from indexes, as the channels have it. */
  List<PackageRecord> solve(
      SolveRequest request, ChannelIndexes indexes, OperationContext context) {
    return Solving.phase(
        Phase.SOLVE,
        context,
        () -> {
          long start = System.nanoTime();
          IndexedRecords source = new IndexedRecords(indexes, Map.of(), settings);
          Solution solution = new Solver().solve(request, source, context);
          int size = solution.records().size();
          Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
          context.events().emit(n -> new ProgressEvent.Solved(n, size, elapsed));
          return source.asServed(solution.records());
        });
  }
}

package io.jconda.core.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.build.MirrorRequest;
import io.jconda.build.MirrorRequest.Scope;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.host.VirtualPackages;
import io.jconda.core.mirror.Mirror;
import io.jconda.core.mirror.MirrorSelection;
import io.jconda.core.net.Network;
import io.jconda.core.query.PackageSource;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.MirrorHandler;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Copies channels to folders: chooses the records, and lets the room of mirrors copy. */
final class Mirrors implements MirrorHandler {
  /** Virtual packages that only one kind of platform has, by what its subdirs begin with. */
  private static final Map<String, String> KINDS =
      Map.of("__glibc", "linux-", "__linux", "linux-", "__osx", "osx-", "__win", "win-");

  private final ClientOptions options;
  private final Settings settings;
  private final Disk disk;
  private final Network network;
  private final Operations operations;
  private final ChannelWork channels;
  private final Sides sides;

  /**
   * Makes a handler.
   *
   * @param sides hold what loads indexes
   */
  Mirrors(
      ClientOptions options,
      Settings settings,
      Disk disk,
      Network network,
      Operations operations,
      Sides sides) {
    this.options = options;
    this.settings = settings;
    this.disk = disk;
    this.network = network;
    this.operations = operations;
    this.channels = new ChannelWork(settings, disk);
    this.sides = sides;
  }

  @Override
  public Operation<MirrorPlan> plan(MirrorRequest request) {
    return start(
        "plan mirror", request, context -> mirror(request).plan(wish(request, context), context));
  }

  @Override
  public Operation<MirrorReport> copy(MirrorRequest request) {
    return start(
        "mirror", request, context -> mirror(request).copy(wish(request, context), context));
  }

  private boolean isOffline(MirrorRequest request) {
    return request.isOffline() || settings.offline();
  }

  private Mirror mirror(MirrorRequest request) {
    return new Mirror(request.folder(), disk, network.offline(isOffline(request)));
  }

  private Mirror.Wish wish(MirrorRequest request, OperationContext context) {
    List<Platform> platforms =
        request.platforms().isEmpty() ? List.of(settings.platform()) : request.platforms();
    List<Channel> sources = request.channels().isEmpty() ? settings.channels() : request.channels();
    Channel target = Channel.of(request.folder());
    if (sources.contains(target)) {
      throw new CondaException(
          "The folder %s cannot be mirrored to itself.".formatted(request.folder()),
          "Name another folder, or other channels.");
    }
    // of shards only those are fetched that are reached; everything reaches all
    boolean whole =
        request.scope() == Scope.EVERYTHING
            || !request.specs().stream().allMatch(MatchSpec::isExactName);
    Repodata loader = sides.of(isOffline(request)).repodata();
    Repodata chosen = whole ? loader.whole() : loader;
    return channels.in(
        chosen,
        sources,
        platforms,
        request.specs(),
        context,
        indexes -> {
          Set<PackageRecord> records = new LinkedHashSet<>();
          for (int i = 0; i < platforms.size(); i++) {
            records.addAll(select(request, platforms.get(i), indexes.get(i), context));
          }
          return new Mirror.Wish(
              platforms,
              records,
              request.prunes(),
              () -> originals(chosen, indexes, records, context));
        });
  }

  private static Map<String, ObjectNode> originals(
      Repodata repodata,
      List<ChannelIndexes> indexes,
      Set<PackageRecord> records,
      OperationContext context) {
    Map<String, ObjectNode> originals = new HashMap<>();
    Set<PackageRecord> left = new LinkedHashSet<>(records);
    for (ChannelIndexes each : indexes) {
      originals.putAll(repodata.originals(each, left, context));
      left.removeIf(record -> originals.containsKey(record.subdir() + "/" + record.fileName()));
    }
    return originals;
  }

  private Collection<PackageRecord> select(
      MirrorRequest request, Platform platform, ChannelIndexes indexes, OperationContext context) {
    if (request.scope() == Scope.SOLVED) {
      SolveOptions solving = SolveOptions.defaults();
      for (MatchSpec exclusion : request.exclusions()) {
        solving = solving.exclude(exclusion.source(), "excluded from the mirror");
      }
      SolveRequest solve =
          SolveRequest.builder()
              .specs(request.specs())
              .virtualPackages(virtualPackages(request, platform))
              .options(solving)
              .build();
      return channels.solve(solve, indexes, context);
    }
    MirrorSelection selection =
        new MirrorSelection(PackageSource.of(indexes), request.exclusions(), context);
    return request.scope() == Scope.EVERYTHING
        ? selection.everything()
        : selection.closure(request.specs());
  }

  private List<PackageRecord> virtualPackages(MirrorRequest request, Platform platform) {
    Map<String, PackageRecord> packages = new LinkedHashMap<>();
    // machines of platforms that are named are others than this one, be it of the same platform
    List<PackageRecord> known =
        request.platforms().isEmpty()
            ? VirtualPackages.detect(platform, settings.overrides())
            : VirtualPackages.least(platform, settings.overrides());
    known.forEach(record -> packages.put(record.name(), record));
    for (PackageRecord record : request.virtualPackages()) {
      if (platform.subdir().startsWith(KINDS.getOrDefault(record.name(), ""))) {
        packages.put(record.name(), record);
      }
    }
    return List.copyOf(packages.values());
  }

  private <T> Operation<T> start(
      String what, MirrorRequest request, Function<OperationContext, T> work) {
    return operations.start(
        what,
        request.folder().toString(),
        request.timeout(),
        request.progress().orElse(options.progress()),
        work);
  }
}

package io.jconda.core.client;

import io.jconda.Operation;
import io.jconda.PackageNotFoundException;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.host.VirtualPackages;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.query.DependantWalk;
import io.jconda.core.query.DependencyWalk;
import io.jconda.core.query.PackageSource;
import io.jconda.core.query.Search;
import io.jconda.core.query.TreeLimits;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.Repodata;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.util.OperationContext;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import io.jconda.query.PackageTree.Direction;
import io.jconda.query.SearchResult;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.QueryHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Answers queries: loads where to look, and lets the room of questions look. Thread-safe. */
final class Queries implements QueryHandler {
  private final ClientOptions options;
  private final Settings settings;
  private final Operations operations;
  private final ChannelWork channels;
  private final Sides sides;
  private final Consumer<Path> readable;

  /**
   * Makes a handler.
   *
   * @param sides hold what loads indexes
   * @param readable makes an environment ready to be looked at
   */
  Queries(
      ClientOptions options,
      Settings settings,
      Disk disk,
      Operations operations,
      Sides sides,
      Consumer<Path> readable) {
    this.options = options;
    this.settings = settings;
    this.operations = operations;
    this.channels = new ChannelWork(settings, disk);
    this.sides = sides;
    this.readable = readable;
  }

  @Override
  public Operation<SearchResult> search(PackageQuery query, List<MatchSpec> specs) {
    String target = specs.stream().map(MatchSpec::source).collect(Collectors.joining(" "));
    boolean exact = specs.stream().allMatch(MatchSpec::isExactName);
    return start(
        "search",
        target,
        query,
        context ->
            look(
                query,
                exact ? Reach.NAMES : Reach.ALL,
                specs,
                context,
                sources -> new Search(sources, context).run(specs)));
  }

  @Override
  public Operation<PackageTree> depends(PackageQuery query, MatchSpec spec) {
    return start(
        "depends",
        spec.source(),
        query,
        context ->
            look(
                query,
                spec.isExactName() ? Reach.DEPENDENCIES : Reach.ALL,
                List.of(spec),
                context,
                sources -> depends(query, spec, sources, context)));
  }

  private PackageTree depends(
      PackageQuery query, MatchSpec spec, List<PackageSource> sources, OperationContext context) {
    TreeLimits limits = new TreeLimits(query.depth().orElse(Integer.MAX_VALUE), query.limit());
    List<PackageNode> roots = new ArrayList<>();
    for (PackageSource source : sources) {
      for (String name : Search.names(source, spec)) {
        new DependencyWalk(source, limits, context).from(name, spec).ifPresent(roots::add);
      }
    }
    requireAny(roots, query, spec, sources, context);
    return new PackageTree(Direction.DEPENDS, spec, roots, limits.isExceeded());
  }

  @Override
  public Operation<PackageTree> whoNeeds(PackageQuery query, MatchSpec spec) {
    return start(
        "who needs",
        spec.source(),
        query,
        context ->
            look(
                query,
                Reach.ALL,
                List.of(spec),
                context,
                sources -> whoNeeds(query, spec, sources, context)));
  }

  private PackageTree whoNeeds(
      PackageQuery query, MatchSpec spec, List<PackageSource> sources, OperationContext context) {
    TreeLimits limits = new TreeLimits(query.depth().orElse(1), query.limit());
    List<PackageNode> roots =
        new DependantWalk(sources, query.looksAtAllRecords(), limits, context).from(spec);
    requireAny(roots, query, spec, sources, context);
    return new PackageTree(Direction.WHO_NEEDS, spec, roots, limits.isExceeded());
  }

  /** Tells what of an index a question reaches. */
  private enum Reach {
    /** The records of the names that are asked for. */
    NAMES,
    /** Besides, those of what they depend on. */
    DEPENDENCIES,
    /** All records, which shards have to be asked for one by one. */
    ALL
  }

  private <T> T look(
      PackageQuery query,
      Reach reach,
      List<MatchSpec> specs,
      OperationContext context,
      Function<List<PackageSource>, T> work) {
    if (query.prefix().isPresent()) {
      return work.apply(List.of(installed(query.prefix().get())));
    }
    List<Channel> wanted = query.channels().isEmpty() ? settings.channels() : query.channels();
    Repodata loader = sides.of(query.isOffline() || settings.offline()).repodata();
    return channels.in(
        reach == Reach.ALL ? loader.whole() : loader,
        wanted,
        platforms(query),
        reach == Reach.DEPENDENCIES ? specs : List.of(),
        context,
        indexes ->
            work.apply(
                reach == Reach.DEPENDENCIES && query.isSolved()
                    ? solutions(query, specs, indexes, context)
                    : indexes.stream().map(PackageSource::of).toList()));
  }

  private PackageSource installed(Path prefix) {
    readable.accept(prefix);
    return PackageSource.of(
        PrefixRecords.read(prefix).packages().stream().map(InstalledPackage::record).toList());
  }

  private List<Platform> platforms(PackageQuery query) {
    return query.platforms().isEmpty() ? List.of(settings.platform()) : query.platforms();
  }

  private List<PackageSource> solutions(
      PackageQuery query,
      List<MatchSpec> specs,
      List<ChannelIndexes> indexes,
      OperationContext context) {
    List<Platform> platforms = platforms(query);
    List<PackageSource> solutions = new ArrayList<>();
    for (int i = 0; i < platforms.size(); i++) {
      SolveRequest request =
          SolveRequest.builder()
              .specs(specs)
              .virtualPackages(VirtualPackages.detect(platforms.get(i), settings.overrides()))
              .build();
      solutions.add(PackageSource.of(channels.solve(request, indexes.get(i), context)));
    }
    return solutions;
  }

  private void requireAny(
      List<PackageNode> roots,
      PackageQuery query,
      MatchSpec spec,
      List<PackageSource> sources,
      OperationContext context) {
    if (!roots.isEmpty()) {
      return;
    }
    List<String> near = new Search(sources, context).suggestions(spec);
    String where =
        query
            .prefix()
            .map(prefix -> "in " + prefix)
            .orElseGet(
                () ->
                    "in the channels for "
                        + platforms(query).stream()
                            .map(Platform::subdir)
                            .collect(Collectors.joining(", ")));
    Predicate<String> isItself = spec.name()::equals;
    String others = String.join(", ", near);
    throw new PackageNotFoundException(
        spec.source(),
        near,
        "Nothing %s fits '%s'.".formatted(where, spec.source()),
        near.isEmpty()
            ? "Check the name, or add a channel or platform that has it."
            : near.stream().allMatch(isItself)
                ? "Search for '%s' to see what there is of it.".formatted(others)
                : "Names like it are: %s.".formatted(others));
  }

  private <T> Operation<T> start(
      String what, String target, PackageQuery query, Function<OperationContext, T> work) {
    return operations.start(
        what, target, query.timeout(), query.progress().orElse(options.progress()), work);
  }
}

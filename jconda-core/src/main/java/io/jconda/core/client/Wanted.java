package io.jconda.core.client;

import io.jconda.AllowedScripts;
import io.jconda.EnvironmentRequest;
import io.jconda.LinkMode;
import io.jconda.core.config.Settings;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.progress.ProgressListener;
import io.jconda.solve.Dependencies;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spi.Contents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Is a request with the client's defaults filled in; an environment's handle keeps one without
 * specs, so that what is done through the handle uses the channels and options that it was made
 * with.
 *
 * @param prefix the environment's folder, absolute
 * @param channels highest priority first
 * @param platform the target, if the request names one
 * @param specs what is asked for
 * @param contents what is asked for beside them: of pip, variables, a lock file
 * @param pins what restricts without asking
 * @param virtualPackages what stands in the place of detected ones
 * @param solveOptions how to choose among what fits
 * @param allowedScripts which link scripts may run
 * @param compileBytecode whether Python modules are compiled
 * @param linkMode how files come into the prefix
 * @param offline whether the network is forbidden
 * @param refreshIndexes whether servers are asked for their indexes in any case
 * @param replace whether {@code create} may replace
 * @param timeout the time limit of an operation
 * @param progress who hears of it
 */
record Wanted(
    Path prefix,
    List<Channel> channels,
    Optional<Platform> platform,
    List<MatchSpec> specs,
    Contents contents,
    List<MatchSpec> pins,
    List<PackageRecord> virtualPackages,
    SolveOptions solveOptions,
    AllowedScripts allowedScripts,
    boolean compileBytecode,
    LinkMode linkMode,
    boolean offline,
    boolean refreshIndexes,
    boolean replace,
    Optional<Duration> timeout,
    ProgressListener progress) {

  static Wanted of(
      EnvironmentRequest request,
      List<MatchSpec> more,
      Settings settings,
      ProgressListener progress) {
    List<MatchSpec> specs = new ArrayList<>(request.specs());
    specs.addAll(more);
    Contents contents = request.contents();
    if (contents.lock().isPresent() && !(specs.isEmpty() && contents.pip().isEmpty())) {
      throw new IllegalStateException(
          "A lock file names every package: ask for anything else once the environment is made.");
    }
    List<MatchSpec> pins = new ArrayList<>(request.pins());
    pins.addAll(settings.pins());
    return new Wanted(
        request.prefix(),
        channels(request, settings),
        request.platform(),
        List.copyOf(specs),
        contents,
        List.copyOf(pins),
        request.virtualPackages(),
        solveOptions(request.solveOptions(), settings),
        request.allowedScripts(),
        request.compilesBytecode(),
        request.linkMode().orElse(settings.alwaysCopy() ? LinkMode.COPY : LinkMode.HARD),
        request.isOffline() || settings.offline(),
        request.refreshesIndexes(),
        request.replaces(),
        request.timeout(),
        request.progress().orElse(progress));
  }

  private static List<Channel> channels(EnvironmentRequest request, Settings settings) {
    List<Channel> named = request.channels();
    if (named.isEmpty() && request.contents().lock().isPresent()) {
      named = request.contents().lock().get().channels();
    }
    if (named.isEmpty()) {
      return settings.channels();
    }
    if (!request.contents().defaultChannels()) {
      return named;
    }
    List<Channel> all = new ArrayList<>(named);
    for (Channel one : settings.channels()) {
      if (!all.contains(one)) {
        all.add(one);
      }
    }
    return List.copyOf(all);
  }

  private static SolveOptions solveOptions(SolveOptions asked, Settings settings) {
    SolveOptions options = asked;
    if (settings.channelPriority().isPresent()) {
      options = options.channelPriorityUnlessSet(settings.channelPriority().get());
    }
    for (Settings.Disallowed each : settings.disallowed()) {
      options = options.exclude(each.spec().toString(), each.reason());
    }
    return options;
  }

  /** Returns what a handle keeps: everything but what was asked for once. */
  Wanted withoutSpecs() {
    return with(List.of(), Contents.NONE, false, solveOptions.dependencies(Dependencies.INCLUDED));
  }

  Wanted withSpecs(List<MatchSpec> newSpecs) {
    return with(newSpecs, contents, replace, solveOptions);
  }

  private Wanted with(
      List<MatchSpec> newSpecs,
      Contents newContents,
      boolean newReplace,
      SolveOptions newSolveOptions) {
    return new Wanted(
        prefix,
        channels,
        platform,
        newSpecs,
        newContents,
        pins,
        virtualPackages,
        newSolveOptions,
        allowedScripts,
        compileBytecode,
        linkMode,
        offline,
        refreshIndexes,
        newReplace,
        timeout,
        progress);
  }

  /**
   * Returns a text that is the same for two requests that ask for the same, whatever the order of
   * their specs.
   */
  String key() {
    String key = keyOfSpecs();
    return contents.isNone()
        ? key
        : key
            + "\npip "
            + contents.pip().lines()
            + "\nvariables "
            + contents.variables()
            + "\nlock "
            + contents.categories()
            + contents.lock().map(LockFile::packages).map(Wanted::urls).orElse("");
  }

  private static String urls(List<LockedPackage> packages) {
    StringBuilder urls = new StringBuilder();
    for (LockedPackage one : packages) {
      urls.append(one.url()).append(' ').append(one.sha256().or(one::md5).orElse("")).append('\n');
    }
    return urls.toString();
  }

  private String keyOfSpecs() {
    return String.join(
        "\n",
        "channels " + channels,
        "platform " + platform,
        "specs " + texts(specs),
        "pins " + texts(pins),
        "virtual " + distNames(),
        solveOptions.toString());
  }

  private static List<String> texts(List<MatchSpec> specs) {
    List<String> texts = new ArrayList<>();
    for (MatchSpec spec : specs) {
      texts.add(spec.toString());
    }
    Collections.sort(texts);
    return texts;
  }

  private List<String> distNames() {
    List<String> names = new ArrayList<>();
    for (PackageRecord record : virtualPackages) {
      names.add(record.distName());
    }
    Collections.sort(names);
    return names;
  }
}

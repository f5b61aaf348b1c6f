package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.EnvironmentRequest;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the options that commands share, in groups that a command mixes in as it needs them. */
final class CommonOptions {
  private CommonOptions() {}

  /** Where everything lies, and how to answer. */
  static final class Global {
    @Option(
        names = "--root",
        paramLabel = "FOLDER",
        description = "Folder of cache and environments (default: JCONDA_ROOT, else ~/.jconda).")
    private @Nullable Path root;

    @Option(names = "--json", description = "Print one JSON document on standard output.")
    private boolean json;

    @Option(names = "--offline", description = "Use only what is on this machine.")
    private boolean offline;

    @Option(names = "--no-rc", description = "Read no .condarc file but those of --rc-file.")
    private boolean noFiles;

    @Option(names = "--no-env", description = "Leave CONDA_* and JCONDA_* variables aside.")
    private boolean noVariables;

    @Option(
        names = "--rc-file",
        paramLabel = "FILE",
        description = "Read this file as a .condarc. Repeatable, the strongest last.")
    private List<Path> files = new ArrayList<>();

    boolean json() {
      return json;
    }

    CondaClient client() {
      ProgressListener progress = json ? event -> {} : new BarProgress(System.err);
      CondaClient.Builder builder =
          CondaClient.builder()
              .readConfiguration(!noFiles)
              .configurationFiles(files.toArray(Path[]::new))
              .readEnvironment(!noVariables)
              .registerEnvironments(true)
              .onProgress(progress);
      if (offline) {
        builder.offline(true);
      }
      if (root != null) {
        builder.root(root);
      }
      return builder.build();
    }
  }

  /** Which environment. */
  static final class Target {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Name of the environment.")
    private @Nullable String name;

    @Option(
        names = {"-p", "--prefix"},
        paramLabel = "FOLDER",
        description = "Folder of the environment.")
    private @Nullable Path prefix;

    EnvironmentRequest request(CondaClient client) {
      if ((name == null) == (prefix == null)) {
        throw usage(spec, "Name the environment with one of -n NAME and -p FOLDER.");
      }
      return name != null
          ? client.env(name)
          : client.env(Optional.ofNullable(prefix).orElseThrow());
    }
  }

  /** Where packages come from. */
  static final class Source {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
        names = {"-c", "--channel"},
        paramLabel = "CHANNEL",
        description =
            "Channel: a name, a URL, a folder, or 'embedded:'. Repeatable, highest first.")
    private List<String> channels = new ArrayList<>();

    @Option(
        names = "--override-channels",
        description = "Use the channels of -c only, not the default one.")
    private boolean override;

    @Option(
        names = {"--platform", "--subdir"},
        paramLabel = "SUBDIR",
        description = "Platform, such as linux-64 (default: this machine's).")
    private @Nullable String platform;

    @Option(
        names = "--refresh-indexes",
        description = "Ask the channels for their indexes, however fresh the cached ones are.")
    private boolean refreshIndexes;

    EnvironmentRequest apply(EnvironmentRequest request, CondaClient client) {
      return apply(request, client, override);
    }

    /** Leaves the client's channels to the file, which says whether they come after its own. */
    EnvironmentRequest applyBeforeFile(EnvironmentRequest request, CondaClient client) {
      return apply(request, client, true);
    }

    private EnvironmentRequest apply(
        EnvironmentRequest request, CondaClient client, boolean alone) {
      if (override) {
        requireChannel(spec, channels);
      }
      List<Channel> all = channels(spec, channels, alone, client);
      try {
        EnvironmentRequest result =
            request.channel(all.toArray(Channel[]::new)).refreshIndexes(refreshIndexes);
        return platform == null ? result : result.platform(Platform.of(platform));
      } catch (IllegalArgumentException e) {
        throw usage(spec, String.valueOf(e.getMessage()));
      }
    }
  }

  /** How a change is made. */
  static final class Changing {
    @Mixin private Target target = new Target();

    @Option(
        names = {"-d", "--dry-run"},
        description = "Only show what would be done.")
    private boolean dryRun;

    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask.")
    private boolean yes;

    @Option(
        names = "--allow-link-scripts",
        description = "Let the packages' link scripts run, whatever they do.")
    private boolean allowScripts;

    @Option(
        names = "--allow-link-scripts-of",
        paramLabel = "NAME",
        split = ",",
        description = "Let those of the named packages run.")
    private List<String> allowScriptsOf = new ArrayList<>();

    EnvironmentRequest request(CondaClient client) {
      return target
          .request(client)
          .allowLinkScripts(allowScripts)
          .allowLinkScriptsOf(allowScriptsOf.toArray(String[]::new));
    }

    boolean dryRun() {
      return dryRun;
    }

    boolean yes() {
      return yes;
    }
  }

  /** Refuses that the client's channels are to be left aside where no other is named. */
  static void requireChannel(@Nullable CommandSpec spec, List<String> channels) {
    if (channels.isEmpty()) {
      throw usage(spec, "--override-channels needs at least one -c CHANNEL.");
    }
  }

  /** Returns the channels that are named and, unless they stand alone, the client's. */
  static List<Channel> channels(
      @Nullable CommandSpec spec, List<String> named, boolean alone, CondaClient client) {
    List<Channel> all = new ArrayList<>();
    try {
      named.forEach(text -> all.add(Channel.of(text)));
    } catch (IllegalArgumentException e) {
      throw usage(spec, String.valueOf(e.getMessage()));
    }
    if (!alone) {
      client.info().channels().stream().filter(c -> !all.contains(c)).forEach(all::add);
    }
    return all;
  }

  static ParameterException usage(@Nullable CommandSpec spec, String message) {
    CommandLine line = Optional.ofNullable(spec).orElseThrow().commandLine();
    return new ParameterException(line, message);
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.query.PackageQuery;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says where to look for packages; a mixin of the commands that look and change nothing. */
final class QueryOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--channel"},
      paramLabel = "CHANNEL",
      description = "Channel: a name, a URL, a folder, or 'embedded:'. Repeatable, highest first.")
  private List<String> channels = new ArrayList<>();

  @Option(
      names = "--override-channels",
      description = "Use the channels of -c only, not the default one.")
  private boolean override;

  @Option(
      names = {"--platform", "--subdir"},
      paramLabel = "SUBDIR",
      description = "Platform, such as linux-64 (default: this machine's). Repeatable.")
  private List<String> platforms = new ArrayList<>();

  /** Returns the channels of the command line and, unless they are all, the client's. */
  List<Channel> channels(CondaClient client) {
    if (override) {
      CommonOptions.requireChannel(spec, channels);
    }
    return CommonOptions.channels(spec, channels, override, client);
  }

  List<Platform> platforms() {
    try {
      return platforms.stream().map(Platform::of).toList();
    } catch (IllegalArgumentException e) {
      throw CommonOptions.usage(spec, String.valueOf(e.getMessage()));
    }
  }

  PackageQuery apply(CondaClient client) {
    return client
        .query()
        .channel(channels(client).toArray(Channel[]::new))
        .platform(platforms().toArray(Platform[]::new));
  }

  /** Where else to look: in an environment. */
  static final class Installed {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Look at what is installed in the environment of that name.")
    private @Nullable String name;

    @Option(
        names = {"-p", "--prefix"},
        paramLabel = "FOLDER",
        description = "Look at what is installed in the environment of that folder.")
    private @Nullable Path prefix;

    PackageQuery apply(PackageQuery query, CondaClient client) {
      if (name != null) {
        return query.installedIn(client.env(name).prefix());
      }
      return prefix != null ? query.installedIn(prefix) : query;
    }
  }
}

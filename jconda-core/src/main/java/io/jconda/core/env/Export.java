package io.jconda.core.env;

import io.jconda.InstalledDistribution;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.ExportDetail;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Says in a file what an environment has (conda: {@code env/env.py}, {@code from_environment}).
 *
 * @param name what the environment is called, if it has a name
 * @param installed conda's packages
 * @param distributions Python's, those of conda included
 * @param requested what was asked for and is still in force
 * @param asked the channels that are asked, highest priority first
 * @param variables the environment's own variables
 * @param channelNames makes of where a package came from what a user would write
 */
public record Export(
    Optional<String> name,
    PrefixRecords installed,
    List<InstalledDistribution> distributions,
    List<MatchSpec> requested,
    List<Channel> asked,
    Map<String, String> variables,
    UnaryOperator<Channel> channelNames) {
  /** Makes the file. */
  public EnvironmentFile file(ExportDetail detail) {
    EnvironmentFile.Builder file = EnvironmentFile.builder();
    name.ifPresent(file::name);
    file.channels(channels()).defaultChannels(false);
    if (detail == ExportDetail.REQUESTED) {
      file.dependencies(requested);
    } else {
      for (InstalledPackage own : installed.packages()) {
        file.dependencies(List.of(spec(own.record(), detail)));
      }
    }
    for (InstalledDistribution one : distributions) {
      if (!one.isOfConda()
          && (detail != ExportDetail.REQUESTED
              || Files.exists(one.location().resolve("REQUESTED")))) {
        file.pip(requirement(one, detail));
      }
    }
    variables.forEach(file::variable);
    return file.build();
  }

  private MatchSpec spec(PackageRecord record, ExportDetail detail) {
    for (MatchSpec named : requested) {
      if (named.url().isPresent() && named.name().equals(record.name())) {
        // it came from no channel: only its archive brings it again
        return named;
      }
    }
    String text = record.name() + "=" + record.version();
    return MatchSpec.parseLenient(
        detail == ExportDetail.BUILDS ? text + "=" + record.build() : text);
  }

  /** Writes a requirement as {@code pip freeze} does. */
  private static String requirement(InstalledDistribution one, ExportDetail detail) {
    if (one.editable().isPresent()) {
      return "-e " + one.editable().get();
    }
    return one.source()
        .map(source -> one.name() + " @ " + source)
        .orElseGet(
            () ->
                detail == ExportDetail.REQUESTED ? one.name() : one.name() + "==" + one.version());
  }

  /** Those that packages came from: in the order in which they are asked, then any others. */
  List<Channel> channels() {
    Set<Channel> used = new LinkedHashSet<>();
    for (InstalledPackage own : installed.packages()) {
      if (!own.record().channel().isEmpty()) {
        used.add(channelNames.apply(Channel.of(own.record().channel())));
      }
    }
    List<Channel> ordered = new ArrayList<>();
    for (Channel one : asked) {
      if (used.remove(one)) {
        ordered.add(one);
      }
    }
    ordered.addAll(used);
    return ordered;
  }
}

package io.jconda.core.client;

import io.jconda.InstalledDistribution;
import io.jconda.InvalidSpecException;
import io.jconda.core.pip.Distributions;
import io.jconda.core.pip.PipOrigins;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists what an environment has as conda does: its own packages, and those that pip has installed
 * beside them (conda: {@code core/prefix_data.py}).
 */
final class PipPackages {
  private static final Logger LOG = LoggerFactory.getLogger(PipPackages.class);

  private PipPackages() {}

  /**
   * Lists both by name. A package of conda's whose distribution pip has put its own in the place of
   * is not listed: pip's is.
   */
  static List<PackageRecord> withThem(PrefixRecords installed, Platform platform) {
    List<InstalledDistribution> distributions = Distributions.of(installed, platform);
    List<PackageRecord> all = new ArrayList<>();
    Set<String> ofPip = new HashSet<>();
    for (InstalledDistribution found : distributions) {
      if (!found.isOfConda()) {
        ofPip.add(PipOrigins.normalized(found.name()));
        all.add(record(found));
      }
    }
    for (InstalledPackage own : installed.packages()) {
      boolean replaced =
          Distributions.gone(own, installed.prefix()).stream()
              .anyMatch(name -> ofPip.contains(PipOrigins.normalized(name)));
      if (!replaced) {
        all.add(own.record());
      }
    }
    all.sort(Comparator.comparing(PackageRecord::name));
    return List.copyOf(all);
  }

  /**
   * Makes the record that conda would show: channel {@code pypi}, build {@code pypi_0}, or {@code
   * dev_0} and channel {@code <develop>} for a project that lies elsewhere.
   */
  private static PackageRecord record(InstalledDistribution found) {
    boolean elsewhere = found.editable().isPresent();
    PackageRecord.Builder builder =
        PackageRecord.builder(
                PipOrigins.normalized(found.name()), version(found), elsewhere ? "dev_0" : "pypi_0")
            .channel(elsewhere ? "<develop>" : "pypi")
            .subdir("pypi");
    found.source().ifPresent(builder::url);
    return builder.build();
  }

  /** Python lets old tools write anything for a version; what conda cannot read counts as 0. */
  private static Version version(InstalledDistribution found) {
    try {
      return Version.parse(found.version());
    } catch (InvalidSpecException e) {
      LOG.debug("{} has a version that conda has no word for: '{}'", found.location(), e);
      return Version.parse("0");
    }
  }
}

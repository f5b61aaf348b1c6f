package io.jconda.core.env;

import io.jconda.InstallException;
import io.jconda.InstalledDistribution;
import io.jconda.core.pip.PipOrigins;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.file.LockedPackage.Manager;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Names every package of an environment with its archive and hash. */
public final class Locking {
  private Locking() {}

  /**
   * Makes the lock file of an environment.
   *
   * @param export what the environment has
   * @param platform what it is for
   * @param known what is remembered of pip's archives
   * @param ask asks pip for those of which nothing is remembered
   * @throws InstallException if something has no archive that could be fetched again
   */
  public static LockFile of(
      Export export,
      Platform platform,
      PipOrigins known,
      Function<List<InstalledDistribution>, PipOrigins> ask) {
    List<PackageRecord> records =
        export.installed().packages().stream().map(InstalledPackage::record).toList();
    List<LockedPackage> packages = new ArrayList<>();
    for (PackageRecord record : TopologicalOrder.of(records)) {
      packages.add(locked(record, platform));
    }
    List<InstalledDistribution> ofPip = new ArrayList<>();
    List<InstalledDistribution> open = new ArrayList<>();
    for (InstalledDistribution one : export.distributions()) {
      if (!one.isOfConda()) {
        refuseUnfetchable(one);
        ofPip.add(one);
        if (known.get(one).isEmpty()) {
          open.add(one);
        }
      }
    }
    PipOrigins asked = open.isEmpty() ? known : ask.apply(open);
    for (InstalledDistribution one : ofPip) {
      packages.add(locked(one, platform, known.get(one).or(() -> asked.get(one))));
    }
    List<Channel> channels = export.channels();
    return LockFile.of(channels, packages);
  }

  private static LockedPackage locked(PackageRecord record, Platform platform) {
    if (record.url().isEmpty() || (record.sha256().isEmpty() && record.md5().isEmpty())) {
      throw new InstallException(
          "%s cannot be locked: where its archive is, or its hash, is not known."
              .formatted(record.distName()),
          "Install it again from a channel.");
    }
    LockedPackage.Builder one =
        LockedPackage.builder(
                Manager.CONDA, record.name(), record.version().toString(), platform, record.url())
            .build(record.build())
            .depends(record.depends());
    record.md5().ifPresent(one::md5);
    record.sha256().ifPresent(one::sha256);
    return one.build();
  }

  private static void refuseUnfetchable(InstalledDistribution one) {
    if (one.editable().isPresent() || one.source().filter(url -> url.contains("+")).isPresent()) {
      throw new InstallException(
          "%s cannot be locked: pip took it from %s, which is no archive with a hash."
              .formatted(one, one.editable().map(Object::toString).or(one::source).orElse("")),
          "Install a wheel of it, or export() the environment instead.");
    }
  }

  private static LockedPackage locked(
      InstalledDistribution one, Platform platform, Optional<PipOrigins.Origin> origin) {
    PipOrigins.Origin archive =
        origin.orElseThrow(
            () ->
                new InstallException(
                    "%s cannot be locked: pip names no archive of it with a hash.".formatted(one),
                    "Install it again with Environment.pip(), or export() the environment."));
    return LockedPackage.builder(
            Manager.PIP, PipOrigins.normalized(one.name()), one.version(), platform, archive.url())
        .sha256(archive.sha256())
        .build();
  }
}

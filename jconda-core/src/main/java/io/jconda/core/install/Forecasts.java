package io.jconda.core.install;

import io.jconda.Forecast;
import io.jconda.InstallException;
import io.jconda.LinkMode;
import io.jconda.Plan;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.LinkTarget;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.link.PythonSite;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what applying a plan would cost, from what the store knows of its packages. */
final class Forecasts {
  private final Plan plan;
  private final PackageCache cache;
  private final Launchers launchers;
  private final boolean links;

  /**
   * @param store a folder on the file system of the store
   */
  Forecasts(Plan plan, PackageCache cache, Launchers launchers, Path store) {
    this.plan = plan;
    this.cache = cache;
    this.launchers = launchers;
    this.links = links(plan, store);
  }

  /**
   * Tells whether files that may be shared with the store come by hard link, as far as that can be
   * known before the first one is tried: no link leads from one file system to another.
   *
   * @param store a folder on the file system of the store
   */
  static boolean links(Plan plan, Path store) {
    return plan.linkMode() == LinkMode.HARD && onOneFileSystem(store, plan.prefix());
  }

  private static boolean onOneFileSystem(Path one, Path other) {
    try {
      return Files.getFileStore(existing(one)).equals(Files.getFileStore(existing(other)));
    } catch (IOException e) {
      throw DiskFailure.explain("ask for the file system", other, e);
    }
  }

  /** Returns the folder itself, or the nearest one above it that is there. */
  static Path existing(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      Path parent = there.getParent();
      if (parent == null) {
        return there;
      }
      there = parent;
    }
    return there;
  }

  Forecast forecast(OperationContext context) {
    List<Forecast.OfPackage> packages = new ArrayList<>();
    for (PackageRecord record : plan.toLink()) {
      context.checkpoint();
      packages.add(
          cache.has(record)
              ? ofStored(cache.fetch(record, context))
              : new Forecast.OfPackage(
                  record.distName(), false, record.size().orElse(0), 0, List.of(), List.of()));
    }
    return Forecast.of(packages);
  }

  private Forecast.OfPackage ofStored(StoredPackage stored) {
    List<String> linked = new ArrayList<>();
    List<String> copied = new ArrayList<>();
    long bytes = 0;
    for (LayoutEntry entry : entries(stored)) {
      if (entry instanceof LayoutEntry.Made made) {
        copied.add(made.path());
        bytes += made.content().length;
      } else if (entry instanceof LayoutEntry.Stored one
          && one.file().kind() == StoredFile.Kind.FILE) {
        boolean byLink = links && cache.mayLink(one.file());
        (byLink ? linked : copied).add(one.path());
        bytes += byLink ? 0 : one.file().size();
      }
    }
    return new Forecast.OfPackage(stored.record().distName(), true, 0, bytes, linked, copied);
  }

  private List<LayoutEntry> entries(StoredPackage stored) {
    try {
      LinkTarget target =
          LinkTarget.of(plan.prefix(), plan.prefix(), plan.platform(), plan.linkMode());
      Optional<PythonSite> site =
          plan.solution().stream()
              .filter(record -> record.name().equals("python"))
              .findFirst()
              .map(record -> PythonSite.of(record, plan.platform()));
      return PackageLayout.of(stored, site.map(target::withPython).orElse(target), launchers, 0)
          .entries();
    } catch (InstallException e) {
      // applying the plan will say why it cannot be; what it would cost is told all the same
      List<LayoutEntry> entries = new ArrayList<>();
      stored.files().forEach(file -> entries.add(new LayoutEntry.Stored(file.path(), file)));
      return entries;
    }
  }
}

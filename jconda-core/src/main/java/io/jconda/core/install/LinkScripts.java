package io.jconda.core.install;

import io.jconda.AllowedScripts;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.InsidePrefix;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds the scripts that packages bring for their own linking (CEP-34), runs them if that is
 * allowed, and reports those that are not run.
 *
 * <p>{@code pre-link} is given a copy of its package, which is thrown away afterwards: conda gives
 * it the package in its cache, and what it changes there changes for every other environment.
 * {@code post-unlink} is never run: CEP-32 says so, and with conda its file is gone by then.
 */
final class LinkScripts {
  private final Path prefix;
  private final Platform platform;
  private final AllowedScripts allowed;
  private final PackageCache cache;
  private final Disk disk;
  private final OperationContext context;
  private final ScriptProcess processes;

  /**
   * @param rootPrefix JConda's own folder, which scripts are told
   */
  LinkScripts(Plan plan, PackageCache cache, Path rootPrefix, Disk disk, OperationContext context) {
    this.prefix = plan.prefix();
    this.platform = plan.platform();
    this.allowed = runHere(platform) ? plan.allowedScripts() : AllowedScripts.NONE;
    this.cache = cache;
    this.disk = disk;
    this.context = context;
    this.processes = new ScriptProcess(prefix, rootPrefix, platform, disk, context);
  }

  /** Tells whether scripts for a platform run on this machine. */
  private static boolean runHere(Platform platform) {
    Platform here = Platform.current();
    return platform.isWindows() == here.isWindows() && platform.isMac() == here.isMac();
  }

  // ---- what there is

  /**
   * Returns where a package's script for an action such as {@code post-link} lies, if it has one.
   */
  private String script(PackageRecord record, String action) {
    String name = "." + record.name() + "-" + action;
    return platform.isWindows() ? "Scripts/" + name + ".bat" : "bin/" + name + ".sh";
  }

  private Optional<String> find(StoredPackage stored, String action) {
    String wanted = script(stored.record(), action);
    for (StoredFile file : stored.files()) {
      if (file.path().equals(wanted)) {
        return Optional.of(wanted);
      }
    }
    return Optional.empty();
  }

  private Optional<String> find(InstalledPackage installed, String action) {
    String wanted = script(installed.record(), action);
    return installed.ownedPaths().contains(wanted) ? Optional.of(wanted) : Optional.empty();
  }

  /** Looks for no script of a package whose scripts do not run anyway, as most do not. */
  private boolean willRun(StoredPackage stored, String action) {
    return allowed.allows(stored.record().name()) && find(stored, action).isPresent();
  }

  /** Tells whether a script of any of these packages will run before they are linked. */
  boolean runBeforeLinking(Collection<StoredPackage> packages) {
    for (StoredPackage stored : packages) {
      if (willRun(stored, "pre-link")) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether a script of any of these packages will run after they are linked. */
  boolean runAfterLinking(Collection<PackageLayout> layouts) {
    for (PackageLayout layout : layouts) {
      if (willRun(layout.stored(), "post-link")) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether a script of any of these packages will run before they go. */
  boolean runBeforeUnlinking(Collection<InstalledPackage> going) {
    for (InstalledPackage installed : going) {
      if (allowed.allows(installed.record().name()) && find(installed, "pre-unlink").isPresent()) {
        return true;
      }
    }
    return false;
  }

  // ---- running

  /**
   * Runs what is to run before packages are linked, in their order; blocks.
   *
   * @param scratch a folder for copies of packages, which does not exist
   * @throws InstallException if a script fails
   */
  void beforeLinking(List<PackageLayout> layouts, Path scratch, InstallReport.Builder report) {
    for (PackageLayout layout : layouts) {
      StoredPackage stored = layout.stored();
      Optional<String> script = find(stored, "pre-link");
      if (script.isPresent() && mayRun(stored.record(), script.get(), report)) {
        copy(stored, scratch);
        run(stored.record(), scratch.resolve(script.get()), scratch, false, report);
        discard(scratch);
      }
    }
  }

  /**
   * Runs what is to run after packages were linked, in their order; blocks.
   *
   * @throws InstallException if a script fails
   */
  void afterLinking(List<PackageLayout> layouts, InstallReport.Builder report) {
    for (PackageLayout layout : layouts) {
      PackageRecord record = layout.stored().record();
      Optional<String> script = find(layout.stored(), "post-link");
      if (script.isPresent() && mayRun(record, script.get(), report)) {
        run(record, prefix.resolve(script.get()), prefix, true, report);
      }
    }
  }

  /**
   * Runs what is to run before packages go, in the order in which they go; blocks. A package whose
   * script fails goes all the same (conda: {@code link.run_script}).
   */
  void beforeUnlinking(List<InstalledPackage> going, InstallReport.Builder report) {
    for (InstalledPackage installed : going) {
      PackageRecord record = installed.record();
      Optional<String> script = find(installed, "pre-unlink");
      if (script.isPresent() && mayRun(record, script.get(), report)) {
        try {
          run(record, prefix.resolve(script.get()), prefix, false, report);
        } catch (InstallException e) {
          report.warning(e.problem());
        }
      }
      find(installed, "post-unlink").ifPresent(unused -> skip(record, unused, report));
    }
  }

  private boolean mayRun(PackageRecord record, String script, InstallReport.Builder report) {
    boolean may = allowed.allows(record.name());
    if (!may) {
      skip(record, script, report);
    }
    return may;
  }

  private static void skip(PackageRecord record, String script, InstallReport.Builder report) {
    report.skippedScript(record.name() + ": " + script);
  }

  private void run(
      PackageRecord record,
      Path script,
      Path source,
      boolean activated,
      InstallReport.Builder report) {
    processes
        .run(record, script, source, activated)
        .ifPresent(message -> report.warning(record.name() + " says: " + message));
  }

  // ---- copies

  /** Lays a package out as its archive has it. */
  private void copy(StoredPackage stored, Path folder) {
    try {
      disk.createDirectories(folder.resolve("info"));
      disk.write(folder.resolve("info/index.json"), stored.indexJson());
      // links come last, so that no file is written through one
      for (boolean links : new boolean[] {false, true}) {
        for (StoredFile file : stored.files()) {
          boolean isLink = file.kind() == StoredFile.Kind.SYMLINK;
          if (isLink == links && InsidePrefix.isInside(file.path())) {
            copy(stored, file, folder.resolve(file.path()));
          }
        }
      }
    } catch (IOException e) {
      throw DiskFailure.explain("copy a package for its link script", folder, e);
    }
  }

  private void copy(StoredPackage stored, StoredFile file, Path path) throws IOException {
    context.checkpoint();
    switch (file.kind()) {
      case DIRECTORY -> disk.createDirectories(path);
      case SYMLINK -> {
        disk.createDirectories(path.resolveSibling(""));
        disk.createSymbolicLink(path, Path.of(file.target().orElseThrow()));
      }
      case FILE -> {
        disk.createDirectories(path.resolveSibling(""));
        disk.copy(cache.usable(stored, file, context), path);
        disk.setExecutable(path, file.executable());
      }
    }
  }

  private void discard(Path folder) {
    try {
      disk.deleteTree(folder);
    } catch (IOException e) {
      throw DiskFailure.explain("delete a package's copy", folder, e);
    }
  }
}

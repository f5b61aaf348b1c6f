package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.cache.CacheSize;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.VerifyReport;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cache",
    mixinStandardHelpOptions = true,
    description = "Look after the package cache; 'clean' removes what nobody needs.",
    subcommands = {
      CacheCommand.Size.class,
      CacheCommand.Packages.class,
      CacheCommand.Verify.class,
      CacheCommand.Import.class
    })
final class CacheCommand implements Callable<Integer> {
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();

  @Override
  public Integer call() {
    return Size.print(global);
  }

  /** Returns a size as people read it. */
  static String readable(long bytes) {
    return bytes < 10_000
        ? bytes + " B"
        : String.format(Locale.ROOT, "%,.1f MB", bytes / 1_000_000.0);
  }

  @Command(
      name = "size",
      mixinStandardHelpOptions = true,
      description = "Tell how large the cache is, and what is shared.")
  static final class Size implements Callable<Integer> {
    @Mixin private CommonOptions.Global global = new CommonOptions.Global();

    @Override
    public Integer call() {
      return print(global);
    }

    static int print(CommonOptions.Global global) {
      try (CondaClient client = global.client()) {
        CacheSize size = client.cache().size();
        if (global.json()) {
          System.out.println(CacheJson.size(size));
          return 0;
        }
        System.out.printf("packages              %d%n", size.packages());
        System.out.printf("files, each once      %d, %s%n", size.files(), readable(size.bytes()));
        System.out.printf("  of several packages %s%n", readable(size.sharedBytes()));
        System.out.printf("  in environments     %s%n", readable(size.linkedBytes()));
        System.out.printf("extracted one by one  %s%n", readable(size.unpackedBytes()));
        System.out.printf("saved                 %s%n", readable(size.savedBytes()));
        System.out.printf(
            "kept archives         %d, %s%n", size.archives(), readable(size.archiveBytes()));
        System.out.printf("leftovers             %s%n", readable(size.leftoverBytes()));
        return 0;
      }
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the packages in the cache; a star marks those that an environment has.")
  static final class Packages implements Callable<Integer> {
    @Mixin private CommonOptions.Global global = new CommonOptions.Global();

    @Override
    public Integer call() {
      try (CondaClient client = global.client()) {
        List<CachedPackage> packages = client.cache().packages();
        if (global.json()) {
          System.out.println(CacheJson.packages(packages));
          return 0;
        }
        for (CachedPackage each : packages) {
          System.out.printf(
              "%s %-60s %12s %12s%n",
              each.used() ? "*" : " ",
              each.record().fileName(),
              readable(each.bytes()),
              readable(each.ownBytes()));
        }
        return 0;
      }
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Read every file again, and fetch again what is damaged.")
  static final class Verify implements Callable<Integer> {
    @Mixin private CommonOptions.Global global = new CommonOptions.Global();

    @Parameters(
        paramLabel = "SPEC",
        arity = "0..*",
        description = "Packages to verify (default: all).")
    private List<String> specs = new ArrayList<>();

    @Override
    public Integer call() {
      try (CondaClient client = global.client()) {
        VerifyReport report = client.cache().verify(specs.toArray(String[]::new));
        if (global.json()) {
          System.out.println(CacheJson.verified(report));
        } else {
          report
              .damages()
              .forEach(
                  damage ->
                      System.out.printf(
                          "%s %s %s: %s%n",
                          damage.repaired() ? "repaired" : "DAMAGED ",
                          damage.fileName(),
                          damage.path(),
                          damage.problem()));
          System.out.printf(
              "Verified %d packages, %d files, %s.%n",
              report.packages(), report.files(), readable(report.bytes()));
        }
        return report.isSound() ? 0 : 1;
      }
    }
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Take archives into the cache, so that installing them needs no network.")
  static final class Import implements Callable<Integer> {
    @Mixin private CommonOptions.Global global = new CommonOptions.Global();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Packages' archives.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
      try (CondaClient client = global.client()) {
        List<PackageRecord> records = new ArrayList<>();
        for (Path file : files) {
          PackageRecord record = client.cache().importArchive(file);
          records.add(record);
          if (!global.json()) {
            System.out.println("Imported " + record.distName() + ".");
          }
        }
        if (global.json()) {
          System.out.println(CacheJson.imported(records));
        }
        return 0;
      }
    }
  }
}

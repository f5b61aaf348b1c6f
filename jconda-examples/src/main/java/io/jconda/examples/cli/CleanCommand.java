package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description = "Remove from the package cache what nobody needs. What environments have stays.")
final class CleanCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();

  @Option(
      names = {"-a", "--all"},
      description = "The same as --packages --tarballs --tempfiles.")
  private boolean all;

  @Option(
      names = {"-p", "--packages"},
      description = "Remove packages that no environment has.")
  private boolean packages;

  @Option(
      names = {"-t", "--tarballs"},
      description = "Remove kept archives.")
  private boolean tarballs;

  @Option(names = "--tempfiles", description = "Remove what killed processes left.")
  private boolean tempfiles;

  @Option(
      names = "--unused-days",
      paramLabel = "DAYS",
      description = "Spare packages that were asked for in so many days.")
  private @Nullable Integer days;

  @Option(
      names = "--max-size",
      paramLabel = "MB",
      description = "Remove packages only until the cache fits into so many megabytes.")
  private @Nullable Long megabytes;

  @Option(
      names = {"-d", "--dry-run"},
      description = "Only show what would be removed.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Override
  public Integer call() {
    CleanOptions options = options();
    try (CondaClient client = global.client()) {
      CleanReport report = client.cache().clean(options.dryRun(true));
      if (!dryRun && !report.isEmpty()) {
        if (!global.json()) {
          print(report);
        }
        if (!global.json() && !yes && !Terminal.confirms()) {
          System.err.println("jconda: nothing was done.");
          return 1;
        }
        report = client.cache().clean(options);
      }
      if (global.json()) {
        System.out.println(CacheJson.cleaned(report));
      } else if (report.isEmpty()) {
        System.out.println("There is nothing to clean.");
      } else {
        print(report);
      }
      return report.problems().isEmpty() ? 0 : 1;
    }
  }

  private CleanOptions options() {
    boolean limits = days != null || megabytes != null;
    if (!(all || packages || tarballs || tempfiles || limits)) {
      throw CommonOptions.usage(
          spec, "Say what to clean: -a, -p, -t, --tempfiles, --unused-days or --max-size.");
    }
    try {
      CleanOptions options =
          CleanOptions.defaults().packages(all || packages || limits).archives(all || tarballs);
      options = days == null ? options : options.unusedFor(Duration.ofDays(days));
      return megabytes == null
          ? options
          : options.maxBytes(Math.multiplyExact(megabytes, 1_000_000L));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw CommonOptions.usage(spec, String.valueOf(e.getMessage()));
    }
  }

  private static void print(CleanReport report) {
    report.packages().forEach(record -> System.out.println("  " + record.fileName()));
    System.out.printf(
        "%s %d packages, %d files, %d archives and %d leftovers: %s, of which the disk gets %s back.%n",
        report.dryRun() ? "Would remove" : "Removed",
        report.packages().size(),
        report.files(),
        report.archives(),
        report.leftovers(),
        CacheCommand.readable(report.bytes()),
        CacheCommand.readable(report.freedBytes()));
    report.problems().forEach(problem -> System.out.println("jconda: " + problem));
  }
}

package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.build.MirrorRequest;
import io.jconda.build.MirrorRequest.Scope;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    description =
        "Copy what specs need from channels to a folder that is itself a channel; again to go on.")
final class MirrorCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private QueryOptions where = new QueryOptions();

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description =
          "solved (default): what a solve takes; closure: all that can come to be needed;"
              + " everything.")
  private Scope scope = Scope.SOLVED;

  @Option(
      names = "--exclude",
      paramLabel = "SPEC",
      description = "Leave out what fits. Repeatable.")
  private List<String> exclusions = new ArrayList<>();

  @Option(
      names = "--virtual-package",
      paramLabel = "NAME=VERSION",
      description = "What the machines have that will install, such as __glibc=2.34. Repeatable.")
  private List<String> virtualPackages = new ArrayList<>();

  @Option(names = "--prune", description = "Remove what is not asked for any more.")
  private boolean prune;

  @Option(
      names = {"-d", "--dry-run"},
      description = "Only show what would be done.")
  private boolean dryRun;

  @Parameters(paramLabel = "FOLDER", index = "0", description = "Where to copy to.")
  private @Nullable Path folder;

  @Parameters(paramLabel = "SPEC", index = "1..*", description = "What to copy.")
  private List<String> specs = new ArrayList<>();

  @Override
  public Integer call() {
    if (specs.isEmpty() && scope != Scope.EVERYTHING) {
      throw CommonOptions.usage(spec, "Name specs to copy, or choose --scope everything.");
    }
    try (CondaClient client = global.client()) {
      MirrorRequest request =
          client
              .mirror(Objects.requireNonNull(folder))
              .channel(where.channels(client).toArray(Channel[]::new))
              .platform(where.platforms().toArray(Platform[]::new))
              .exclude(exclusions.toArray(String[]::new))
              .scope(scope)
              .prune(prune);
      for (String text : virtualPackages) {
        request = stating(request, text);
      }
      String[] wanted = specs.toArray(String[]::new);
      if (dryRun) {
        MirrorPlan plan = request.plan(wanted);
        System.out.println(global.json() ? QueryJson.mirror(plan) : plan.toString());
      } else {
        MirrorReport report = request.copy(wanted);
        System.out.println(global.json() ? QueryJson.mirror(report) : report.toString());
      }
      return 0;
    }
  }

  private MirrorRequest stating(MirrorRequest request, String virtualPackage) {
    try {
      return request.virtualPackage(virtualPackage);
    } catch (IllegalArgumentException e) {
      throw CommonOptions.usage(spec, String.valueOf(e.getMessage()));
    }
  }
}

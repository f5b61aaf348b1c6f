package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.InstalledDistribution;
import io.jconda.Pip;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pip",
    mixinStandardHelpOptions = true,
    description = {
      "Use the pip of an environment; 'install' lets conda bring it where it is missing.",
      "What follows 'install' and 'uninstall' is pip's own: jconda pip -n demo install -r FILE."
    })
final class PipCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private CommonOptions.Global global = new CommonOptions.Global();
  @Mixin private CommonOptions.Target target = new CommonOptions.Target();

  @Parameters(
      paramLabel = "ACTION",
      index = "0",
      description = "One of install, uninstall, list, freeze and check.")
  private String action = "";

  @Parameters(paramLabel = "ARGUMENT", index = "1..*", description = "What pip is told.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    boolean changes = action.equals("install") || action.equals("uninstall");
    if (changes == arguments.isEmpty()) {
      throw CommonOptions.usage(
          spec, changes ? "Say what to %s.".formatted(action) : action + " takes no arguments.");
    }
    try (CondaClient client = global.client()) {
      Environment environment = target.request(client).open();
      Pip pip = environment.pip();
      String[] told = arguments.toArray(String[]::new);
      return switch (action) {
        case "install" -> changed(pip.install(told).isSuccess());
        case "uninstall" -> changed(pip.uninstall(told).isSuccess());
        case "list" -> list(pip.list());
        case "freeze" -> lines(pip.freeze(), 0);
        case "check" -> check(pip.check());
        default ->
            throw CommonOptions.usage(
                spec, "'%s' is none of install, uninstall, list, freeze, check.".formatted(action));
      };
    }
  }

  private int changed(boolean success) {
    if (global.json()) {
      System.out.println(PipJson.changed(success));
    }
    return success ? 0 : 1;
  }

  private int list(List<InstalledDistribution> found) {
    if (global.json()) {
      System.out.println(PipJson.list(found));
      return 0;
    }
    for (InstalledDistribution one : found) {
      String origin =
          one.editable().map(Object::toString).or(one::source).orElseGet(one::installer);
      System.out.printf("%-28s %-16s %s%n", one.name(), one.version(), origin);
    }
    return 0;
  }

  private int check(List<String> wrong) {
    return lines(wrong, wrong.isEmpty() ? 0 : 1);
  }

  private int lines(List<String> lines, int exitCode) {
    if (global.json()) {
      System.out.println(PipJson.lines(lines));
    } else {
      lines.forEach(System.out::println);
    }
    return exitCode;
  }
}

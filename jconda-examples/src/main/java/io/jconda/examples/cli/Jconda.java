package io.jconda.examples.cli;

import io.jconda.CondaException;
import java.io.PrintStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** Is a small conda on the command line, built on JConda's public API. */
@Command(
    name = "jconda",
    mixinStandardHelpOptions = true,
    version = "jconda 0.1.0-SNAPSHOT",
    description = "conda as a Java library, on the command line.",
    subcommands = {
      CreateCommand.class,
      InstallCommand.class,
      RemoveCommand.class,
      ListCommand.class,
      HistoryCommand.class,
      RollbackCommand.class,
      VerifyCommand.class,
      RepairCommand.class,
      RunCommand.class,
      PipCommand.class,
      ExportCommand.class,
      InfoCommand.class,
      ConfigCommand.class,
      IndexCommand.class,
      CacheCommand.class,
      CleanCommand.class,
      SearchCommand.class,
      DependsCommand.class,
      WhoNeedsCommand.class,
      RepoqueryCommand.class,
      MirrorCommand.class
    })
public final class Jconda {
  private Jconda() {}

  /**
   * Runs the command line and ends the JVM with its exit code: 0, 1 for a failure that it explains,
   * 2 for wrong usage.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the command line and returns its exit code. */
  static int run(String... arguments) {
    CommandLine line =
        new CommandLine(new Jconda())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Jconda::explain);
    // what follows the program that is to be run, or pip's action, is the program's own
    Objects.requireNonNull(line.getSubcommands().get("run")).setStopAtPositional(true);
    Objects.requireNonNull(line.getSubcommands().get("pip")).setStopAtPositional(true);
    return line.execute(arguments);
  }

  private static int explain(Exception failure, CommandLine line, @Nullable ParseResult parsed) {
    if (!(failure instanceof CondaException explained)) {
      failure.printStackTrace(System.err);
      return CommandLine.ExitCode.SOFTWARE;
    }
    boolean json = parsed != null && innermost(parsed).hasMatchedOption("--json");
    PrintStream out = json ? System.out : System.err;
    out.println(json ? CondaJson.failure(explained) : "jconda: " + explained.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static ParseResult innermost(ParseResult parsed) {
    ParseResult result = parsed;
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    return result;
  }
}

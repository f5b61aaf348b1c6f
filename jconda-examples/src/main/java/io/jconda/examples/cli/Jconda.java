package io.jconda.examples.cli;

import io.jconda.CondaException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** Is a small conda on the command line, built on JConda's public API. */
@Command(
    name = "jconda",
    mixinStandardHelpOptions = true,
    version = "jconda 0.1.0-SNAPSHOT",
    description = "conda as a Java library, on the command line.")
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
    CommandLine line = new CommandLine(new Jconda());
    commands(arguments.length == 0 ? "" : arguments[0]).forEach(line::addSubcommand);
    line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(Jconda::explain);
    // what follows the program that is to be run, or pip's action, is the program's own
    Stream.of("run", "pip")
        .map(line.getSubcommands()::get)
        .filter(Objects::nonNull)
        .forEach(command -> command.setStopAtPositional(true));
    return line.execute(arguments);
  }

  /**
   * Returns the commands that a line can mean that begins with a word. All would always do: to look
   * at the options of all takes a fresh JVM a sixth of a second, so what is run most comes alone.
   */
  private static List<Class<?>> commands(String word) {
    return switch (word) {
      case "create" -> List.of(CreateCommand.class);
      case "install" -> List.of(InstallCommand.class);
      case "remove", "uninstall" -> List.of(RemoveCommand.class);
      case "list" -> List.of(ListCommand.class);
      case "run" -> List.of(RunCommand.class);
      default ->
          List.of(
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
              MirrorCommand.class,
              ClassArchiveCommand.class);
    };
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

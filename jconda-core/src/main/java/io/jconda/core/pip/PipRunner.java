package io.jconda.core.pip;

import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.InstalledDistribution;
import io.jconda.InvalidSpecException;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.PipRequirements;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.process.CommandRunner;
import io.jconda.core.process.Interpreter;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.UrlSecrets;
import io.jconda.spec.Version;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the pip of environments, as a part of an operation. Thread-safe. */
public final class PipRunner {
  /** Arguments with which pip installs nothing here, or reports elsewhere. */
  private static final Set<String> OF_ANOTHER_KIND =
      Set.of("--dry-run", "--report", "--target", "-t", "--root", "--prefix");

  /** A line of a file of requirements that names another file. */
  private static final Pattern OTHER_FILE =
      Pattern.compile("(-r|--requirement|-c|--constraint)(?:\\s+|=|(?<=-[rc]))(.+)");

  /** The scheme of a URL, such as {@code https}, {@code file}, {@code git+file}. */
  private static final Pattern SCHEME = Pattern.compile("([\\w.-]+\\+)?([\\w.-]+)://");

  /** The first pip that writes reports. */
  private static final Version REPORTING = Version.parse("22.2");

  private static final Logger LOG = LoggerFactory.getLogger(PipRunner.class);

  private final PipCommand pip;
  private final Disk disk;

  /** Makes a runner of pips on a runner of commands. */
  public PipRunner(CommandRunner runner, Disk disk) {
    this.pip = new PipCommand(runner);
    this.disk = disk;
  }

  /**
   * Installs requirements. Blocks; pip's lines are events of phase {@code PIP}. Which archives pip
   * took is remembered in {@link PipOrigins}.
   *
   * @throws CommandFailedException if pip failed
   * @throws OfflineException if a requirement is a URL of the network, which may not be used
   * @throws CondaException if there is no Python or no pip; {@link #bringPip} brings one
   */
  public CommandResult install(
      PipTarget target, PipOptions options, List<String> requirements, OperationContext context) {
    if (requirements.isEmpty() && !options.bringsRequirements()) {
      throw new IllegalArgumentException("Name at least one requirement to install.");
    }
    if (options.offline()) {
      requireLocal(requirements);
    }
    PipCommand.require(target);
    try (PipScratch scratch = new PipScratch(target.prefix(), disk)) {
      return install(target, options, requirements, scratch, context);
    }
  }

  private CommandResult install(
      PipTarget target,
      PipOptions options,
      List<String> requirements,
      PipScratch scratch,
      OperationContext context) {
    List<String> arguments = new ArrayList<>(List.of("install"));
    if (options.noIndex() || options.offline()) {
      arguments.add("--no-index");
    }
    options
        .findLinks()
        .forEach(folder -> arguments.addAll(List.of("--find-links", folder.toString())));
    options
        .requirements()
        .forEach(file -> arguments.addAll(List.of("--requirement", file.toString())));
    options
        .constraints()
        .forEach(file -> arguments.addAll(List.of("--constraint", file.toString())));
    options
        .editable()
        .forEach(project -> arguments.addAll(List.of("--editable", project.toString())));
    arguments.addAll(options.arguments());
    arguments.addAll(requirements);
    if (!reports(target) || !Collections.disjoint(options.arguments(), OF_ANOTHER_KIND)) {
      return inPhase(target, options, arguments, context);
    }
    arguments.addAll(1, List.of("--report", scratch.report().toString()));
    CommandResult result = inPhase(target, options, arguments, context);
    remember(target, scratch.report());
    return result;
  }

  /**
   * Installs what a file or a request asks for, as {@link #install(PipTarget, PipOptions, List,
   * OperationContext)} does.
   */
  public CommandResult install(
      PipTarget target, PipOptions options, PipRequirements wanted, OperationContext context) {
    if (options.offline()) {
      requireLocal(wanted.lines());
    }
    PipCommand.require(target);
    try (PipScratch scratch = new PipScratch(target.prefix(), disk)) {
      Path folder = wanted.folder().orElseGet(() -> Path.of("").toAbsolutePath());
      List<String> lines = wanted.lines().stream().map(line -> rooted(line, folder)).toList();
      PipOptions all = options.withRequirements(scratch.requirements(lines)).inFolder(folder);
      if (!wanted.withDependencies()) {
        all = all.withArguments(List.of("--no-deps"));
      }
      return install(target, all, List.of(), scratch, context);
    }
  }

  /** A file of requirements names others relative to itself, and this one lies elsewhere. */
  private static String rooted(String line, Path folder) {
    Matcher file = OTHER_FILE.matcher(line);
    return file.matches() && !file.group(2).contains("://")
        ? file.group(1) + " " + folder.resolve(file.group(2).strip())
        : line;
  }

  /**
   * Asks pip which archives its indexes have for distributions of given versions, or what lies
   * where they came from; installs nothing. Blocks.
   *
   * @throws OfflineException if the network may not be used
   * @throws CommandFailedException if pip finds one of them no more, or is older than 22.2
   */
  public PipOrigins ask(
      PipTarget target,
      PipOptions options,
      List<InstalledDistribution> distributions,
      OperationContext context) {
    List<String> pinned =
        distributions.stream()
            .map(one -> one.source().map(url -> one.name() + " @ " + url).orElse(one.toString()))
            .toList();
    if (options.offline() && !pinned.stream().allMatch(one -> one.contains(" @ file:"))) {
      throw new OfflineException(
          "Where %s came from is not known, and pip may not ask its index: the client is offline."
              .formatted(String.join(", ", pinned)),
          "Allow the network, or install them again with Environment.pip().");
    }
    PipCommand.require(target);
    try (PipScratch scratch = new PipScratch(target.prefix(), disk)) {
      List<String> arguments = new ArrayList<>(List.of("install", "--dry-run", "--no-deps"));
      arguments.addAll(List.of("--ignore-installed", "--report", scratch.report().toString()));
      arguments.addAll(pinned);
      CommandResult unused = inPhase(target, options, arguments, context);
      try {
        return PipOrigins.ofReport(scratch.report());
      } catch (IOException e) {
        throw DiskFailure.explain("read the report of pip", scratch.report(), e);
      }
    }
  }

  private void remember(PipTarget target, Path report) {
    try {
      PipOrigins told = PipOrigins.ofReport(report);
      if (!told.isEmpty()) {
        PipOrigins.of(target.prefix()).and(told).write(target.prefix(), disk);
      }
    } catch (IOException e) {
      LOG.debug("What pip took is not remembered; a lock file will have to ask.", e);
    }
  }

  private static boolean reports(PipTarget target) {
    return SitePackages.of(target.prefix(), target.platform())
        .map(PipRunner::version)
        .filter(version -> version.compareTo(REPORTING) >= 0)
        .isPresent();
  }

  private static @Nullable Version version(Path sitePackages) {
    try (DirectoryStream<Path> infos =
        Files.newDirectoryStream(sitePackages, "pip-[0-9]*.dist-info")) {
      for (Path info : infos) {
        String name = info.getFileName().toString();
        return Version.parse(
            name.substring("pip-".length(), name.length() - ".dist-info".length()));
      }
    } catch (IOException | InvalidSpecException e) {
      LOG.debug("Which pip lies in {} is not known.", sitePackages, e);
    }
    return null;
  }

  /**
   * Uninstalls distributions. Blocks; pip's lines are events of phase {@code PIP}.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public CommandResult uninstall(
      PipTarget target, PipOptions options, List<String> names, OperationContext context) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("Name at least one distribution to uninstall.");
    }
    List<String> arguments = new ArrayList<>(List.of("uninstall", "--yes"));
    arguments.addAll(options.arguments());
    arguments.addAll(names);
    return inPhase(target, options, arguments, context);
  }

  /**
   * Returns the lines of {@code pip check}, none if it found nothing. Blocks.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public List<String> check(PipTarget target, PipOptions options, OperationContext context) {
    CommandResult result = pip.of(target, options, List.of("check"), context).run();
    if (result.isSuccess()) {
      return List.of();
    }
    List<String> lines = result.stdout().lines().filter(line -> !line.isBlank()).toList();
    // it ends with 1 both where it finds something and where it fails; a finding is no error output
    return lines.isEmpty() || result.exitCode() != 1
        ? result.orThrow().stdout().lines().toList()
        : lines;
  }

  /**
   * Returns the lines of {@code pip freeze}. Blocks.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if there is no Python or no pip
   */
  public List<String> freeze(PipTarget target, PipOptions options, OperationContext context) {
    List<String> arguments = new ArrayList<>(List.of("freeze"));
    arguments.addAll(options.arguments());
    return pip.of(target, options, arguments, context).run().orThrow().stdout().lines().toList();
  }

  private CommandResult inPhase(
      PipTarget target, PipOptions options, List<String> arguments, OperationContext context) {
    Command command = pip.of(target, options, arguments, context);
    Consumer<String> tell =
        line ->
            context.events().emit(n -> new ProgressEvent.OutputLine(n, UrlSecrets.masked(line)));
    context.events().emit(n -> new ProgressEvent.PhaseStarted(n, Phase.PIP, -1, -1));
    CommandResult result = command.onLine(tell).onErrorLine(tell).run().orThrow();
    Duration elapsed = result.duration();
    context.events().emit(n -> new ProgressEvent.PhaseFinished(n, Phase.PIP, elapsed));
    return result;
  }

  private static void requireLocal(List<String> requirements) {
    for (String requirement : requirements) {
      if (SCHEME.matcher(requirement).results().anyMatch(url -> !url.group(2).equals("file"))) {
        throw new OfflineException(
            "pip was not asked for %s: the client is offline."
                .formatted(UrlSecrets.masked(requirement)),
            "Name a file or a folder of this machine, or use a client that is online.");
      }
    }
  }

  /**
   * Lets conda install pip where it is missing; must not be called while the environment is kept
   * for the caller alone. Blocks.
   *
   * @throws CondaException if there is no Python, or conda cannot bring pip
   */
  public void bringPip(PipTarget target, OperationContext context) {
    Path python = Interpreter.require(target.prefix(), target.platform());
    if (PipCommand.isThere(target)) {
      return;
    }
    try {
      target.bringPip().accept(context);
    } catch (OperationCancelledException e) {
      throw e;
    } catch (CondaException e) {
      throw new CondaException(
          "The environment of %s has no pip, and conda could not bring it: %s"
              .formatted(python, e.problem()),
          e.remedy(),
          e);
    }
  }
}

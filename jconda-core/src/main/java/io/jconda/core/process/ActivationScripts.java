package io.jconda.core.process;

import io.jconda.OperationCancelledException;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.CommandResult;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds to an activation what the environment's {@code activate.d} scripts do.
 *
 * <p>They run once, in the shell that they are for, and what they change is remembered in {@code
 * conda-meta/.jconda/activation} under a key of the scripts, of the packages, and of the parent's
 * variables that the scripts mention: when none of that changes, no process is started. Scripts of
 * another platform than this machine's, those for which there is no shell, and those that fail are
 * skipped; the activation names them and the operation gets a warning. On Windows all are skipped.
 * Thread-safe.
 */
public final class ActivationScripts {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<Path> SHELLS =
      List.of(
          Path.of("/bin/bash"),
          Path.of("/usr/bin/bash"),
          Path.of("/usr/local/bin/bash"),
          Path.of("/bin/sh"));

  /**
   * Writes all variables before and after the scripts, each ended by NUL, an empty one between.
   * What the scripts print themselves goes to the standard error.
   */
  private static final String DIFFERENCE =
      """
      exec 3>&1 1>&2
      /usr/bin/env -0 >&3 || exit 90
      printf '\\000' >&3
      for jconda_script in "$@"; do . "$jconda_script"; done
      /usr/bin/env -0 >&3
      """;

  private final Disk disk;
  private final CommandRunner runner;

  /**
   * Makes it; nothing is run yet.
   *
   * @param disk where effects are remembered
   * @param runner what runs the shell
   */
  public ActivationScripts(Disk disk, CommandRunner runner) {
    this.disk = disk;
    this.runner = runner;
  }

  /**
   * Returns the activation with what the scripts do. Blocks when they have to run.
   *
   * @param prefix the environment's folder
   * @param activation what {@link Activator} computed for it and for the parent's variables
   * @param parent those variables
   * @param context whose cancellation ends the scripts, and whose events hear what was skipped
   * @throws io.jconda.StorageException if the scripts cannot be read
   */
  public Activation addTo(
      Path prefix, Activation activation, Map<String, String> parent, OperationContext context) {
    List<Path> scripts = scripts(prefix, activation.platform());
    if (scripts.isEmpty()) {
      return activation;
    }
    Optional<Path> shell = shell(activation.platform());
    if (shell.isEmpty()) {
      return skipped(activation, scripts, "there is no shell for them on this machine", context);
    }
    EffectStore store = new EffectStore(disk, prefix);
    String key = store.key(scripts, activation.applyTo(parent));
    Optional<ScriptEffect> known = store.find(key);
    if (known.isPresent()) {
      return known.get().addTo(activation);
    }
    CommandResult result = run(prefix, activation, parent, shell.get(), scripts, context);
    Optional<ScriptEffect> effect = ScriptEffect.parse(result.stdout());
    if (!result.isSuccess() || effect.isEmpty()) {
      String why =
          "they failed with exit code %d: %s".formatted(result.exitCode(), result.stderr().strip());
      return skipped(activation, scripts, why, context);
    }
    try {
      store.put(key, effect.get());
    } catch (IOException e) {
      context
          .events()
          .warn(
              "What the activation scripts of %s do could not be remembered (%s); they run each time."
                  .formatted(prefix, e));
    }
    return effect.get().addTo(activation);
  }

  private CommandResult run(
      Path prefix,
      Activation activation,
      Map<String, String> parent,
      Path shell,
      List<Path> scripts,
      OperationContext context) {
    List<String> line = new ArrayList<>(List.of(shell.toString(), "-c", DIFFERENCE, "activate"));
    scripts.forEach(script -> line.add(script.toString()));
    try {
      return runner
          .command(prefix, activation, parent, line, context)
          // a file that every shell would read first
          .withoutVariable("BASH_ENV")
          .withoutVariable("ENV")
          .timeout(LIMIT)
          .run();
    } catch (OperationCancelledException e) {
      context.checkpoint();
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return CommandResult.builder(line).exitCode(-1).stderr(e.problem()).build();
    }
  }

  private static Activation skipped(
      Activation activation, List<Path> scripts, String why, OperationContext context) {
    context
        .events()
        .warn(
            "The activation scripts %s had no effect: %s. Programs that need their variables may fail; set those on the command."
                .formatted(scripts.stream().map(s -> s.getFileName().toString()).toList(), why));
    Activation.Builder builder = activation.toBuilder();
    scripts.forEach(builder::skippedScript);
    return builder.build();
  }

  private static Optional<Path> shell(Platform target) {
    Platform host = Platform.current();
    boolean runsHere =
        target.isUnix()
            && (target == host
                || (target.isLinux() && host.isLinux())
                || (target.isMac() && host.isMac()));
    return runsHere ? SHELLS.stream().filter(Files::isExecutable).findFirst() : Optional.empty();
  }

  private static List<Path> scripts(Path prefix, Platform target) {
    return ScriptFiles.entering(prefix, target.isWindows() ? ".bat" : ".sh");
  }
}

package io.jconda.core.install;

import io.jconda.InstallException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.process.Activator;
import io.jconda.core.process.Guarded;
import io.jconda.core.process.ShellActivation;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Shell;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs link scripts as conda does (conda: {@code core/link.py}, {@code run_script}): by Bash
 * whatever their first line says, in their own folder, with the variables of CEP-34; those that run
 * after linking in the activated environment.
 */
final class ScriptProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptProcess.class);
  private static final int TAIL = 20;

  private final Path prefix;
  private final Path rootPrefix;
  private final Platform platform;
  private final Disk disk;
  private final OperationContext context;

  ScriptProcess(
      Path prefix, Path rootPrefix, Platform platform, Disk disk, OperationContext context) {
    this.prefix = prefix;
    this.rootPrefix = rootPrefix;
    this.platform = platform;
    this.disk = disk;
    this.context = context;
  }

  /**
   * Runs a script; blocks. What it says goes to the operation's listener, and so does the message
   * that it leaves for the user.
   *
   * @param source the folder that it is told the package lies in
   * @param activated whether the environment is active while it runs
   * @return the message, if it left one
   * @throws InstallException if it fails
   */
  Optional<String> run(PackageRecord record, Path script, Path source, boolean activated) {
    try {
      Process process = start(record, script, source, activated);
      CancellationToken.Registration stop = context.token().onCancel(() -> end(process));
      try {
        Deque<String> tail = passOn(process);
        int exit = process.waitFor();
        context.checkpoint();
        Optional<String> message = takeMessage();
        if (exit != 0) {
          message.ifPresent(tail::addLast);
          throw new InstallException(
              "The link script %s of the package %s ended with exit code %d%s"
                  .formatted(
                      script,
                      record.name(),
                      exit,
                      tail.isEmpty() ? "." : ": " + String.join("\n", tail)),
              "Install without link scripts, or choose another build of the package.");
        }
        return message;
      } finally {
        stop.close();
        end(process);
      }
    } catch (IOException e) {
      throw DiskFailure.explain("run a link script of " + record.name(), script, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.token().cancel("its thread was interrupted");
      context.checkpoint();
      throw new IllegalStateException("A cancelled operation goes no further.", e);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private Process start(PackageRecord record, Path script, Path source, boolean activated)
      throws IOException {
    Path folder = script.resolveSibling("").toAbsolutePath();
    ProcessBuilder builder = new ProcessBuilder().directory(folder.toFile());
    Map<String, String> variables = builder.environment();
    if (activated && platform.isWindows()) {
      Map<String, String> active =
          Activator.activate(prefix, environmentName(), platform, variables).applyTo(variables);
      variables.clear();
      variables.putAll(active);
    }
    variables.put("PREFIX", prefix.toString());
    variables.put("SOURCE_DIR", source.toString());
    variables.put("ROOT_PREFIX", rootPrefix.toString());
    variables.put("PKG_NAME", record.name());
    variables.put("PKG_VERSION", record.version().toString());
    variables.put("PKG_BUILDNUM", String.valueOf(record.buildNumber()));
    variables.merge("PATH", folder.toString(), (others, own) -> own + File.pathSeparator + others);
    Guarded.prepare(variables);
    builder.redirectErrorStream(true).command(command(script, activated, variables));
    Process process = started(builder);
    process.getOutputStream().close();
    return process;
  }

  private List<String> command(Path script, boolean activated, Map<String, String> variables) {
    if (platform.isWindows()) {
      return List.of("cmd.exe", "/d", "/c", script.toString());
    }
    if (!activated) {
      return List.of("bash", script.toString());
    }
    String enter =
        ShellActivation.activate(
            prefix, environmentName(), platform, Shell.BASH, Map.copyOf(variables), false);
    return List.of("bash", "-c", enter + ". \"$0\"\n", script.toString());
  }

  /** Scripts are written for Bash, as a rule; where there is none, what there is must do. */
  private static Process started(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      List<String> command = new ArrayList<>(builder.command());
      if (!command.get(0).equals("bash")) {
        throw e;
      }
      LOG.debug("There is no Bash for link scripts", e);
      command.set(0, "/bin/sh");
      return builder.command(command).start();
    }
  }

  /** Is conda's own rule: named is what lies in a folder called "envs" (conda: base/context.py). */
  private String environmentName() {
    Path folder = prefix.getParent();
    return folder != null && folder.endsWith("envs")
        ? String.valueOf(prefix.getFileName())
        : prefix.toString();
  }

  private Deque<String> passOn(Process process) throws IOException {
    Deque<String> tail = new ArrayDeque<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String said = line;
        context.events().emit(number -> new ProgressEvent.OutputLine(number, said));
        tail.addLast(said);
        if (tail.size() > TAIL) {
          tail.removeFirst();
        }
      }
    }
    return tail;
  }

  /** Shows the message once: the next script starts with none. */
  private Optional<String> takeMessage() throws IOException {
    Path file = prefix.resolve(".messages.txt");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String message = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    disk.deleteIfExists(file);
    message
        .lines()
        .forEach(
            line -> context.events().emit(number -> new ProgressEvent.OutputLine(number, line)));
    return message.isEmpty() ? Optional.empty() : Optional.of(message);
  }
}

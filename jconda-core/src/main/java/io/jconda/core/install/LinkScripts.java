package io.jconda.core.install;

import io.jconda.InstallException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
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
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds and runs the scripts that packages bring for their own linking (CEP-32).
 *
 * <p>{@code post-link} and {@code pre-unlink} are run, if that is allowed at all. {@code pre-link}
 * is not: it wants a folder with the extracted package, which a store of single files has not, to
 * change it before it is linked, which would change it for every other environment; and {@code
 * post-unlink} neither, as CEP-32 says: its file is gone by then.
 */
final class LinkScripts {
  private static final int TAIL = 20;

  private final Path prefix;
  private final Path rootPrefix;
  private final Platform platform;
  private final Disk disk;

  LinkScripts(Path prefix, Path rootPrefix, Platform platform, Disk disk) {
    this.prefix = prefix;
    this.rootPrefix = rootPrefix;
    this.platform = platform;
    this.disk = disk;
  }

  /** Returns which of a package's paths is its script for an action such as {@code post-link}. */
  Optional<String> find(PackageRecord record, Collection<String> paths, String action) {
    String wanted =
        platform.isWindows()
            ? "Scripts/.%s-%s.bat".formatted(record.name(), action)
            : "bin/.%s-%s.sh".formatted(record.name(), action);
    return paths.stream().filter(wanted::equals).findFirst();
  }

  /**
   * Runs a script; blocks. What it says goes to the operation's listener.
   *
   * @return the message that it left for the user, if it left one
   * @throws InstallException if it fails
   */
  Optional<String> run(PackageRecord record, String script, OperationContext context) {
    Path path = prefix.resolve(script);
    try {
      Process process = start(record, path);
      CancellationToken.Registration stop = context.token().onCancel(process::destroyForcibly);
      try {
        Deque<String> tail = passOn(process, context);
        int exit = process.waitFor();
        context.checkpoint();
        if (exit != 0) {
          throw new InstallException(
              "The link script %s of the package %s ended with exit code %d%s"
                  .formatted(
                      path,
                      record.name(),
                      exit,
                      tail.isEmpty() ? "." : ": " + String.join("\n", tail)),
              "Install without link scripts, or choose another build of the package.");
        }
      } finally {
        stop.close();
        process.destroyForcibly();
      }
      return takeMessage();
    } catch (IOException e) {
      throw DiskFailure.explain("run a link script of " + record.name(), path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.token().cancel("its thread was interrupted");
      context.checkpoint();
      throw new IllegalStateException("A cancelled operation goes no further.", e);
    }
  }

  private Process start(PackageRecord record, Path path) throws IOException {
    ProcessBuilder builder =
        platform.isWindows()
            ? new ProcessBuilder("cmd.exe", "/d", "/c", path.toString())
            : new ProcessBuilder("/bin/sh", path.toString());
    Map<String, String> variables = builder.environment();
    variables.put("PREFIX", prefix.toString());
    variables.put("ROOT_PREFIX", rootPrefix.toString());
    variables.put("PKG_NAME", record.name());
    variables.put("PKG_VERSION", record.version().toString());
    variables.put("PKG_BUILDNUM", String.valueOf(record.buildNumber()));
    String programs = prefix.resolve(platform.isWindows() ? "Scripts" : "bin").toString();
    variables.merge("PATH", programs, (old, own) -> own + File.pathSeparator + old);
    Process process = builder.directory(prefix.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  private static Deque<String> passOn(Process process, OperationContext context)
      throws IOException {
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
    return message.isEmpty() ? Optional.empty() : Optional.of(message);
  }

  /** Tells whether scripts for a platform run on this machine. */
  static boolean runHere(Platform platform) {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    return platform.isWindows() == windows;
  }
}

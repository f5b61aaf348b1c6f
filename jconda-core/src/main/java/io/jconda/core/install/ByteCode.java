package io.jconda.core.install;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.PythonSite;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles the modules of noarch packages with the prefix's own Python, in few processes for all of
 * them. A module that does not compile is left alone: it may be meant for another Python.
 */
final class ByteCode {
  private static final Logger LOG = LoggerFactory.getLogger(ByteCode.class);

  /** Below this many modules another process costs more than it brings. */
  private static final int WORTH_A_PROCESS = 60;

  /**
   * Runs on every Python from 2.7. It says a line for each module, and so ends soon after nobody
   * listens any more, be it that this JVM was killed. What stands in byte code is the path where
   * the module will lie in the end.
   */
  private static final String PROGRAM =
      """
      import os, py_compile, sys
      lines, root, prefix = sys.argv[1:4]
      with open(lines, 'rb') as f:
          jobs = f.read().split(b'\\n')
      decode = getattr(os, 'fsdecode', lambda b: b)
      for job in jobs:
          if not job:
              continue
          number, source, target = decode(job).split('\\t')
          try:
              py_compile.compile(os.path.join(root, source), cfile=os.path.join(root, target),
                                 dfile=os.path.join(prefix, source), doraise=True)
              answer = number
          except Exception:
              answer = ''
          sys.stdout.write(answer + '\\n')
          sys.stdout.flush()
      """;

  private final Path root;
  private final Path prefix;
  private final PythonSite site;
  private final Disk disk;

  /**
   * @param root where the files lie now
   * @param prefix where they will lie in the end
   */
  ByteCode(Path root, Path prefix, PythonSite site, Disk disk) {
    this.root = root;
    this.prefix = prefix;
    this.site = site;
    this.disk = disk;
  }

  /**
   * Compiles modules; blocks.
   *
   * @param sources the modules, relative to the prefix
   * @param scratch an existing folder for the lists of modules
   * @param context stops it
   * @return the byte code that was made, by module, relative to the prefix
   * @throws IOException if the disk refuses a list, or Python does not start or run
   */
  Map<String, PrefixPath> compile(List<String> sources, Path scratch, OperationContext context)
      throws IOException {
    List<String> named = sources.stream().filter(ByteCode::fitsOneLine).toList();
    int processes =
        Math.max(
            1,
            Math.min(Runtime.getRuntime().availableProcessors(), named.size() / WORTH_A_PROCESS));
    List<Process> running = new CopyOnWriteArrayList<>();
    List<Path> lists = new ArrayList<>();
    CancellationToken.Registration stop = context.token().onCancel(() -> end(List.copyOf(running)));
    try {
      for (int part = 0; part < processes; part++) {
        Path list = scratch.resolve("modules-" + part);
        lists.add(list);
        disk.write(list, lines(named, part, processes));
        context.checkpoint();
        running.add(start(list));
      }
      Map<String, PrefixPath> compiled = new LinkedHashMap<>();
      for (Process process : running) {
        collect(process, named, compiled, context);
      }
      return compiled;
    } finally {
      stop.close();
      end(running);
      for (Path list : lists) {
        disk.deleteIfExists(list);
      }
    }
  }

  private static boolean fitsOneLine(String path) {
    return path.indexOf('\n') < 0 && path.indexOf('\t') < 0;
  }

  private String lines(List<String> sources, int part, int parts) {
    StringBuilder lines = new StringBuilder();
    for (int i = part; i < sources.size(); i += parts) {
      String source = sources.get(i);
      lines.append(i).append('\t').append(source).append('\t');
      lines.append(site.byteCodeOf(source)).append('\n');
    }
    return lines.toString();
  }

  private Process start(Path list) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                root.resolve(site.executable()).toString(),
                "-E",
                "-s",
                "-S",
                "-B",
                "-Wignore",
                "-c",
                PROGRAM,
                list.toString(),
                root.toString(),
                prefix.toString())
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** One after the other: what a process says meanwhile fits its pipe, or it waits. */
  private void collect(
      Process process,
      List<String> sources,
      Map<String, PrefixPath> compiled,
      OperationContext context)
      throws IOException {
    try (BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        context.checkpoint();
        if (!line.isBlank()) {
          String source = sources.get(Integer.parseInt(line.strip()));
          String made = site.byteCodeOf(source);
          Optional<PrefixPath> described = describe(made);
          if (described.isPresent()) {
            compiled.put(source, described.get());
          }
        }
      }
      int exit = process.waitFor();
      context.checkpoint();
      if (exit != 0) {
        throw new IOException("Python ended with exit code " + exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.token().cancel("its thread was interrupted");
      context.checkpoint();
    }
  }

  /** Python says that it compiled a module, and not where its byte code is. */
  private Optional<PrefixPath> describe(String made) throws IOException {
    try {
      long size = Files.size(root.resolve(made));
      return Optional.of(PrefixPath.builder(made, PathType.PYC_FILE).size(size).build());
    } catch (NoSuchFileException e) {
      LOG.debug("Python has put byte code elsewhere than at {}", made, e);
      return Optional.empty();
    }
  }

  private static void end(List<Process> processes) {
    for (Process process : processes) {
      process.destroyForcibly();
    }
    for (Process process : processes) {
      process.onExit().join();
    }
  }

  /** Explains why modules stay without byte code, which costs time at every start and no more. */
  static String warning(Path prefix, IOException cause) {
    LOG.debug("No byte code in {}", prefix, cause);
    return ("The Python modules of %s were not compiled to byte code: %s. They work nevertheless,"
            + " and start more slowly.")
        .formatted(prefix, DiskFailure.explain("compile Python modules", prefix, cause).problem());
  }
}

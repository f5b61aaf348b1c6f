package io.jconda.core.bench;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts main classes in JVMs of their own, from jars, as users' programs are: folders of classes
 * are packed first. What tests alone need can be left off the class path, as each jar on it costs
 * time at the start.
 */
final class FreshJvm {
  private static final String SOURCE = "source: file:";

  private final Path folder;
  private final List<Path> jars;

  private FreshJvm(Path folder, List<Path> jars) {
    this.folder = folder;
    this.jars = jars;
  }

  /** Is how a JVM ended, what it took from start to end, and what it wrote to its output. */
  record Run(int exit, double millis, String output) {
    /** Returns a number that the JVM printed as {@code name=number}. */
    double number(String name) {
      return output
          .lines()
          .filter(line -> line.startsWith(name + "="))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  /** Packs the class path of this JVM into a folder, where it need be. */
  static FreshJvm of(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + jars.size() + ".jar");
        pack(path, jar);
        jars.add(jar);
      } else if (Files.exists(path)) {
        jars.add(path);
      }
    }
    return new FreshJvm(folder, jars);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Iterator<Path> all = files.filter(Files::isRegularFile).iterator(); all.hasNext(); ) {
        Path file = all.next();
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
  }

  /** Returns the same with those jars alone that a run takes classes from. */
  FreshJvm trimmed(Class<?> main, String... arguments) throws IOException, InterruptedException {
    Path log = folder.resolve("classes.log");
    Run run = run("-Xshare:off -Xlog:class+load:file=" + log, main, arguments);
    if (run.exit() != 0) {
      throw new IllegalStateException("The first run failed.");
    }
    Set<Path> used = new LinkedHashSet<>();
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      lines
          .filter(line -> line.contains(SOURCE))
          .map(line -> line.substring(line.indexOf(SOURCE) + SOURCE.length()).strip())
          .distinct()
          .forEach(path -> used.add(Path.of(path)));
    }
    return new FreshJvm(folder, jars.stream().filter(used::contains).toList());
  }

  /**
   * Runs a main class to its end.
   *
   * @param options the JVM's, separated by blanks
   */
  Run run(String options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = line(options, main, arguments);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return new Run(exit, (System.nanoTime() - start) / 1e6, output);
  }

  /** Starts a main class, whose input and output are the caller's to use. */
  Process start(Class<?> main, String... arguments) throws IOException {
    return new ProcessBuilder(line("", main, arguments))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private List<String> line(String options, Class<?> main, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!options.isBlank()) {
      line.addAll(List.of(options.strip().split(" ")));
    }
    line.add("-cp");
    line.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    line.add(main.getName());
    line.addAll(List.of(arguments));
    return line;
  }
}

package io.jconda.core.bench;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts main classes in JVMs of their own as users' programs are started: from jars, for which
 * folders of classes are packed first, and without those that tests alone need, as each jar costs
 * time at the start. The build names the jars of an application in {@code -Dbench.runtime}; without
 * it all are taken.
 */
final class FreshJvm {
  private final List<Path> jars;

  private FreshJvm(List<Path> jars) {
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

  /** Packs the folders of this JVM's class path into a folder. */
  static FreshJvm of(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> jars = new ArrayList<>();
    for (Path path : entries(System.getProperty("java.class.path"))) {
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + jars.size() + ".jar");
        pack(path, jar);
        jars.add(jar);
      }
    }
    String told = System.getProperty("bench.runtime", System.getProperty("java.class.path"));
    entries(told).stream().filter(Files::isRegularFile).forEach(jars::add);
    return new FreshJvm(jars);
  }

  private static List<Path> entries(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
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

  /** Runs a main class that must succeed, and returns how many milliseconds it took. */
  double time(String options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Run run = run(options, main, arguments);
    if (run.exit() != 0) {
      throw new IllegalStateException(main.getName() + " ended with exit code " + run.exit());
    }
    return run.millis();
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

package io.jconda.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs what Maven packed, as a user does: in a JVM of its own, with a root and a home of its own.
 */
final class Jar {
  static final Path FILE = Path.of("target", "jconda.jar").toAbsolutePath();

  /** Starts the jar; beside it. */
  static final Path LAUNCHER = FILE.resolveSibling("jconda");

  private Jar() {}

  /** How a program ended. */
  record Outcome(int exitCode, String out, String err) {}

  /** Runs the command line by its launcher. */
  static Outcome jconda(Path root, String... arguments) throws IOException, InterruptedException {
    return launch(LAUNCHER, root, Map.of(), arguments);
  }

  /** Runs a launcher. */
  static Outcome launch(
      Path launcher, Path root, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(launcher.toString()));
    line.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>();
    all.put("JAVA_HOME", System.getProperty("java.home"));
    all.put("JCONDA_JAVA_OPTIONS", home(root));
    all.putAll(variables);
    return run(root, "", line, all);
  }

  /** Returns the option that gives a JVM a home beside a root. */
  static String home(Path root) {
    return "-Duser.home=" + root.resolveSibling("home");
  }

  /** Runs another program of the jar. */
  static Outcome program(Path root, String type, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(java("java"), "-cp", FILE.toString(), type));
    line.addAll(List.of(arguments));
    return run(root, "", line);
  }

  static String java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  /** Runs a tool of the JDK. */
  static Outcome run(Path root, String input, List<String> line)
      throws IOException, InterruptedException {
    List<String> withHome = new ArrayList<>(line);
    withHome.add(1, (line.get(0).endsWith("jshell") ? "-R" : "") + home(root));
    return run(root, input, withHome, Map.of());
  }

  private static Outcome run(
      Path root, String input, List<String> line, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(root.resolveSibling("streams"));
    Path in = Files.writeString(Files.createTempFile(folder, "in", ""), input);
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JCONDA_ROOT", root.toString());
    environment.putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("Not done after five minutes: " + line);
    }
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}

package io.jconda.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs what Maven packed, as a user does: in a JVM of its own, with a root of its own. */
final class Jar {
  static final Path FILE = Path.of("target", "jconda.jar").toAbsolutePath();

  private Jar() {}

  /** How a program ended. */
  record Outcome(int exitCode, String out, String err) {}

  /** Runs the command line. */
  static Outcome jconda(Path root, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(java("java"), "-jar", FILE.toString()));
    line.addAll(List.of(arguments));
    return run(root, "", line);
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

  static Outcome run(Path root, String input, List<String> line)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(root.resolveSibling("streams"));
    Path in = Files.writeString(Files.createTempFile(folder, "in", ""), input);
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    List<String> withHome = new ArrayList<>(line);
    withHome.add(
        1,
        (line.get(0).endsWith("jshell") ? "-R" : "")
            + "-Duser.home="
            + root.resolveSibling("home"));
    ProcessBuilder builder =
        new ProcessBuilder(withHome)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JCONDA_ROOT", root.toString());
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

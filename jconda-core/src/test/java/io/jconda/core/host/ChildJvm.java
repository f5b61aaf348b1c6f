package io.jconda.core.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Is a second JVM with the test's class path: one can read its lines, end its input, or kill it.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the main method of a class; what it prints as an error goes to the test's own. */
  public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** Starts the main method of a class in a JVM with options of its own. */
  public static ChildJvm start(List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    return new ChildJvm(builder(options, main, arguments).start());
  }

  /**
   * Starts the main method of a class with options of the JVM, and with variables of its own in the
   * place of conda's and JConda's.
   */
  public static ChildJvm start(
      List<String> options, Map<String, String> variables, Class<?> main, Object... arguments)
      throws IOException {
    ProcessBuilder builder = builder(options, main, arguments);
    builder.environment().keySet().removeIf(name -> name.matches("J?CONDA.*|XDG_CONFIG_HOME"));
    builder.environment().putAll(variables);
    return new ChildJvm(builder.start());
  }

  private static ProcessBuilder builder(List<String> options, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // its life is short
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Returns the next line that it prints, or {@code "(end)"}. */
  public String line() throws IOException {
    String line = lines.readLine();
    return line == null ? "(end)" : line;
  }

  public long pid() {
    return process.pid();
  }

  /** Ends its standard input, and waits for its end. */
  public int finish() throws IOException, InterruptedException {
    endInput();
    return exitCode();
  }

  /** Ends its standard input. */
  public void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for its end for a while; returns whether it came. */
  public boolean endsWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits for its end. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The child JVM does not end.");
    }
    return process.exitValue();
  }

  /** Ends it as SIGKILL does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package io.jconda.core.host;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a small program of the system, and does not wait long for its answer. */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int LONGEST_ANSWER = 8 << 20;

  /** Hides cards from NVIDIA's programs, and the question is what the machine has. */
  private static final String VISIBLE_DEVICES = "CUDA_VISIBLE_DEVICES";

  private Probe() {}

  /**
   * What came of asking.
   *
   * @param started whether there is such a program
   * @param status its exit status; -1 if it did not end in time
   * @param output what it printed, in UTF-8
   */
  record Answer(boolean started, int status, String output) {
    boolean ended() {
      return started && status >= 0;
    }
  }

  /**
   * Returns what a program prints; nothing if it is not there, fails or takes too long.
   *
   * @param environment variables that it gets besides those of this process
   */
  static Optional<String> run(Map<String, String> environment, List<String> command) {
    Answer answer = ask(environment, command);
    return answer.status() == 0 ? Optional.of(answer.output()) : Optional.empty();
  }

  /** Runs a program, for two seconds at most. */
  static Answer ask(List<String> command) {
    return ask(Map.of(), command);
  }

  private static Answer ask(Map<String, String> environment, List<String> command) {
    if (isSurelyMissing(command.get(0))) {
      return new Answer(false, -1, "");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.PIPE);
    builder.environment().putAll(environment);
    builder.environment().remove(VISIBLE_DEVICES);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      LOG.debug("There is no {} here", command.get(0), e);
      return new Answer(false, -1, "");
    }
    try {
      process.getOutputStream().close();
      return await(process);
    } catch (IOException e) {
      LOG.debug("{} cannot be read", command.get(0), e);
      return new Answer(true, -1, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(true, -1, "");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Looks for a program before a start is tried: that costs a process, also where it fails. */
  private static boolean isSurelyMissing(String program) {
    if (File.separatorChar != '/') {
      return false;
    }
    if (program.indexOf('/') >= 0) {
      return !Files.exists(Path.of(program));
    }
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String folder : path.split(":", -1)) {
      if (Files.exists(Path.of(folder, program))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads what is there while the program runs, as it would wait for ever with a full pipe; and
   * never waits for the pipe's end, as a child of the program may keep it open for ever.
   */
  private static Answer await(Process process) throws IOException, InterruptedException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    InputStream out = process.getInputStream();
    long start = System.nanoTime();
    boolean ended = false;
    while (!ended
        && System.nanoTime() - start < LIMIT.toNanos()
        && answer.size() < LONGEST_ANSWER) {
      ended = process.waitFor(2, TimeUnit.MILLISECONDS);
      answer.write(out.readNBytes(out.available()));
    }
    return new Answer(
        true, ended ? process.exitValue() : -1, answer.toString(StandardCharsets.UTF_8));
  }
}

package io.jconda.core.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

  private Probe() {}

  /**
   * Returns what a program prints; nothing if it is not there, fails or takes too long.
   *
   * @param environment variables that it gets besides those of this process
   */
  static Optional<String> run(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.PIPE);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      LOG.debug("There is no {} here", command.get(0), e);
      return Optional.empty();
    }
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(output(process)) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} cannot be read", command.get(0), e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Reads what the pipe holds, which is all: a child of the program may keep it open for ever. */
  private static String output(Process process) throws IOException {
    InputStream out = process.getInputStream();
    return new String(out.readNBytes(out.available()), StandardCharsets.UTF_8);
  }
}

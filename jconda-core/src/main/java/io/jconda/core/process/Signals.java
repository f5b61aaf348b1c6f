package io.jconda.core.process;

import io.jconda.CondaException;
import io.jconda.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Sends signals that Java itself cannot send, by the shell that every Unix has. */
final class Signals {
  private static final Path SHELL = Path.of("/bin/sh");

  private Signals() {}

  static void send(long pid, Signal signal) {
    if (!Files.isExecutable(SHELL)) {
      throw new UnsupportedOperationException(
          "This system has no signal %s; TERMINATE and KILL work everywhere.".formatted(signal));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                SHELL.toString(), "-c", "kill -s \"$1\" \"$2\"", "kill", name(signal), "" + pid)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    boolean interrupted = false;
    try {
      Process kill = builder.start();
      while (true) {
        try {
          if (!kill.waitFor(10, TimeUnit.SECONDS)) {
            kill.destroyForcibly();
          }
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (IOException e) {
      throw new CondaException(
          "The signal %s could not be sent to process %d.".formatted(signal, pid),
          "Look at the cause, or end the command with kill().",
          e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String name(Signal signal) {
    return switch (signal) {
      case INTERRUPT -> "INT";
      case TERMINATE -> "TERM";
      case KILL -> "KILL";
      case HANG_UP -> "HUP";
      case QUIT -> "QUIT";
      case STOP -> "STOP";
      case CONTINUE -> "CONT";
      case USER_1 -> "USR1";
      case USER_2 -> "USR2";
    };
  }
}

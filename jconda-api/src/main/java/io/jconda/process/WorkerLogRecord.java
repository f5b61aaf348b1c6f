package io.jconda.process;

import java.util.Objects;

/**
 * Is a record that code in a worker gave to Python's {@code logging}.
 *
 * @param level Python's number: 10 debug, 20 info, 30 warning, 40 error, 50 critical
 * @param logger the name of the logger, {@code root} for the root logger
 * @param message the text, with the traceback if there is one
 */
public record WorkerLogRecord(int level, String logger, String message) {
  /** Refuses null. */
  public WorkerLogRecord {
    Objects.requireNonNull(logger);
    Objects.requireNonNull(message);
  }
}

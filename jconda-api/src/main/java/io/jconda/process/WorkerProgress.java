package io.jconda.process;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Says how far a worker is, in the words of the code that runs there.
 *
 * @param fraction from 0 to 1, if it is known
 * @param message what it says; may be empty
 */
public record WorkerProgress(OptionalDouble fraction, String message) {
  /** Refuses null. */
  public WorkerProgress {
    Objects.requireNonNull(fraction);
    Objects.requireNonNull(message);
  }
}

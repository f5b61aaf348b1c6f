package io.jconda.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Is a program that runs, started by {@link Command#start}. Thread-safe, its streams excepted.
 *
 * <p>Read both outputs or merge them: a program that nobody listens to stops when the pipe is full.
 */
public interface RunningCommand extends AutoCloseable {
  /** Returns the number of the process. */
  long pid();

  /**
   * Returns what feeds the program's standard input; close it for the program to see an end. Closed
   * already where the command gave it a file; where it gave text or a stream, that is being
   * written.
   */
  OutputStream stdin();

  /** Returns the program's standard output; empty where it is inherited. */
  InputStream stdout();

  /** Returns the program's standard error; empty where it is inherited or merged. */
  InputStream stderr();

  /**
   * Waits for the program's end and returns its exit code.
   *
   * @throws io.jconda.OperationCancelledException if its time was up, the work it belongs to was
   *     cancelled, or the calling thread was interrupted (whose flag is set again); the program and
   *     all that it started have ended then
   */
  int waitFor();

  /**
   * Waits for the program's end, but only so long.
   *
   * @return the exit code; empty if it still runs
   * @throws io.jconda.OperationCancelledException as {@link #waitFor()}
   */
  Optional<Integer> waitFor(Duration limit);

  /**
   * Sends the program, and nothing else of its tree, a signal; does nothing once it has ended.
   *
   * @throws UnsupportedOperationException on Windows for all but {@link Signal#TERMINATE} and
   *     {@link Signal#KILL}, which both end the program there
   * @throws io.jconda.CondaException if it cannot be sent
   */
  void signal(Signal signal);

  /**
   * Ends the program and all that it started: asks first, and forces what is still there two
   * seconds later. Waits for that; does nothing if there is nothing left to end.
   */
  void kill();

  /** Tells whether the program still runs. */
  boolean isAlive();

  /** Does what {@link #kill} does and closes the streams. */
  @Override
  void close();
}

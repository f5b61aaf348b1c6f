package io.jconda.process;

import java.nio.file.Path;
import java.util.Map;

/**
 * Is one long-lived Python process of an environment that Java calls like a library. Thread-safe:
 * calls of several threads take turns, in the order in which they came.
 *
 * <p>Nothing need be installed in the environment. What the code prints, and what libraries write
 * to the standard output below Python, goes to {@link WorkerOptions#onLine} and cannot disturb the
 * calls. Arrays pass through files in shared memory, not as text. In the worker the module {@code
 * jconda} has {@code progress(fraction, message)} and {@code cancelled()}; records of {@code
 * logging} at level {@code INFO} or above go to Java.
 *
 * <pre>{@code
 * try (PythonWorker python = environment.worker()) {
 *   double mean = python.call("statistics.mean", List.of(1, 2, 3), Double.class);
 * }
 * }</pre>
 *
 * <p>The process ends with {@link #close}, with its client and with the JVM, as {@link Command}
 * says. If it dies by itself the call that runs fails, and so do all later ones; a {@link
 * PythonWorkerPool} starts another one instead.
 */
public interface PythonWorker extends PythonCalls, AutoCloseable {
  /**
   * Runs statements; what they define is known to all later calls.
   *
   * @param code Python code, of any number of lines
   * @param inputs become variables first, and stay
   */
  void exec(String code, Map<String, ?> inputs);

  /** Runs statements without inputs. */
  default void exec(String code) {
    exec(code, Map.of());
  }

  /**
   * Runs a file of code as a module, whose functions can then be called: by the object that this
   * returns, or by name, such as {@code call("model.predict", …)} for a {@code model.py}. What lies
   * beside the file can be imported; {@code if __name__ == "__main__"} is not run.
   *
   * @throws io.jconda.StorageException if the file cannot be read
   */
  PythonObject load(Path script);

  /** Returns the number of the process. */
  long pid();

  /** Returns the version of the Python that runs, such as {@code 3.13.5}. */
  String pythonVersion();

  /** Tells whether it can still be called. */
  boolean isAlive();

  /** Ends the process with all that it started, whatever it is doing. Blocks until it is gone. */
  void kill();

  /**
   * Lets the process end, and ends it with all that it started if it has not two seconds later. A
   * call that runs is cancelled. Blocks; does nothing the second time.
   */
  @Override
  void close();
}

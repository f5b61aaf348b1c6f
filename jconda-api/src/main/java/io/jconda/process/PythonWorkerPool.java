package io.jconda.process;

import java.util.function.Function;

/**
 * Is a number of workers that share what is asked of them: each call goes to one that is free, and
 * waits while none is. Thread-safe.
 *
 * <p>Workers start when they are first needed. One that died is replaced by a fresh one; the call
 * that it died of fails and is not tried again. What calls need must therefore be made by {@link
 * WorkerOptions#startCode}, which every worker runs first.
 */
public interface PythonWorkerPool extends PythonCalls, AutoCloseable {
  /**
   * Lends one worker for several calls that must go to the same.
   *
   * @param work what is done with it; must not close it or keep it
   */
  <T> T with(Function<? super PythonWorker, ? extends T> work);

  /** Returns how many workers there are at most. */
  int size();

  /** Returns how many workers were replaced because they had died. */
  long restarts();

  /** Closes all workers. Blocks; does nothing the second time. */
  @Override
  void close();
}

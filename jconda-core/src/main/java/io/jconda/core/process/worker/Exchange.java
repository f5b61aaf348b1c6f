package io.jconda.core.process.worker;

import io.jconda.core.host.SharedFolder;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonObject;
import java.nio.file.Path;

/** Knows what values refer to: objects that stayed in Python, functions of Java's, files. */
interface Exchange {
  /** Returns where large arrays pass. */
  SharedFolder folder();

  /** Notes that a file of Python's is Java's from now on. */
  void keep(Path file);

  /**
   * Returns the number of an object in this worker's Python.
   *
   * @throws IllegalArgumentException if it lives in another worker
   * @throws IllegalStateException if it is closed
   */
  long idOf(PythonObject object);

  /** Gives a function a number until Python drops it. */
  long register(JavaFunction function);

  /** Forgets a function. */
  void drop(long number);

  /** Returns the function that has a number. */
  JavaFunction function(long number);
}

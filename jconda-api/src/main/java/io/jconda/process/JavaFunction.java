package io.jconda.process;

import java.util.List;

/**
 * Is a function of Java's that Python can call: an argument or an input like any other value.
 *
 * <p>It runs on the thread whose call is under way in Python, and may call the same worker. What it
 * throws becomes a {@code jconda.JavaError} in Python; if nothing catches that there, it comes back
 * as the cause of the {@link io.jconda.PythonException}. Python calls it by position only, and
 * while a call from Java is under way.
 */
@FunctionalInterface
public interface JavaFunction {
  /**
   * Computes what Python gets.
   *
   * @param arguments values as {@link PythonCalls} says
   * @return a value; {@link java.util.Optional#empty()} for {@code None}
   */
  Object call(List<Object> arguments) throws Exception;
}

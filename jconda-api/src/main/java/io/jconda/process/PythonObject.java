package io.jconda.process;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Stands for an object that stays in a worker's Python: a model, a data frame, a connection. It can
 * be an argument of calls of the same worker. Thread-safe.
 *
 * <p>Python keeps the object until {@link #close}, or until the worker ends. The methods throw what
 * {@link PythonCalls} says, and {@link IllegalStateException} once it is closed.
 */
public interface PythonObject extends AutoCloseable {
  /** Returns the name of its type, such as {@code "pandas.core.frame.DataFrame"}; without I/O. */
  String typeName();

  /**
   * Calls a method of it.
   *
   * @param method its name
   * @param type what the result shall be
   * @param arguments its arguments, by position
   */
  default <T> T call(String method, Class<T> type, Object... arguments) {
    return call(method, Arrays.asList(arguments), Map.of(), type);
  }

  /** Calls a method of it with keywords. */
  <T> T call(String method, List<?> arguments, Map<String, ?> keywords, Class<T> type);

  /** Calls the object itself, which must be a function or the like. */
  <T> T invoke(Class<T> type, Object... arguments);

  /** Returns the value of one of its attributes. */
  <T> T attribute(String name, Class<T> type);

  /** Brings the object to Java as a value. */
  <T> T value(Class<T> type);

  /** Lets Python forget it. Does nothing the second time, or once the worker has ended. */
  @Override
  void close();
}

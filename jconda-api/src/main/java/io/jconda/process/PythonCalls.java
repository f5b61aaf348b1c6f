package io.jconda.process;

import io.jconda.CheckReturnValue;
import io.jconda.Operation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Is what a {@link PythonWorker} and a {@link PythonWorkerPool} can both be asked: to call, to
 * compute, to run code. Thread-safe; every method blocks until Python has answered, unless it says
 * otherwise.
 *
 * <p><b>Values.</b> Both ways: {@code None} is {@link java.util.Optional#empty()} (null is
 * refused); {@code bool}, {@code int}, {@code float}, {@code str} are {@code Boolean}, {@code Long}
 * or {@code BigInteger}, {@code Double}, {@code String}; lists and tuples are {@code List}, sets
 * {@code Set}, dictionaries {@code Map}; {@code bytes} is {@code byte[]}; {@code datetime} is
 * {@code LocalDateTime} or, with a time zone, {@code OffsetDateTime} (an {@code Instant} or {@code
 * ZonedDateTime} may be given), {@code date} is {@code LocalDate}, {@code time} {@code LocalTime}
 * or {@code OffsetTime}, {@code timedelta} {@code Duration}, all cut to microseconds; {@code
 * Decimal} is {@code BigDecimal}. Arrays of NumPy and of {@code array} are {@link NumericArray};
 * Java's arrays of numbers may be given in their place and asked for. A {@link PythonObject} stands
 * for what stays in Python, a {@link JavaFunction} for what Python can call.
 *
 * <p><b>Types.</b> The class that a result is asked for as may be any of these, {@code Object} for
 * whatever comes, a smaller number where the value fits ({@code Integer}, {@code Float}), or {@code
 * PythonObject} to leave the value where it is. {@code Optional.class} takes {@code None} too; any
 * other class refuses it.
 *
 * <p>All of them throw, beside what they say:
 *
 * <ul>
 *   <li>{@link io.jconda.PythonException} for what Python raised,
 *   <li>{@link io.jconda.OperationCancelledException} if the time was up, the operation cancelled
 *       or the calling thread interrupted: Python is interrupted then, as by Ctrl-C, and if it has
 *       not given in two seconds later the worker is ended,
 *   <li>{@link io.jconda.CommandFailedException} if the worker's process ended meanwhile,
 *   <li>{@link IllegalArgumentException} for an argument that is no such value,
 *   <li>{@link io.jconda.CondaException} for a result that is not of the class asked for, and for a
 *       worker that is closed.
 * </ul>
 */
public interface PythonCalls {
  /**
   * Calls a function with one argument.
   *
   * @param function a dotted name: what code has defined, a builtin, or a function of a module,
   *     which is imported where it has to be, such as {@code "statistics.mean"}
   * @param argument its one argument; a list is passed as a list
   * @param type what the result shall be
   */
  default <T> T call(String function, Object argument, Class<T> type) {
    return call(function, Collections.singletonList(argument), Map.of(), type);
  }

  /**
   * Calls a function with any number of arguments.
   *
   * @param function a dotted name
   * @param type what the result shall be
   * @param arguments its arguments, by position
   */
  default <T> T call(String function, Class<T> type, Object... arguments) {
    return call(function, Arrays.asList(arguments), Map.of(), type);
  }

  /**
   * Calls a function with keywords.
   *
   * @param function a dotted name
   * @param arguments its arguments by position
   * @param keywords its arguments by name
   * @param type what the result shall be
   */
  <T> T call(String function, List<?> arguments, Map<String, ?> keywords, Class<T> type);

  /**
   * Calls a function for its effect; what it returns stays away, whatever it is.
   *
   * @param function a dotted name
   * @param arguments its arguments, by position
   */
  void run(String function, Object... arguments);

  /**
   * Calls a function as {@link #call(String, Class, Object...)} does, on a thread of the client.
   */
  default <T> Operation<T> callAsync(String function, Class<T> type, Object... arguments) {
    return callAsync(function, Arrays.asList(arguments), Map.of(), type);
  }

  /**
   * Calls a function as {@link #call(String, List, Map, Class)} does, on a thread of the client.
   * Blocks while so many operations wait already as {@link WorkerOptions#maxWaiting} allows.
   */
  <T> Operation<T> callAsync(
      String function, List<?> arguments, Map<String, ?> keywords, Class<T> type);

  /**
   * Computes an expression.
   *
   * @param expression such as {@code "a @ b"}; what code has defined is known in it
   * @param inputs more names that are known in it, for this time only
   * @param type what the result shall be
   */
  <T> T eval(String expression, Map<String, ?> inputs, Class<T> type);

  /** Computes an expression without inputs. */
  default <T> T eval(String expression, Class<T> type) {
    return eval(expression, Map.of(), type);
  }

  /** Computes an expression with inputs, and returns whatever value comes. */
  default Object eval(String expression, Map<String, ?> inputs) {
    return eval(expression, inputs, Object.class);
  }

  /**
   * Computes an expression as {@link #eval(String, Map, Class)} does, on a thread of the client;
   * blocks as {@link #callAsync} does.
   */
  <T> Operation<T> evalAsync(String expression, Map<String, ?> inputs, Class<T> type);

  /**
   * Asks the same with another time limit for each call.
   *
   * @param limit how long Python may take; waiting for its turn does not count
   */
  @CheckReturnValue
  PythonCalls timeout(Duration limit);
}

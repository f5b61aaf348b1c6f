package io.jconda.process;

import io.jconda.CheckReturnValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Says how a worker shall be. Immutable: each method that sets something returns new options.
 *
 * <p>Listeners are called from a thread of the worker, one after the other and in order; a slow one
 * slows the worker down. They must not call the worker.
 */
public final class WorkerOptions {
  private static final WorkerOptions DEFAULTS = new WorkerOptions(new Fields());

  private final Fields fields;

  private WorkerOptions(Fields fields) {
    this.fields = fields;
  }

  private static final class Fields implements Cloneable {
    Optional<Path> directory = Optional.empty();
    Map<String, String> variables = Map.of();
    String startCode = "";
    Optional<Duration> timeout = Optional.empty();
    int maxWaiting = 64;
    Optional<Consumer<String>> onLine = Optional.empty();
    Optional<Consumer<WorkerProgress>> onProgress = Optional.empty();
    Optional<Consumer<WorkerLogRecord>> onLog = Optional.empty();

    Fields copy() {
      try {
        return (Fields) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /**
   * Returns options that start in the JVM's folder, limit no call, let 64 operations wait, drop
   * what is printed into the log at level {@code DEBUG}, and hand log records on to SLF4J loggers
   * of the same names, with {@code python.} before them.
   */
  public static WorkerOptions defaults() {
    return DEFAULTS;
  }

  private WorkerOptions with(Consumer<Fields> change) {
    Fields copy = fields.copy();
    change.accept(copy);
    return new WorkerOptions(copy);
  }

  /** Sets the folder that the worker starts in. */
  @CheckReturnValue
  public WorkerOptions directory(Path directory) {
    Objects.requireNonNull(directory);
    return with(f -> f.directory = Optional.of(directory));
  }

  /** Sets an environment variable of the worker, over whatever activation says. */
  @CheckReturnValue
  public WorkerOptions variable(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields.variables);
    more.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
    return with(f -> f.variables = Collections.unmodifiableMap(more));
  }

  /** Sets code that a worker runs before anything else. */
  @CheckReturnValue
  public WorkerOptions startCode(String code) {
    Objects.requireNonNull(code);
    return with(f -> f.startCode = code);
  }

  /**
   * Limits how long Python may take for one call.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  @CheckReturnValue
  public WorkerOptions timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A time limit must be positive, not " + limit + ".");
    }
    return with(f -> f.timeout = Optional.of(limit));
  }

  /**
   * Bounds how many asynchronous calls wait for their turn; whoever makes one more waits.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  @CheckReturnValue
  public WorkerOptions maxWaiting(int calls) {
    if (calls < 1) {
      throw new IllegalArgumentException("At least one call must be able to wait, not " + calls);
    }
    return with(f -> f.maxWaiting = calls);
  }

  /** Hears each line that the worker prints, to either output, in the order written. */
  @CheckReturnValue
  public WorkerOptions onLine(Consumer<String> listener) {
    Objects.requireNonNull(listener);
    return with(f -> f.onLine = Optional.of(listener));
  }

  /** Hears what code tells with {@code jconda.progress}. */
  @CheckReturnValue
  public WorkerOptions onProgress(Consumer<WorkerProgress> listener) {
    Objects.requireNonNull(listener);
    return with(f -> f.onProgress = Optional.of(listener));
  }

  /** Hears the log records instead of SLF4J. */
  @CheckReturnValue
  public WorkerOptions onLog(Consumer<WorkerLogRecord> listener) {
    Objects.requireNonNull(listener);
    return with(f -> f.onLog = Optional.of(listener));
  }

  /** Returns the folder to start in, if it is set. */
  public Optional<Path> directory() {
    return fields.directory;
  }

  /** Returns the environment variables that are set. */
  public Map<String, String> variables() {
    return fields.variables;
  }

  /** Returns the code to run first; empty if there is none. */
  public String startCode() {
    return fields.startCode;
  }

  /** Returns the time limit of a call, if there is one. */
  public Optional<Duration> timeout() {
    return fields.timeout;
  }

  /** Returns how many asynchronous calls may wait. */
  public int maxWaiting() {
    return fields.maxWaiting;
  }

  /** Returns who hears printed lines, if somebody does. */
  public Optional<Consumer<String>> onLine() {
    return fields.onLine;
  }

  /** Returns who hears of progress, if somebody does. */
  public Optional<Consumer<WorkerProgress>> onProgress() {
    return fields.onProgress;
  }

  /** Returns who hears log records, if it is not SLF4J. */
  public Optional<Consumer<WorkerLogRecord>> onLog() {
    return fields.onLog;
  }
}

package io.jconda.core.process.worker;

import io.jconda.Operation;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.PythonCalls;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Turns what can be asked into requests, for one worker or for many. */
abstract class CoreCalls implements PythonCalls {
  /** Asks, and waits for the answer. */
  abstract <T> T ask(
      Request request, Class<T> type, CancellationToken token, Optional<Duration> limit);

  /** Asks on a thread of the client. */
  abstract <T> Operation<T> askAsync(Request request, Class<T> type, Optional<Duration> limit);

  /** Asks for the effect alone. */
  abstract void tell(Request request, CancellationToken token, Optional<Duration> limit);

  /** Returns the time limit of a call. */
  abstract Optional<Duration> limit();

  private <T> T ask(Request request, Class<T> type) {
    return ask(request, Objects.requireNonNull(type), CancellationToken.create(), limit());
  }

  @Override
  public final <T> T call(
      String function, List<?> arguments, Map<String, ?> keywords, Class<T> type) {
    return ask(Request.call(function, arguments, keywords), type);
  }

  @Override
  public final void run(String function, Object... arguments) {
    Request request = Request.call(function, Arrays.asList(arguments), Map.of());
    tell(request, CancellationToken.create(), limit());
  }

  @Override
  public final <T> Operation<T> callAsync(
      String function, List<?> arguments, Map<String, ?> keywords, Class<T> type) {
    return askAsync(Request.call(function, arguments, keywords), type, limit());
  }

  @Override
  public final <T> T eval(String expression, Map<String, ?> inputs, Class<T> type) {
    return ask(Request.eval(expression, inputs), type);
  }

  @Override
  public final <T> Operation<T> evalAsync(String expression, Map<String, ?> inputs, Class<T> type) {
    return askAsync(Request.eval(expression, inputs), type, limit());
  }

  @Override
  public final PythonCalls timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A time limit must be positive, not " + limit + ".");
    }
    return new Limited(this, limit);
  }

  /** Is the same with another time limit. */
  private static final class Limited extends CoreCalls {
    private final CoreCalls calls;
    private final Duration limit;

    Limited(CoreCalls calls, Duration limit) {
      this.calls = calls;
      this.limit = limit;
    }

    @Override
    <T> T ask(Request request, Class<T> type, CancellationToken token, Optional<Duration> own) {
      return calls.ask(request, type, token, own);
    }

    @Override
    <T> Operation<T> askAsync(Request request, Class<T> type, Optional<Duration> own) {
      return calls.askAsync(request, type, own);
    }

    @Override
    void tell(Request request, CancellationToken token, Optional<Duration> own) {
      calls.tell(request, token, own);
    }

    @Override
    Optional<Duration> limit() {
      return Optional.of(limit);
    }
  }
}

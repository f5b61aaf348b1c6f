package io.jconda.core.process.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jconda.CondaException;
import io.jconda.OperationCancelledException;
import io.jconda.PythonException;
import io.jconda.core.util.CancellationToken;
import io.jconda.process.PythonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Is one call from Java, from its message to its result; what Python calls back meanwhile runs on
 * the thread that waits.
 */
final class Conversation {
  /** How soon a waiting thread sees a cancellation. */
  private static final long SLICE_MILLIS = 50;

  private final WorkerProcess worker;
  private final long id;
  private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final List<Throwable> thrown = new ArrayList<>();
  private @Nullable Supplier<CondaException> stopped;
  private long stoppedAt;
  private boolean interrupted;

  Conversation(WorkerProcess worker, long id) {
    this.worker = worker;
    this.id = id;
  }

  long id() {
    return id;
  }

  void add(Message message) {
    inbox.add(message);
  }

  /** Waits for the result, which will be asked for as a class. */
  Object result(
      Class<?> type, CancellationToken token, Optional<Duration> limit, CoreWorker owner) {
    long began = System.nanoTime();
    try {
      while (true) {
        Message message = next();
        if (message == null) {
          look(token, limit, began);
        } else if (message.isEnd()) {
          throwIfStopped();
          worker.throwIfEnded();
        } else if (message.operation().equals("callback")) {
          callBack(message);
        } else {
          return result(message, type, owner);
        }
      }
    } finally {
      worker.forget(this);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable Message next() {
    try {
      return inbox.poll(SLICE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      stop(
          () ->
              new OperationCancelledException(
                  "The call was cancelled: the thread that waited for it was interrupted.",
                  "Call again."));
      return null;
    }
  }

  private void look(CancellationToken token, Optional<Duration> limit, long began) {
    if (stopped == null) {
      if (token.isCancelled()) {
        stop(() -> cancelled(token));
      } else if (limit.isPresent() && System.nanoTime() - began >= limit.get().toNanos()) {
        stop(
            () ->
                new OperationCancelledException(
                    "The call was cancelled: its time limit of %s was reached."
                        .formatted(limit.get()),
                    "Give it more time with timeout(...), or find out what it waits for."));
      }
    } else if (System.nanoTime() - stoppedAt >= WorkerProcess.GRACE.toNanos()) {
      worker.kill(
          () ->
              new CondaException(
                  "The worker was ended: a call that was cancelled did not give in.",
                  "Make another worker; a pool of workers does that by itself."));
      throwIfStopped();
    }
  }

  private static CondaException cancelled(CancellationToken token) {
    try {
      token.throwIfCancelled();
    } catch (OperationCancelledException e) {
      return e;
    }
    return new OperationCancelledException("The call was cancelled.", "Call again.");
  }

  private void stop(Supplier<CondaException> why) {
    if (stopped == null) {
      stopped = why;
      stoppedAt = System.nanoTime();
      worker.cancel(id);
    }
  }

  private void throwIfStopped() {
    if (stopped != null) {
      throw stopped.get();
    }
  }

  private Object result(Message message, Class<?> type, CoreWorker owner) {
    JsonNode error = message.json().path("error");
    if (error.isMissingNode()) {
      JsonNode value = message.json().path("value");
      if (value.path("$").asText().equals("ref")) {
        return object(value, owner);
      }
      try {
        return new ValueReader(worker.links(), message.blobs()).read(value, type);
      } finally {
        worker.links().settle(message);
      }
    }
    int javaError = error.path("javaError").asInt(0);
    PythonException failure =
        new PythonException(
            error.path("type").asText(),
            error.path("message").asText(),
            error.path("traceback").asText(),
            javaError > 0 && javaError <= thrown.size() ? thrown.get(javaError - 1) : null);
    if (stopped != null) {
      // whatever Python made of it; the traceback shows where it was
      CondaException cancelled = stopped.get();
      cancelled.addSuppressed(failure);
      throw cancelled;
    }
    if (error.path("cancelled").booleanValue()) {
      worker.throwIfEnded();
    }
    throw failure;
  }

  private static PythonObject object(JsonNode value, CoreWorker owner) {
    return new CoreObject(owner, value.path("id").longValue(), value.path("type").asText());
  }

  private void callBack(Message message) {
    long number = message.number("number");
    Object value;
    try {
      value = worker.links().function(message.number("function")).call(arguments(message));
      worker.answer(
          number,
          out -> {
            out.json().writeFieldName("value");
            out.write(value);
          });
    } catch (InterruptedException e) {
      interrupted = true;
      refuse(number, e);
    } catch (Exception e) {
      refuse(number, e);
    }
  }

  private List<Object> arguments(Message message) {
    try {
      return new ValueReader(worker.links(), message.blobs())
          .list(message.json().path("arguments"));
    } finally {
      worker.links().settle(message);
    }
  }

  private void refuse(long number, Exception failure) {
    thrown.add(failure);
    int place = thrown.size();
    worker.answer(
        number,
        out -> {
          out.json().writeStringField("error", failure.toString());
          out.json().writeNumberField("errorId", place);
        });
  }
}

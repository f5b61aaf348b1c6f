package io.jconda.core.process.worker;

import io.jconda.core.util.CancellationToken;
import io.jconda.process.PythonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands for an object in a worker. */
final class CoreObject implements PythonObject {
  private final CoreWorker worker;
  private final long id;
  private final String typeName;
  private final AtomicBoolean closed = new AtomicBoolean();

  CoreObject(CoreWorker worker, long id, String typeName) {
    this.worker = worker;
    this.id = id;
    this.typeName = typeName;
  }

  WorkerProcess process() {
    return worker.process();
  }

  long id() {
    if (closed.get()) {
      throw new IllegalStateException("The object %s is closed.".formatted(this));
    }
    return id;
  }

  @Override
  public String typeName() {
    return typeName;
  }

  private <T> T ask(Request request, Class<T> type) {
    return worker.ask(request, type, CancellationToken.create(), worker.limit());
  }

  @Override
  public <T> T call(String method, List<?> arguments, Map<String, ?> keywords, Class<T> type) {
    if (method.isEmpty()) {
      throw new IllegalArgumentException("A method has a name; invoke calls the object itself.");
    }
    return ask(Request.method(this, method, arguments, keywords), type);
  }

  @Override
  public <T> T invoke(Class<T> type, Object... arguments) {
    return ask(Request.method(this, "", Arrays.asList(arguments), Map.of()), type);
  }

  @Override
  public <T> T attribute(String name, Class<T> type) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("An attribute has a name; value brings the object.");
    }
    return ask(Request.get(this, name), type);
  }

  @Override
  public <T> T value(Class<T> type) {
    return ask(Request.get(this, ""), type);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      worker.process().free(id);
    }
  }

  /** Returns the type and the number that the worker knows it by. */
  @Override
  public String toString() {
    return "PythonObject[%s %d]".formatted(typeName, id);
  }
}

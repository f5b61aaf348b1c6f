package io.jconda.core.process.worker;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jconda.core.host.SharedFolder;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Is what one side of a worker holds for the other: Java's functions, and files of either side.
 * Messages carry what each has done with, besides what they say. Thread-safe.
 */
final class Links implements Exchange {
  private final SharedFolder folder;
  private final Map<Long, JavaFunction> functions = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** Files that Java does not give back. */
  private final Set<Path> keeping = ConcurrentHashMap.newKeySet();

  private final Queue<Path> done = new ConcurrentLinkedQueue<>();
  private final Queue<Path> kept = new ConcurrentLinkedQueue<>();

  Links(SharedFolder folder) {
    this.folder = folder;
  }

  @Override
  public SharedFolder folder() {
    return folder;
  }

  @Override
  public void keep(Path file) {
    keeping.add(file);
  }

  @Override
  public long idOf(PythonObject object) {
    if (!(object instanceof CoreObject known) || known.process().links() != this) {
      throw new IllegalArgumentException(
          "The object %s lives in another worker.".formatted(object.typeName()));
    }
    return known.id();
  }

  @Override
  public long register(JavaFunction function) {
    long number = numbers.incrementAndGet();
    functions.put(number, function);
    return number;
  }

  @Override
  public void drop(long number) {
    functions.remove(number);
  }

  @Override
  public JavaFunction function(long number) {
    JavaFunction function = functions.get(number);
    if (function == null) {
      throw new IllegalStateException("There is no function " + number);
    }
    return function;
  }

  /** Takes back what Python has done with, as a message says. */
  void hear(Message message) throws IOException {
    message.json().path("dropped").forEach(number -> drop(number.longValue()));
    for (Path file : message.files("released")) {
      folder.outgoing().release(file);
    }
    message.files("gone").forEach(folder.incoming()::forget);
  }

  /** Notes that nothing of a message is needed any more. */
  void settle(Message message) {
    for (Path file : message.files("lent")) {
      if (keeping.remove(file)) {
        kept.add(file);
      } else {
        done.add(file);
      }
    }
  }

  /** Writes which files of Python's Java has done with, or keeps. */
  void writeSettled(JsonGenerator json) throws IOException {
    write(json, "done", done);
    write(json, "kept", kept);
  }

  private static void write(JsonGenerator json, String field, Queue<Path> files)
      throws IOException {
    Path next = files.poll();
    if (next == null) {
      return;
    }
    json.writeArrayFieldStart(field);
    while (next != null) {
      json.writeString(next.toString());
      next = files.poll();
    }
    json.writeEndArray();
  }
}

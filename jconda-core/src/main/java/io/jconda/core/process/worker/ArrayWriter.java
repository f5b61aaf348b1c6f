package io.jconda.core.process.worker;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jconda.OperationCancelledException;
import io.jconda.StorageException;
import io.jconda.core.host.OutgoingBlocks.Content;
import io.jconda.process.NumericArray;
import io.jconda.process.NumericArray.Order;
import io.jconda.process.NumericType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes arrays and bytes of one message: small ones behind its JSON, large ones to files. */
final class ArrayWriter {
  /** What is shorter goes inline: a file of its own costs more than the copy. */
  static final int INLINE = 65_536;

  private final JsonGenerator json;
  private final Exchange exchange;
  private final ByteArrayOutputStream blobs = new ByteArrayOutputStream(0);
  private final List<Path> files = new ArrayList<>();

  ArrayWriter(JsonGenerator json, Exchange exchange) {
    this.json = json;
    this.exchange = exchange;
  }

  byte[] blobs() {
    return blobs.toByteArray();
  }

  /** Returns the files that arrays went to. */
  List<Path> files() {
    return files;
  }

  /** Writes an array of NumPy's kinds or of Java's; tells whether it is one. */
  boolean write(Object value) throws IOException {
    if (value instanceof NumericArray array) {
      write(array.type(), array.order(), array.shape(), Content.of(array.buffer()));
    } else if (value instanceof double[] numbers) {
      write(
          NumericType.FLOAT64,
          numbers.length,
          (from, target) ->
              target.asDoubleBuffer().put(numbers, from / 8, target.remaining() / Double.BYTES));
    } else if (value instanceof float[] numbers) {
      write(
          NumericType.FLOAT32,
          numbers.length,
          (from, target) ->
              target.asFloatBuffer().put(numbers, from / 4, target.remaining() / Float.BYTES));
    } else if (value instanceof long[] numbers) {
      write(
          NumericType.INT64,
          numbers.length,
          (from, target) ->
              target.asLongBuffer().put(numbers, from / 8, target.remaining() / Long.BYTES));
    } else if (value instanceof int[] numbers) {
      write(
          NumericType.INT32,
          numbers.length,
          (from, target) ->
              target.asIntBuffer().put(numbers, from / 4, target.remaining() / Integer.BYTES));
    } else if (value instanceof short[] numbers) {
      write(
          NumericType.INT16,
          numbers.length,
          (from, target) ->
              target.asShortBuffer().put(numbers, from / 2, target.remaining() / Short.BYTES));
    } else if (value instanceof boolean[] truths) {
      return write(NumericArray.of(truths));
    } else {
      return false;
    }
    return true;
  }

  private void write(NumericType type, int length, Copy copying) throws IOException {
    long size = (long) length * type.bytes();
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "An array of %d bytes is too large: at most 2 GiB go at once.".formatted(size));
    }
    write(type, Order.C, List.of(length), new Bytes((int) size, copying));
  }

  private void write(NumericType type, Order order, List<Integer> shape, Content content)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("$", "array");
    json.writeStringField("type", type.numpyName());
    json.writeStringField("order", order == Order.F ? "F" : "C");
    json.writeArrayFieldStart("shape");
    for (int length : shape) {
      json.writeNumber(length);
    }
    json.writeEndArray();
    place(content);
    json.writeEndObject();
  }

  /** Writes bytes as Python has them. */
  void write(byte[] bytes) throws IOException {
    json.writeStartObject();
    json.writeStringField("$", "bytes");
    place(Content.of(ByteBuffer.wrap(bytes)));
    json.writeEndObject();
  }

  private void place(Content content) throws IOException {
    if (content.size() <= INLINE) {
      byte[] bytes = new byte[content.size()];
      content.copy(0, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
      at(bytes);
    } else {
      Path file = export(content);
      files.add(file);
      json.writeStringField("file", file.toString());
      json.writeNumberField("size", content.size());
    }
  }

  private Path export(Content content) {
    try {
      return exchange.folder().outgoing().write(content);
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw new StorageException(
          "Cannot hand %d bytes to a worker: there is no room for them in %s (%s)."
              .formatted(
                  content.size(),
                  exchange.folder().folders().stream()
                      .map(Path::toString)
                      .collect(Collectors.joining(" nor in ")),
                  e),
          "Make shared memory larger, such as with --shm-size for a container, name another folder"
              + " with -Djava.io.tmpdir, or send less at once.",
          e);
    }
  }

  /** Java closes a file when the thread that uses it is interrupted. */
  static OperationCancelledException interrupted(ClosedByInterruptException e) {
    OperationCancelledException cancelled =
        new OperationCancelledException(
            "The call was cancelled: its thread was interrupted while an array was copied.",
            "Call again.");
    cancelled.addSuppressed(e);
    return cancelled;
  }

  /** Puts bytes behind the JSON, and says where. */
  private void at(byte[] bytes) throws IOException {
    json.writeArrayFieldStart("at");
    json.writeNumber(blobs.size());
    json.writeNumber(bytes.length);
    json.writeEndArray();
    blobs.writeBytes(bytes);
  }

  /** Copies a part of an array. */
  @FunctionalInterface
  private interface Copy {
    @SuppressWarnings("UnusedReturnValue")
    Object to(int from, ByteBuffer target);
  }

  private record Bytes(int size, Copy copying) implements Content {
    @Override
    public void copy(int from, ByteBuffer target) {
      Object unused = copying.to(from, target);
    }
  }
}

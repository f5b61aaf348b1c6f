package io.jconda.core.process.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jconda.core.host.DiskFailure;
import io.jconda.process.NumericArray;
import io.jconda.process.NumericArray.Order;
import io.jconda.process.NumericType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes arrays of what the loop in Python writes. They are copied to the heap, so that Python can
 * use its file again at once; only what would fill much of the heap stays where it is.
 */
final class ArrayReader {
  /** An array that takes more than this part of the heap stays in shared memory. */
  private static final int LARGE_PART = 4;

  private final Exchange exchange;
  private final byte[] blobs;
  private final long mostInHeap;

  ArrayReader(Exchange exchange, byte[] blobs) {
    this(exchange, blobs, Runtime.getRuntime().maxMemory() / LARGE_PART);
  }

  ArrayReader(Exchange exchange, byte[] blobs, long mostInHeap) {
    this.exchange = exchange;
    this.blobs = blobs;
    this.mostInHeap = mostInHeap;
  }

  byte[] bytes(JsonNode json) {
    if (json.has("file")) {
      ByteBuffer all = ByteBuffer.allocate(size(json));
      read(json, all::put);
      return all.array();
    }
    int from = json.path("at").path(0).intValue();
    return Arrays.copyOfRange(blobs, from, from + json.path("at").path(1).intValue());
  }

  NumericArray array(JsonNode json) {
    int[] shape = new int[json.path("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = json.path("shape").path(i).intValue();
    }
    return NumericArray.over(
        type(json),
        json.path("order").textValue().equals("F") ? Order.F : Order.C,
        json.has("file") ? block(json) : ByteBuffer.wrap(bytes(json)),
        shape);
  }

  private static NumericType type(JsonNode json) {
    return NumericType.of(json.path("type").textValue());
  }

  private ByteBuffer block(JsonNode json) {
    int size = size(json);
    if (size > mostInHeap) {
      return taken(json, size);
    }
    ByteBuffer copy = ByteBuffer.allocate(size);
    read(json, copy::put);
    return copy.flip();
  }

  private static int size(JsonNode json) {
    return Math.toIntExact(json.path("size").longValue());
  }

  private static Path file(JsonNode json) {
    return Path.of(json.path("file").textValue());
  }

  private ByteBuffer taken(JsonNode json, int size) {
    Path file = file(json);
    exchange.keep(file);
    try {
      return exchange.folder().incoming().take(file, size);
    } catch (ClosedByInterruptException e) {
      throw ArrayWriter.interrupted(e);
    } catch (IOException e) {
      throw DiskFailure.explain("take an array from a worker", file, e);
    }
  }

  private void read(JsonNode json, Consumer<ByteBuffer> sink) {
    Path file = file(json);
    try {
      exchange.folder().incoming().read(file, size(json), sink);
    } catch (ClosedByInterruptException e) {
      throw ArrayWriter.interrupted(e);
    } catch (IOException e) {
      throw DiskFailure.explain("take an array from a worker", file, e);
    }
  }

  /**
   * Reads a large array straight into one of Java's, if it is of that very type and lies row by
   * row: one copy less.
   */
  Optional<Object> straight(JsonNode json, Class<?> wanted) {
    if (!wanted.isArray()
        || !json.has("file")
        || (json.path("shape").size() > 1 && !json.path("order").textValue().equals("C"))) {
      return Optional.empty();
    }
    NumericType type = type(json);
    int length = size(json) / type.bytes();
    if (wanted == double[].class && type == NumericType.FLOAT64) {
      double[] all = new double[length];
      DoubleBuffer into = DoubleBuffer.wrap(all);
      read(json, part -> into.put(part.asDoubleBuffer()));
      return Optional.of(all);
    }
    if (wanted == float[].class && type == NumericType.FLOAT32) {
      float[] all = new float[length];
      FloatBuffer into = FloatBuffer.wrap(all);
      read(json, part -> into.put(part.asFloatBuffer()));
      return Optional.of(all);
    }
    if (wanted == long[].class && type == NumericType.INT64) {
      long[] all = new long[length];
      LongBuffer into = LongBuffer.wrap(all);
      read(json, part -> into.put(part.asLongBuffer()));
      return Optional.of(all);
    }
    if (wanted == int[].class && type == NumericType.INT32) {
      int[] all = new int[length];
      IntBuffer into = IntBuffer.wrap(all);
      read(json, part -> into.put(part.asIntBuffer()));
      return Optional.of(all);
    }
    return Optional.empty();
  }
}

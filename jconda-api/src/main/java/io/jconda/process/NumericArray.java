package io.jconda.process;

import io.jconda.CheckReturnValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Is an array of numbers of any number of dimensions, as NumPy has them: a type, a shape, and
 * bytes. Immutable as long as nobody writes to a buffer that it was made over; at most 2 GiB.
 *
 * <p>What a worker returns lies in the heap. Only an array that would take more than a quarter of
 * the largest heap stays in shared memory, which is given back when the array and all buffers that
 * came from it are collected.
 */
public final class NumericArray {
  /** Says in which order the elements lie. */
  public enum Order {
    /** The last index moves first: row by row. */
    C,
    /** The first index moves first: column by column. */
    F
  }

  private final NumericType type;
  private final List<Integer> shape;
  private final Order order;
  private final ByteBuffer data;

  private NumericArray(NumericType type, Order order, ByteBuffer data, int... shape) {
    this.type = type;
    this.shape = Arrays.stream(shape).boxed().toList();
    this.order = order;
    this.data = data.slice().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    long expected = type.bytes();
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException("A dimension cannot have length " + length + ".");
      }
      expected = Math.multiplyExact(expected, length);
    }
    if (expected != this.data.remaining()) {
      throw new IllegalArgumentException(
          "An array of %s with shape %s takes %d bytes, not %d."
              .formatted(type.numpyName(), this.shape, expected, this.data.remaining()));
    }
  }

  /**
   * Makes an array over the remaining bytes of a buffer, without a copy.
   *
   * @param type the type of the elements, in the byte order of this machine
   * @param order the order of the elements
   * @param data the bytes; must not be written to while the array is in use
   * @param shape the length of each dimension; none for a single number
   * @throws IllegalArgumentException if the bytes are not as many as the shape says
   */
  public static NumericArray over(NumericType type, Order order, ByteBuffer data, int... shape) {
    return new NumericArray(type, Objects.requireNonNull(order), data, shape.clone());
  }

  private static ByteBuffer allocate(int length, int bytes) {
    if (length > Integer.MAX_VALUE / bytes) {
      throw new IllegalArgumentException(
          "%d elements of %d bytes are too many: an array has at most 2 GiB."
              .formatted(length, bytes));
    }
    return ByteBuffer.allocate(length * bytes).order(ByteOrder.nativeOrder());
  }

  private static int[] shapeOr(int length, int... shape) {
    return shape.length == 0 ? new int[] {length} : shape.clone();
  }

  /**
   * Copies numbers into an array of {@code float64}.
   *
   * @param shape the length of each dimension, the elements row by row; one dimension if not given
   * @throws IllegalArgumentException if the shape has another number of elements, or if they take
   *     more than 2 GiB
   */
  public static NumericArray of(double[] values, int... shape) {
    ByteBuffer data = allocate(values.length, Double.BYTES);
    data.asDoubleBuffer().put(values);
    return new NumericArray(NumericType.FLOAT64, Order.C, data, shapeOr(values.length, shape));
  }

  /** Copies numbers into an array of {@code float32}, as {@link #of(double[], int...)} does. */
  public static NumericArray of(float[] values, int... shape) {
    ByteBuffer data = allocate(values.length, Float.BYTES);
    data.asFloatBuffer().put(values);
    return new NumericArray(NumericType.FLOAT32, Order.C, data, shapeOr(values.length, shape));
  }

  /** Copies numbers into an array of {@code int64}, as {@link #of(double[], int...)} does. */
  public static NumericArray of(long[] values, int... shape) {
    ByteBuffer data = allocate(values.length, Long.BYTES);
    data.asLongBuffer().put(values);
    return new NumericArray(NumericType.INT64, Order.C, data, shapeOr(values.length, shape));
  }

  /** Copies numbers into an array of {@code int32}, as {@link #of(double[], int...)} does. */
  public static NumericArray of(int[] values, int... shape) {
    ByteBuffer data = allocate(values.length, Integer.BYTES);
    data.asIntBuffer().put(values);
    return new NumericArray(NumericType.INT32, Order.C, data, shapeOr(values.length, shape));
  }

  /** Copies numbers into an array of {@code int16}, as {@link #of(double[], int...)} does. */
  public static NumericArray of(short[] values, int... shape) {
    ByteBuffer data = allocate(values.length, Short.BYTES);
    data.asShortBuffer().put(values);
    return new NumericArray(NumericType.INT16, Order.C, data, shapeOr(values.length, shape));
  }

  /** Copies truth values into an array of {@code bool}, as {@link #of(double[], int...)} does. */
  public static NumericArray of(boolean[] values, int... shape) {
    ByteBuffer data = allocate(values.length, 1);
    for (boolean value : values) {
      data.put((byte) (value ? 1 : 0));
    }
    return new NumericArray(NumericType.BOOL, Order.C, data.flip(), shapeOr(values.length, shape));
  }

  /** Returns the type of the elements. */
  public NumericType type() {
    return type;
  }

  /** Returns the length of each dimension; empty for a single number. */
  public List<Integer> shape() {
    return shape;
  }

  /** Returns the order in which the elements lie. */
  public Order order() {
    return order;
  }

  /** Returns how many elements there are. */
  public int size() {
    return data.remaining() / type.bytes();
  }

  /** Returns the bytes, read-only, in the byte order of this machine; no copy. */
  public ByteBuffer buffer() {
    return data.duplicate().order(ByteOrder.nativeOrder());
  }

  /**
   * Returns the elements as they lie, without a copy.
   *
   * @throws IllegalStateException if they are no {@code float64}
   */
  public DoubleBuffer doubles() {
    require(NumericType.FLOAT64);
    return buffer().asDoubleBuffer();
  }

  /**
   * Returns the elements as they lie, without a copy.
   *
   * @throws IllegalStateException if they are no {@code float32}
   */
  public FloatBuffer floats() {
    require(NumericType.FLOAT32);
    return buffer().asFloatBuffer();
  }

  /**
   * Returns the elements as they lie, without a copy.
   *
   * @throws IllegalStateException if they are no {@code int64} or {@code uint64}
   */
  public LongBuffer longs() {
    require(NumericType.INT64, NumericType.UINT64);
    return buffer().asLongBuffer();
  }

  /**
   * Returns the elements as they lie, without a copy.
   *
   * @throws IllegalStateException if they are no {@code int32} or {@code uint32}
   */
  public IntBuffer ints() {
    require(NumericType.INT32, NumericType.UINT32);
    return buffer().asIntBuffer();
  }

  private void require(NumericType... allowed) {
    if (!List.of(allowed).contains(type)) {
      throw new IllegalStateException(
          "The elements are %s: they cannot be seen as %s."
              .formatted(type.numpyName(), allowed[0].numpyName()));
    }
  }

  /**
   * Returns all elements as {@code double}, row by row whatever the {@link #order()}; large
   * integers are rounded, truth values are 1 and 0.
   *
   * @throws IllegalStateException if they are complex
   */
  public double[] toDoubles() {
    if (type == NumericType.FLOAT64 && isRowByRow()) {
      double[] all = new double[size()];
      doubles().get(all);
      return all;
    }
    return IntStream.range(0, size()).mapToDouble(i -> doubleAt(place(i))).toArray();
  }

  /**
   * Returns all elements as {@code long}, row by row; {@code uint64} as its bits.
   *
   * @throws IllegalStateException if they are no integers
   */
  public long[] toLongs() {
    if ((type == NumericType.INT64 || type == NumericType.UINT64) && isRowByRow()) {
      long[] all = new long[size()];
      longs().get(all);
      return all;
    }
    return IntStream.range(0, size()).mapToLong(i -> longAt(place(i))).toArray();
  }

  /**
   * Returns the parts of all elements row by row: a real part, its imaginary part, and so on.
   *
   * @throws IllegalStateException if they are not complex
   */
  public double[] toComplex() {
    require(NumericType.COMPLEX128, NumericType.COMPLEX64);
    double[] parts = new double[2 * size()];
    for (int i = 0; i < size(); i++) {
      int at = place(i) * type.bytes();
      boolean large = type == NumericType.COMPLEX128;
      parts[2 * i] = large ? data.getDouble(at) : data.getFloat(at);
      parts[2 * i + 1] = large ? data.getDouble(at + 8) : data.getFloat(at + 4);
    }
    return parts;
  }

  /**
   * Returns one element.
   *
   * @param index one number for each dimension, from 0
   * @throws IndexOutOfBoundsException if there is no such element
   * @throws IllegalStateException if it is complex
   */
  public double getDouble(int... index) {
    return doubleAt(placeOf(index));
  }

  /**
   * Returns one element.
   *
   * @param index one number for each dimension, from 0
   * @throws IndexOutOfBoundsException if there is no such element
   * @throws IllegalStateException if it is no integer
   */
  public long getLong(int... index) {
    return longAt(placeOf(index));
  }

  /** Returns the same elements with another shape; no copy. */
  @CheckReturnValue
  public NumericArray reshape(int... newShape) {
    if (!isRowByRow()) {
      throw new IllegalStateException("Only an array in C order can be given another shape.");
    }
    return new NumericArray(type, Order.C, data, newShape.clone());
  }

  private boolean isRowByRow() {
    return order == Order.C || shape.size() < 2;
  }

  /** Finds where the element lies that is the {@code i}th row by row. */
  private int place(int i) {
    if (isRowByRow()) {
      return i;
    }
    int rest = i;
    int place = 0;
    int stride = size();
    for (int d = shape.size() - 1; d >= 0; d--) {
      stride /= shape.get(d);
      place += (rest % shape.get(d)) * stride;
      rest /= shape.get(d);
    }
    return place;
  }

  private int placeOf(int... index) {
    if (index.length != shape.size()) {
      throw new IndexOutOfBoundsException(
          "The array has %d dimensions, not %d.".formatted(shape.size(), index.length));
    }
    int rowByRow = 0;
    for (int d = 0; d < index.length; d++) {
      rowByRow = rowByRow * shape.get(d) + Objects.checkIndex(index[d], shape.get(d));
    }
    return place(rowByRow);
  }

  private double doubleAt(int place) {
    int at = place * type.bytes();
    return switch (type) {
      case FLOAT64 -> data.getDouble(at);
      case FLOAT32 -> data.getFloat(at);
      case FLOAT16 -> half(data.getShort(at));
      case UINT64 -> unsigned(data.getLong(at));
      case COMPLEX64, COMPLEX128 ->
          throw new IllegalStateException("The elements are complex: ask for toComplex().");
      default -> longAt(place);
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static double half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        exponent == 0x1f
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb(1024.0 + fraction, exponent - 25);
    return bits < 0 ? -size : size;
  }

  private long longAt(int place) {
    int at = place * type.bytes();
    return switch (type) {
      case BOOL, INT8 -> data.get(at);
      case UINT8 -> Byte.toUnsignedLong(data.get(at));
      case INT16 -> data.getShort(at);
      case UINT16 -> Short.toUnsignedLong(data.getShort(at));
      case INT32 -> data.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
      case INT64, UINT64 -> data.getLong(at);
      default ->
          throw new IllegalStateException(
              "The elements are %s, no integers.".formatted(type.numpyName()));
    };
  }

  /** Compares type, shape and elements, bit by bit, whatever the order that they lie in. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof NumericArray that) || type != that.type || !shape.equals(that.shape)) {
      return false;
    }
    if (order == that.order || (isRowByRow() && that.isRowByRow())) {
      return data.equals(that.data);
    }
    int bytes = type.bytes();
    return IntStream.range(0, size())
        .allMatch(
            i ->
                data.slice(place(i) * bytes, bytes)
                    .equals(that.data.slice(that.place(i) * bytes, bytes)));
  }

  @Override
  public int hashCode() {
    int hash = Objects.hash(type, shape);
    int looked = Math.min(size(), 16);
    for (int i = 0; i < looked; i++) {
      hash = 31 * hash + data.slice(place(i) * type.bytes(), type.bytes()).hashCode();
    }
    return hash;
  }

  /** Returns type and shape, such as {@code float64[3, 4]}. */
  @Override
  public String toString() {
    return shape.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", type.numpyName() + "[", "]"));
  }
}

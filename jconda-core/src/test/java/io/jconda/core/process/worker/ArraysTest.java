package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.PythonException;
import io.jconda.core.client.RealPython;
import io.jconda.process.NumericArray;
import io.jconda.process.NumericArray.Order;
import io.jconda.process.NumericType;
import io.jconda.process.PythonWorker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends arrays to a real NumPy and back. */
@Timeout(120)
class ArraysTest {
  private static PythonWorker python;

  @BeforeAll
  static void start() {
    python = RealPython.environment().worker();
    python.exec(
        """
        import array
        import numpy as np
        def echo(x): return x
        """);
  }

  @AfterAll
  static void close() {
    python.close();
  }

  @ParameterizedTest
  @EnumSource(NumericType.class)
  void arraysOfEveryTypeAndOrderComeBackAsTheyWent(NumericType type) {
    Random random = new Random(type.bytes());
    for (int[] shape : new int[][] {{}, {0}, {5}, {3, 4}, {2, 0, 3}, {2, 3, 4}, {40, 50, 60}}) {
      for (Order order : Order.values()) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        byte[] bytes = new byte[size * type.bytes()];
        random.nextBytes(bytes);
        if (type == NumericType.BOOL) {
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= 1;
          }
        }
        NumericArray array = NumericArray.over(type, order, ByteBuffer.wrap(bytes), shape);

        NumericArray back = python.call("echo", array, NumericArray.class);

        assertThat(back).isEqualTo(array);
        assertThat(python.eval("[a.dtype.name, list(a.shape)]", Map.of("a", array)))
            .isEqualTo(
                List.of(type.numpyName(), Arrays.stream(shape).mapToObj(i -> (long) i).toList()));
      }
    }
  }

  @Test
  void everyElementIsInItsPlaceInBothOrders() {
    for (String order : List.of("C", "F")) {
      NumericArray array =
          python.eval(
              "np.array(np.arange(24).reshape(2, 3, 4), order='" + order + "')",
              NumericArray.class);
      assertThat(array.order()).isEqualTo(Order.valueOf(order));
      assertThat(array.toString()).isEqualTo("int64[2, 3, 4]");
      assertThat(array.getLong(1, 2, 3)).isEqualTo(23);
      assertThat(array.getDouble(1, 0, 2)).isEqualTo(14.0);
      assertThat(array.toLongs()).startsWith(0, 1, 2, 3, 4).hasSize(24);
      assertThat(python.eval("int(a[1, 2, 0])", Map.of("a", array))).isEqualTo(20L);
    }
    assertThat(python.eval("np.arange(12).reshape(3, 4)[::2, ::-1]", NumericArray.class).toLongs())
        .containsExactly(3, 2, 1, 0, 11, 10, 9, 8);
    assertThat(python.eval("np.array([1, 2], dtype='>i4')", NumericArray.class).toLongs())
        .containsExactly(1, 2);
  }

  @Test
  void numbersOfOddTypesAreReadRight() {
    assertThat(
            python
                .eval("np.array([1.5, -2, 65504, 6e-8, np.inf], dtype='f2')", NumericArray.class)
                .toDoubles())
        .containsExactly(1.5, -2, 65504, Math.scalb(1.0, -24), Double.POSITIVE_INFINITY);
    assertThat(python.eval("np.array([2**64 - 1, 5], dtype='u8')", NumericArray.class).toDoubles())
        .containsExactly(0x1p64, 5);
    assertThat(python.eval("np.array([255, 7], dtype='u1')", NumericArray.class).toLongs())
        .containsExactly(255, 7);
    assertThat(python.eval("np.array([1 + 2j, 3])", NumericArray.class).toComplex())
        .containsExactly(1, 2, 3, 0);
    assertThat(python.eval("array.array('d', [1, 2])", NumericArray.class).toDoubles())
        .containsExactly(1, 2);
  }

  @Test
  void matricesAreMultiplied() {
    NumericArray a = NumericArray.of(new double[] {1, 2, 3, 4}, 2, 2);
    NumericArray b = NumericArray.of(new double[] {0, 1, 1, 0}, 2, 2);
    assertThat(python.eval("a @ b", Map.of("a", a, "b", b)))
        .isEqualTo(NumericArray.of(new double[] {2, 1, 4, 3}, 2, 2));
  }

  @Test
  void withoutNumPyAnArrayIsAView() {
    try (PythonWorker bare = RealPython.environment().worker()) {
      bare.exec(
          """
          import sys
          sys.modules['numpy'] = None
          def total(v): return [type(v).__name__, v.shape[0], sum(x for row in v.tolist() for x in row)]
          """);
      NumericArray array = NumericArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertThat(bare.call("total", array, Object.class))
          .isEqualTo(List.of("memoryview", 2L, 21.0));
      assertThat(bare.eval("v", Map.of("v", array))).isEqualTo(array);
      assertThat(bare.call("statistics.mean", new double[] {1, 2}, Double.class)).isEqualTo(1.5);
    }
  }

  @Test
  void anArrayWhoseShapeDoesNotFitIsRefused() {
    assertThatThrownBy(() -> NumericArray.of(new double[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 3]");
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    assertThatThrownBy(() -> NumericArray.over(NumericType.INT32, Order.C, data, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NumericArray.of(new int[4], 2, 2).getLong(1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> NumericArray.of(new int[4]).doubles())
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "np.arange(60_000.0).reshape(200, 300)[::2, ::-3]",
        "np.arange(60_000.0).reshape(200, 300).T",
        "np.arange(60_000, dtype='>i8').reshape(3, 20_000)",
        "np.asfortranarray(np.arange(60_000, dtype='>f4').reshape(3, 20_000))",
        "np.transpose(np.arange(60_000).reshape(30, 20, 100), (1, 2, 0))",
        "np.broadcast_to(np.arange(300.0), (200, 300))",
        "np.matrix(np.arange(60_000.0).reshape(200, 300))",
        "np.matrix([[1, 2], [3, 4]])",
        "np.arange(5)[3:3]",
        "np.array(2.5)"
      })
  void whateverTheLayoutTheElementsAreInTheirPlaces(String expression) {
    NumericArray array = python.eval(expression, NumericArray.class);

    Object shape = python.eval("list(np.shape(" + expression + "))", Object.class);
    assertThat(array.shape().stream().map(Integer::longValue).toList()).isEqualTo(shape);
    assertThat(array.toDoubles())
        .isEqualTo(
            python
                .eval("np.asarray(" + expression + ").astype(float).ravel()", NumericArray.class)
                .toDoubles());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "np.array(['x'])",
        "np.array([object()])",
        "np.array(['2026-01-01'], dtype='M8[D]')",
        "np.zeros(2, dtype=[('a', 'i4'), ('b', 'f8')])",
        "np.ma.masked_array([1, 2], mask=[0, 1])"
      })
  void anArrayOfOtherKindsIsRefused(String expression) {
    assertThatThrownBy(() -> python.eval(expression, NumericArray.class))
        .isInstanceOfSatisfying(
            PythonException.class,
            e ->
                assertThat(e.pythonMessage())
                    .contains("array")
                    .contains("no value that Java can take"));
  }

  @Test
  void arraysOfJavaAreTakenAndGivenAsTheyAre() {
    for (int size : new int[] {0, 3, 300_000}) {
      double[] doubles = IntStream.range(0, size).mapToDouble(i -> i * 0.5).toArray();
      float[] floats = new float[size];
      short[] shorts = new short[size];
      boolean[] truths = new boolean[size];
      for (int i = 0; i < size; i++) {
        floats[i] = i * 0.25f;
        shorts[i] = (short) i;
        truths[i] = i % 3 == 0;
      }
      long[] longs = IntStream.range(0, size).mapToLong(i -> (long) i << 33).toArray();
      int[] ints = IntStream.range(0, size).map(i -> -i).toArray();

      assertThat(python.call("echo", doubles, double[].class)).isEqualTo(doubles);
      assertThat(python.call("echo", floats, float[].class)).isEqualTo(floats);
      assertThat(python.call("echo", longs, long[].class)).isEqualTo(longs);
      assertThat(python.call("echo", ints, int[].class)).isEqualTo(ints);
      assertThat(python.call("echo", shorts, NumericArray.class))
          .isEqualTo(NumericArray.of(shorts));
      assertThat(python.call("echo", truths, NumericArray.class))
          .isEqualTo(NumericArray.of(truths));
      assertThat(python.call("echo", ints, double[].class))
          .isEqualTo(Arrays.stream(ints).asDoubleStream().toArray());
    }
  }

  @Test
  void anArrayInColumnOrderIsReadRowByRow() {
    NumericArray array =
        python.eval("np.asfortranarray(np.arange(20_000.0).reshape(100, 200))", NumericArray.class);
    assertThat(array.order()).isEqualTo(Order.F);
    assertThat(
            python.eval("np.asfortranarray(np.arange(20_000.0).reshape(100, 200))", double[].class))
        .isEqualTo(IntStream.range(0, 20_000).mapToDouble(i -> i).toArray());
  }

  @Test
  void anArrayOfMoreThanTwoGigabytesIsRefused() {
    assertThatThrownBy(() -> python.eval("np.empty(1 << 31, dtype='u1')", Object.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("2147483648 bytes are too large for Java");
  }
}

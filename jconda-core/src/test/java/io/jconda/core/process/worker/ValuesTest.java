package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.PythonException;
import io.jconda.core.client.RealPython;
import io.jconda.process.PythonWorker;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends values to a real Python and back. */
@Timeout(120)
class ValuesTest {
  private static PythonWorker python;

  @BeforeAll
  static void start() {
    python = RealPython.environment().worker();
    python.exec(
        """
        import datetime, decimal, enum, collections, array, pathlib
        import numpy as np
        def echo(x): return x
        def kind(x): return type(x).__name__
        """);
  }

  @AfterAll
  static void close() {
    python.close();
  }

  private static Object echo(Object value) {
    return python.call("echo", value, Object.class);
  }

  static Stream<Object> values() {
    Map<Object, Object> dollar = new LinkedHashMap<>();
    dollar.put("$", "bytes");
    dollar.put("at", List.of(0L, 1L));
    Map<Object, Object> odd = new LinkedHashMap<>();
    odd.put(1L, "one");
    odd.put(Optional.empty(), List.of(2.5));
    odd.put("$", Map.of());
    return Stream.of(
        true,
        false,
        0L,
        -1L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        BigInteger.ONE.shiftLeft(64),
        BigInteger.ONE.shiftLeft(100_000).negate(),
        0.0,
        -0.0,
        0.1,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        "",
        "äöü \u4f60\u597d \ud83d\ude00 \"quoted\" \\ \n\r\t\0",
        "half a pair \ud83d",
        Optional.empty(),
        List.of(),
        List.of(1L, "two", 3.0, List.of(Optional.empty(), true)),
        List.of(1L, BigInteger.TEN.pow(6000), 2L),
        Map.of(),
        Map.of("a", List.of(1L), "b", Map.of("c", 2.5)),
        dollar,
        odd,
        Set.of(1L, "x"),
        LocalDate.of(2026, 2, 28),
        LocalDateTime.of(2026, 2, 28, 23, 59, 59, 999_999_000),
        LocalDateTime.of(1, 1, 1, 0, 0),
        OffsetDateTime.of(2026, 7, 1, 12, 0, 0, 1000, ZoneOffset.ofHoursMinutes(-3, -30)),
        LocalTime.of(12, 34, 56, 7000),
        OffsetTime.of(1, 2, 3, 0, ZoneOffset.ofHours(2)),
        Duration.ofDays(3).plusNanos(1000),
        Duration.ofSeconds(-5).plusNanos(250_000_000),
        new BigDecimal("1.10"),
        new BigDecimal("-1E+400"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueComesBackAsItWent(Object value) {
    assertThat(echo(value)).isEqualTo(value);
    assertThat(echo(List.of(value))).isEqualTo(List.of(value));
    assertThat(echo(Map.of("key", value))).isEqualTo(Map.of("key", value));
  }

  @Test
  void bytesComeBackAsTheyWent() {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);
    assertThat(python.call("echo", bytes, byte[].class)).isEqualTo(bytes);
    assertThat(python.call("echo", new byte[0], byte[].class)).isEmpty();
    assertThat(python.eval("[a, b'mid', b]", Map.of("a", new byte[] {1}, "b", new byte[] {2, 3})))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(new byte[] {1}, new byte[] {'m', 'i', 'd'}, new byte[] {2, 3});
  }

  @Test
  void pythonSeesItsOwnTypes() {
    assertThat(
            Stream.of(
                    Optional.of(3),
                    (short) 1,
                    1.5f,
                    'c',
                    TimeUnit.DAYS,
                    Path.of("/tmp"),
                    new Object[] {1, "x"},
                    LocalDate.EPOCH,
                    Instant.EPOCH,
                    Duration.ZERO,
                    BigDecimal.ONE,
                    new byte[0],
                    Set.of(),
                    new double[] {1})
                .map(value -> python.call("kind", value, String.class)))
        .containsExactly(
            "int",
            "int",
            "float",
            "str",
            "str",
            "str",
            "list",
            "date",
            "datetime",
            "timedelta",
            "Decimal",
            "bytes",
            "set",
            "ndarray");
  }

  @Test
  void aMomentKeepsItsTimeZone() {
    ZonedDateTime berlin = ZonedDateTime.parse("2026-07-01T12:00:00+02:00[Europe/Berlin]");
    assertThat(python.call("echo", berlin, ZonedDateTime.class).toInstant())
        .isEqualTo(berlin.toInstant());
    Instant now = Instant.parse("2026-11-24T10:11:12.131415Z");
    assertThat(python.call("echo", now, Instant.class)).isEqualTo(now);
    assertThat(python.eval("m.utcoffset() == datetime.timedelta(hours=2)", Map.of("m", berlin)))
        .isEqualTo(true);
  }

  @Test
  void whatIsLikeAValueComesAsOne() {
    assertThat(
            python.eval(
                """
                [(1, 2), range(3), collections.deque('ab'), {'k': 1}.keys(), {}.values(),
                 collections.OrderedDict(a=1), frozenset([1]), bytearray(b'x').decode(),
                 pathlib.PurePosixPath('/a/b'), enum.Enum('E', 'A B').B,
                 np.float32(0.5), np.int8(-3), np.bool_(True), np.str_('s'), np.float64(2.5),
                 collections.namedtuple('P', 'x y')(1, 2), type('I', (int,), {})(5)]
                """,
                Object.class))
        .isEqualTo(
            List.of(
                List.of(1L, 2L),
                List.of(0L, 1L, 2L),
                List.of("a", "b"),
                List.of("k"),
                List.of(),
                Map.of("a", 1L),
                Set.of(1L),
                "x",
                "/a/b",
                2L,
                0.5,
                -3L,
                true,
                "s",
                2.5,
                List.of(1L, 2L),
                5L));
  }

  @Test
  void whatIsNoValueIsRefusedInBothDirections() {
    assertThatThrownBy(() -> python.eval("object()", Object.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("a builtins.object is no value that Java can take");
    assertThatThrownBy(() -> python.eval("np.array(['x'])", Object.class))
        .isInstanceOf(PythonException.class);
    assertThatThrownBy(() -> echo(new Object())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> echo(Arrays.asList(1, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Optional.empty()");
    assertThatThrownBy(
            () -> {
              python.exec("circle = []; circle.append(circle)");
              python.eval("circle", Object.class);
            })
        .isInstanceOf(PythonException.class);
    assertThat(echo("still there")).isEqualTo("still there");
  }

  @Test
  void aResultHasTheClassThatWasAskedForOrIsRefused() {
    assertThat(python.eval("3", int.class)).isEqualTo(3);
    assertThat(python.eval("3", Byte.class)).isEqualTo((byte) 3);
    assertThat(python.eval("3", Double.class)).isEqualTo(3.0);
    assertThat(python.eval("3", BigInteger.class)).isEqualTo(BigInteger.valueOf(3));
    assertThat(python.eval("2.5", BigDecimal.class)).isEqualTo("2.5");
    assertThat((Object) python.eval("None", Optional.class)).isEqualTo(Optional.empty());
    assertThat((Object) python.eval("3", Optional.class)).isEqualTo(Optional.of(3L));
    assertThat(python.eval("[1, 2.5]", double[].class)).containsExactly(1, 2.5);
    assertThat(python.eval("np.arange(3)", int[].class)).containsExactly(0, 1, 2);
    assertThat(python.eval("np.array([1.5])", float[].class)).containsExactly(1.5f);
    for (Class<?> wrong : List.of(Integer.class, String.class, List.class, Boolean.class)) {
      assertThatThrownBy(() -> python.eval("2.5", wrong))
          .isInstanceOf(CondaException.class)
          .hasMessageContaining("which is no " + wrong.getSimpleName());
    }
    assertThatThrownBy(() -> python.eval("1 << 40", Integer.class))
        .isInstanceOf(CondaException.class);
    assertThatThrownBy(() -> python.eval("None", String.class))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("None");
  }
}

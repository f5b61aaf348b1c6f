package io.jconda.core.process.worker;

import io.jconda.CondaException;
import io.jconda.process.NumericArray;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Gives a value the class that it was asked for as, if it fits. */
final class Conversions {
  private Conversions() {}

  /**
   * Converts a value.
   *
   * @throws CondaException if it is of another kind, or too large
   */
  @SuppressWarnings("unchecked") // the wrapper of a primitive class is what T stands for
  static <T> T to(Object value, Class<T> type) {
    Class<?> wanted = MethodType.methodType(type).wrap().returnType();
    if (wanted == Object.class) {
      return (T) value;
    }
    if (wanted == Optional.class) {
      return (T) (value instanceof Optional<?> ? value : Optional.of(value));
    }
    if (value instanceof Optional<?>) {
      throw new CondaException(
          "Python returned None where a %s was asked for.".formatted(type.getSimpleName()),
          "Ask for Optional.class, or see to it that the function returns something.");
    }
    try {
      Optional<Object> converted =
          wanted.isInstance(value) ? Optional.of(value) : converted(value, wanted);
      return (T) converted.orElseThrow(() -> unfit(value, type));
    } catch (ArithmeticException e) {
      throw unfit(value, type);
    }
  }

  private static CondaException unfit(Object value, Class<?> type) {
    String text = value.toString();
    return new CondaException(
        "Python returned a %s, which is no %s: %s."
            .formatted(
                value.getClass().getSimpleName(),
                type.getSimpleName(),
                text.length() > 80 ? text.substring(0, 80) + "…" : text),
        "Ask for another class; Object.class takes whatever comes.");
  }

  private static Optional<Object> converted(Object value, Class<?> wanted) {
    if (value instanceof Number number) {
      return number(number, wanted);
    }
    if (value instanceof NumericArray array) {
      return array(array, wanted);
    }
    if (value instanceof List<?> list) {
      return list(list, wanted);
    }
    if (value instanceof Set<?> set && wanted == List.class) {
      return Optional.of(List.copyOf(set));
    }
    if (value instanceof OffsetDateTime moment) {
      return wanted == Instant.class
          ? Optional.of(moment.toInstant())
          : wanted == ZonedDateTime.class
              ? Optional.of(moment.toZonedDateTime())
              : Optional.empty();
    }
    if (value instanceof String text) {
      return wanted == Path.class
          ? Optional.of(Path.of(text))
          : wanted == Character.class && text.length() == 1
              ? Optional.of(text.charAt(0))
              : Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<Object> number(Number value, Class<?> wanted) {
    if (wanted == Double.class) {
      return Optional.of(value.doubleValue());
    }
    if (wanted == Float.class) {
      return Optional.of(value.floatValue());
    }
    if (wanted == BigDecimal.class) {
      return Optional.of(
          value instanceof Double ? BigDecimal.valueOf(value.doubleValue()) : decimal(value));
    }
    if (value instanceof Double || value instanceof BigDecimal) {
      return Optional.empty();
    }
    BigInteger exact =
        value instanceof BigInteger big ? big : BigInteger.valueOf(value.longValue());
    if (wanted == BigInteger.class) {
      return Optional.of(exact);
    }
    if (wanted == Long.class || wanted == Number.class) {
      return Optional.of(exact.longValueExact());
    }
    if (wanted == Integer.class) {
      return Optional.of(exact.intValueExact());
    }
    if (wanted == Short.class) {
      return Optional.of(exact.shortValueExact());
    }
    return wanted == Byte.class ? Optional.of(exact.byteValueExact()) : Optional.empty();
  }

  private static BigDecimal decimal(Number value) {
    return value instanceof BigInteger big
        ? new BigDecimal(big)
        : BigDecimal.valueOf(value.longValue());
  }

  private static Optional<Object> array(NumericArray array, Class<?> wanted) {
    if (wanted == double[].class) {
      return Optional.of(array.toDoubles());
    }
    if (wanted == float[].class) {
      return Optional.of(floats(array.toDoubles()));
    }
    if (wanted == long[].class) {
      return Optional.of(array.toLongs());
    }
    if (wanted == int[].class) {
      long[] values = array.toLongs();
      return Optional.of(
          IntStream.range(0, values.length).map(i -> Math.toIntExact(values[i])).toArray());
    }
    if (wanted == List.class) {
      List<Object> all = new ArrayList<>();
      for (double value : array.toDoubles()) {
        all.add(value);
      }
      return Optional.of(List.copyOf(all));
    }
    return Optional.empty();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Optional<Object> list(List<?> list, Class<?> wanted) {
    if (wanted == Set.class) {
      return Optional.of(Set.copyOf(list));
    }
    if (wanted == double[].class) {
      return Optional.of(list.stream().mapToDouble(v -> to(v, Double.class)).toArray());
    }
    if (wanted == long[].class) {
      return Optional.of(list.stream().mapToLong(v -> to(v, Long.class)).toArray());
    }
    if (wanted == int[].class) {
      return Optional.of(list.stream().mapToInt(v -> to(v, Integer.class)).toArray());
    }
    return Optional.empty();
  }
}

package io.jconda.core.process.worker;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonObject;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes values as the loop in Python reads them. Not thread-safe. */
final class ValueWriter {
  /** Python makes no number of longer text. */
  private static final int LARGE_BITS = 13_000;

  private final JsonGenerator json;
  private final Exchange exchange;
  private final ArrayWriter arrays;
  private final List<Long> registered = new ArrayList<>();

  ValueWriter(JsonGenerator json, Exchange exchange) {
    this.json = json;
    this.exchange = exchange;
    this.arrays = new ArrayWriter(json, exchange);
  }

  JsonGenerator json() {
    return json;
  }

  byte[] blobs() {
    return arrays.blobs();
  }

  /** Writes which files the message needs: they come back even if nobody looks into them. */
  void writeFiles() throws IOException {
    if (!arrays.files().isEmpty()) {
      json.writeArrayFieldStart("files");
      for (Path file : arrays.files()) {
        json.writeString(file.toString());
      }
      json.writeEndArray();
    }
  }

  /** Takes back what a message holds that cannot be sent. */
  void abandon() throws IOException {
    registered.forEach(exchange::drop);
    for (Path file : arrays.files()) {
      exchange.folder().outgoing().release(file);
    }
  }

  void list(List<?> values) throws IOException {
    json.writeStartArray();
    for (Object value : values) {
      write(value);
    }
    json.writeEndArray();
  }

  /** Writes an object whose keys are names, each with a value. */
  void named(Map<String, ?> values) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      json.writeFieldName(entry.getKey());
      write(entry.getValue());
    }
    json.writeEndObject();
  }

  void write(@Nullable Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof List<?> list) {
      list(list);
    } else if (value instanceof Map<?, ?> map) {
      map(map);
    } else if (value instanceof Optional<?> optional) {
      if (optional.isPresent()) {
        write(optional.get());
      } else {
        json.writeNull();
      }
    } else {
      special(value);
    }
  }

  private void number(Number value) throws IOException {
    if (value instanceof Double || value instanceof Float) {
      json.writeNumber(value.doubleValue());
    } else if (value instanceof BigInteger integer) {
      if (integer.bitLength() < LARGE_BITS) {
        json.writeNumber(integer);
      } else {
        tagged("int", "v", integer.toString(16));
      }
    } else if (value instanceof BigDecimal decimal) {
      tagged("decimal", "v", decimal.toString());
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      json.writeNumber(value.longValue());
    } else {
      throw refused(value);
    }
  }

  private void special(@Nullable Object value) throws IOException {
    if (value == null) {
      throw new IllegalArgumentException(
          "null is no value for Python: give Optional.empty() for None.");
    }
    if (value instanceof byte[] bytes) {
      arrays.write(bytes);
    } else if (value instanceof Set<?> set) {
      start("set");
      json.writeFieldName("v");
      list(List.copyOf(set));
      json.writeEndObject();
    } else if (value instanceof PythonObject object) {
      start("ref");
      json.writeNumberField("id", exchange.idOf(object));
      json.writeEndObject();
    } else if (value instanceof JavaFunction function) {
      start("java");
      long number = exchange.register(function);
      registered.add(number);
      json.writeNumberField("id", number);
      json.writeEndObject();
    } else if (value instanceof Character || value instanceof Path) {
      json.writeString(value.toString());
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value instanceof Object[] objects) {
      list(Arrays.asList(objects));
    } else if (!arrays.write(value)) {
      time(value);
    }
  }

  private void time(Object value) throws IOException {
    if (value instanceof LocalDateTime moment) {
      dateTime(moment);
      json.writeEndObject();
    } else if (value instanceof OffsetDateTime moment) {
      dateTime(moment.toLocalDateTime());
      json.writeNumberField("offset", moment.getOffset().getTotalSeconds());
      json.writeEndObject();
    } else if (value instanceof Instant moment) {
      time(moment.atOffset(ZoneOffset.UTC));
    } else if (value instanceof ZonedDateTime moment) {
      if (moment.getZone() instanceof ZoneOffset) {
        time(moment.toOffsetDateTime());
        return;
      }
      dateTime(moment.toLocalDateTime());
      json.writeObjectFieldStart("zone");
      json.writeStringField("name", moment.getZone().getId());
      json.writeNumberField("offset", moment.getOffset().getTotalSeconds());
      json.writeEndObject();
      json.writeEndObject();
    } else if (value instanceof LocalDate date) {
      start("date");
      numbers("v", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      json.writeEndObject();
    } else if (value instanceof LocalTime time) {
      start("time");
      clock(time);
      json.writeEndObject();
    } else if (value instanceof OffsetTime time) {
      start("time");
      clock(time.toLocalTime());
      json.writeNumberField("offset", time.getOffset().getTotalSeconds());
      json.writeEndObject();
    } else if (value instanceof Duration duration) {
      start("timedelta");
      numbers("v", duration.getSeconds(), duration.getNano() / 1000);
      json.writeEndObject();
    } else {
      throw refused(value);
    }
  }

  private static IllegalArgumentException refused(Object value) {
    return new IllegalArgumentException(
        "A %s is no value for Python; PythonCalls says which ones are."
            .formatted(value.getClass().getName()));
  }

  private void dateTime(LocalDateTime moment) throws IOException {
    start("datetime");
    numbers(
        "v",
        moment.getYear(),
        moment.getMonthValue(),
        moment.getDayOfMonth(),
        moment.getHour(),
        moment.getMinute(),
        moment.getSecond(),
        moment.getNano() / 1000);
  }

  private void clock(LocalTime time) throws IOException {
    numbers("v", time.getHour(), time.getMinute(), time.getSecond(), time.getNano() / 1000);
  }

  private void map(Map<?, ?> map) throws IOException {
    boolean plain =
        map.keySet().stream().allMatch(key -> key instanceof String s && !s.equals("$"));
    if (plain) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName((String) entry.getKey());
        write(entry.getValue());
      }
      json.writeEndObject();
      return;
    }
    start("dict");
    json.writeArrayFieldStart("v");
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeStartArray();
      write(entry.getKey());
      write(entry.getValue());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void numbers(String field, long... values) throws IOException {
    json.writeArrayFieldStart(field);
    for (long value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private void tagged(String tag, String field, String text) throws IOException {
    start(tag);
    json.writeStringField(field, text);
    json.writeEndObject();
  }

  private void start(String tag) throws IOException {
    json.writeStartObject();
    json.writeStringField("$", tag);
  }
}

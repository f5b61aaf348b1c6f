package io.jconda.core.process.worker;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes values of what the loop in Python writes. */
final class ValueReader {
  private static final Pattern ZONE = Pattern.compile(".*([+-]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?)");

  private final Exchange exchange;
  private final ArrayReader arrays;

  ValueReader(Exchange exchange, byte[] blobs) {
    this.exchange = exchange;
    this.arrays = new ArrayReader(exchange, blobs);
  }

  /** Reads a value that will be asked for as a class, if that can be told from others. */
  Object read(JsonNode json, Class<?> wanted) {
    return json.path("$").asText().equals("array")
        ? arrays.straight(json, wanted).orElseGet(() -> read(json))
        : read(json);
  }

  Object read(JsonNode json) {
    return switch (json.getNodeType()) {
      case STRING -> json.textValue();
      case BOOLEAN -> json.booleanValue();
      case NUMBER -> number(json);
      case ARRAY -> list(json);
      case OBJECT -> json.has("$") ? tagged(json) : map(json);
      case NULL -> Optional.empty();
      default -> throw new IllegalStateException("A value of kind " + json.getNodeType());
    };
  }

  private static Object number(JsonNode json) {
    if (json.isFloatingPointNumber()) {
      return json.doubleValue();
    }
    return json.canConvertToLong() ? (Object) json.longValue() : json.bigIntegerValue();
  }

  List<Object> list(JsonNode json) {
    List<Object> list = new ArrayList<>(json.size());
    json.forEach(item -> list.add(read(item)));
    return Collections.unmodifiableList(list);
  }

  private Map<Object, Object> map(JsonNode json) {
    Map<Object, Object> map = new LinkedHashMap<>();
    json.properties().forEach(entry -> map.put(entry.getKey(), read(entry.getValue())));
    return Collections.unmodifiableMap(map);
  }

  private Object tagged(JsonNode json) {
    String tag = json.path("$").textValue();
    String text = json.path("v").isTextual() ? json.path("v").textValue() : "";
    return switch (tag) {
      case "bytes" -> arrays.bytes(json);
      case "int" -> new BigInteger(text, 16);
      case "decimal" -> new BigDecimal(text);
      case "set" -> set(json.path("v"));
      case "dict" -> pairs(json.path("v"));
      case "array" -> arrays.array(json);
      case "datetime" ->
          ZONE.matcher(text.substring(10)).matches()
              ? OffsetDateTime.parse(text)
              : LocalDateTime.parse(text);
      case "date" -> LocalDate.parse(text);
      case "time" -> ZONE.matcher(text).matches() ? OffsetTime.parse(text) : LocalTime.parse(text);
      case "timedelta" ->
          Duration.ofSeconds(
              json.path("v").path(0).longValue(), json.path("v").path(1).longValue() * 1000);
      case "java" -> exchange.function(json.path("id").longValue());
      default -> throw new IllegalStateException("A value tagged " + tag);
    };
  }

  private Set<Object> set(JsonNode json) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(list(json)));
  }

  private Map<Object, Object> pairs(JsonNode json) {
    Map<Object, Object> map = new LinkedHashMap<>();
    json.forEach(pair -> map.put(read(pair.path(0)), read(pair.path(1))));
    return Collections.unmodifiableMap(map);
  }
}

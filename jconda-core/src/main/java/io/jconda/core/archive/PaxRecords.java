package io.jconda.core.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows what extended headers say of the entries that follow.
 *
 * <p>Source: POSIX.1-2017, pax, "pax Extended Header". Keys that no package needs (owners,
 * attributes of other systems) are not kept.
 */
final class PaxRecords {
  private static final Set<String> KEPT = Set.of("path", "linkpath", "size", "mtime");
  private static final String SPARSE = "GNU.sparse.";
  private static final int NANO_DIGITS = 9;

  private final Map<String, String> values;
  private final SparseMap.Parts parts = new SparseMap.Parts();
  private long partOffset;

  private PaxRecords(Map<String, String> values) {
    this.values = values;
  }

  /** Makes the records of an entry that no extended header precedes. */
  static PaxRecords none() {
    return new PaxRecords(Map.of());
  }

  /** Returns these records and those of one more header, which count for more. */
  PaxRecords and(byte[] header) throws IOException {
    PaxRecords all = new PaxRecords(new HashMap<>(values));
    int at = 0;
    while (at < header.length) {
      int space = at;
      long length = 0;
      while (space < header.length && header[space] >= '0' && header[space] <= '9') {
        length = Math.min(length * 10 + header[space++] - '0', header.length + 1L);
      }
      int end = (int) Math.min(at + length, header.length);
      int equals = space;
      while (equals < end && header[equals] != '=') {
        equals++;
      }
      if (at + length > header.length
          || space >= header.length
          || header[space] != ' '
          || equals >= end
          || header[end - 1] != '\n') {
        throw new IOException("an extended header of its tarball is no list of records");
      }
      all.put(text(header, space + 1, equals), text(header, equals + 1, end - 1));
      at = end;
    }
    return all;
  }

  private static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private void put(String key, String value) throws IOException {
    // the oldest of GNU's formats for sparse files repeats these two for each part
    if (key.equals(SPARSE + "offset")) {
      partOffset = number(value);
    } else if (key.equals(SPARSE + "numbytes")) {
      parts.add(partOffset, number(value));
    } else if (key.startsWith(SPARSE) || KEPT.contains(key)) {
      if (value.isEmpty()) {
        values.remove(key);
      } else {
        values.put(key, value);
      }
    }
  }

  String name(String plain) {
    String sparse = values.get(SPARSE + "name");
    return sparse != null ? sparse : values.getOrDefault("path", plain);
  }

  String linkName(String plain) {
    return values.getOrDefault("linkpath", plain);
  }

  /** Returns how many bytes the tarball holds. */
  long size(long plain) throws IOException {
    String size = values.get("size");
    return size == null ? plain : number(size);
  }

  Instant modified(long plainSecond) throws IOException {
    String time = values.get("mtime");
    try {
      return time == null ? Instant.ofEpochSecond(plainSecond) : instant(time);
    } catch (NumberFormatException | DateTimeException e) {
      throw new IOException("an entry of its tarball is of no time that can be", e);
    }
  }

  private static Instant instant(String seconds) {
    int dot = seconds.indexOf('.');
    if (dot < 0) {
      return Instant.ofEpochSecond(Long.parseLong(seconds));
    }
    String digits = seconds.substring(dot + 1);
    String nanos = (digits + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
    long whole = Long.parseLong(seconds.substring(0, dot) + (dot == 0 ? "0" : ""));
    int part = Integer.parseUnsignedInt(nanos);
    return Instant.ofEpochSecond(whole, seconds.startsWith("-") ? -part : part);
  }

  /** Tells whether a sparse file follows whose map stands before its content. */
  boolean isMapInContent() {
    return "1".equals(values.get(SPARSE + "major"));
  }

  /** Returns how long the sparse file that follows is, holes included. */
  long sparseSize() throws IOException {
    String size = values.get(SPARSE + (isMapInContent() ? "realsize" : "size"));
    if (size == null) {
      throw new IOException("a sparse file of its tarball has no size");
    }
    return number(size);
  }

  /**
   * Returns where the parts of a sparse file lie; null if none follows, or not by these records.
   */
  SparseMap.@Nullable Parts parts() throws IOException {
    String map = values.get(SPARSE + "map");
    if (map == null) {
      return values.containsKey(SPARSE + "size") ? parts : null;
    }
    SparseMap.Parts listed = new SparseMap.Parts();
    String[] numbers = map.split(",", -1);
    for (int i = 0; i + 1 < numbers.length; i += 2) {
      listed.add(number(numbers[i]), number(numbers[i + 1]));
    }
    return listed;
  }

  private static long number(String digits) throws IOException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IOException("an extended header of its tarball has no number where one is", e);
    }
  }
}

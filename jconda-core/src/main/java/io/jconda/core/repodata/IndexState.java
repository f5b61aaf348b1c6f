package io.jconda.core.repodata;

import io.jconda.core.net.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what the cached index of a subdir is and where it came from; lies beside it.
 *
 * @param url the subdir's URL without secrets
 * @param dataFile the name of the cached file, empty if there is none
 * @param sum the checksum of the cached file, 0 if the file knows its own
 * @param absent whether the server said that there is no such index
 * @param variant which form was downloaded
 * @param etag the server's tag of it, empty if it gave none
 * @param lastModified the server's date of it, empty if it gave none
 * @param checked when the server last said that it is current, or that there is none
 * @param maxAge how long the server said that it may be used without asking
 * @param noZstUntil until when the server need not be asked for the compressed form
 * @param swept when shards that no index names any more were last deleted
 */
record IndexState(
    String url,
    String dataFile,
    long sum,
    boolean absent,
    Variant variant,
    String etag,
    String lastModified,
    Instant checked,
    Duration maxAge,
    Instant noZstUntil,
    Instant swept) {
  private static final Logger LOG = LoggerFactory.getLogger(IndexState.class);
  // lines of key and value: a reader of JSON would cost more than all the rest of a fresh index
  private static final String FIRST_LINE = "jconda index 1\n";
  private static final String LAST_KEY = "\nend=";

  /** Makes the state of a subdir that nothing is cached of. */
  static IndexState none(String url) {
    return new IndexState(
        url,
        "",
        0,
        false,
        Variant.ZST,
        "",
        "",
        Instant.EPOCH,
        Duration.ZERO,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  /** Returns the state after the server served a form of the index. */
  IndexState served(
      Response response, Variant served, String newDataFile, long newSum, Instant now) {
    return new IndexState(
        url,
        newDataFile,
        newSum,
        false,
        served,
        response.header("ETag").orElse(""),
        response.header("Last-Modified").orElse(""),
        now,
        maxAge(response),
        noZstUntil,
        swept);
  }

  /** Returns the state after the server said that the cached index is current. */
  IndexState confirmed(Response response, Instant now) {
    return new IndexState(
        url,
        dataFile,
        sum,
        false,
        variant,
        response.header("ETag").orElse(etag),
        response.header("Last-Modified").orElse(lastModified),
        now,
        maxAge(response),
        noZstUntil,
        swept);
  }

  IndexState withoutZstUntil(Instant until) {
    return new IndexState(
        url, dataFile, sum, absent, variant, etag, lastModified, checked, maxAge, until, swept);
  }

  IndexState sweptAt(Instant time) {
    return new IndexState(
        url, dataFile, sum, absent, variant, etag, lastModified, checked, maxAge, noZstUntil, time);
  }

  /** Returns the state with which the server is asked anew, whatever it said of the time. */
  IndexState outdated() {
    return new IndexState(
        url,
        dataFile,
        sum,
        absent,
        variant,
        etag,
        lastModified,
        Instant.EPOCH,
        Duration.ZERO,
        noZstUntil,
        swept);
  }

  /** Returns the state after the server said that there is no such index. */
  IndexState gone(Instant now) {
    return new IndexState(url, "", 0, true, variant, "", "", now, Duration.ZERO, noZstUntil, swept);
  }

  /** Tells whether the index may be used without asking; not if the clock went back. */
  boolean isFresh(Instant now, Optional<Duration> lifetime) {
    return isYoungerThan(lifetime.orElse(maxAge), now);
  }

  /** Tells whether the server said within a while that there is no such index. */
  boolean isAbsent(Instant now, Duration remembered) {
    return absent && isYoungerThan(remembered, now);
  }

  private boolean isYoungerThan(Duration limit, Instant now) {
    Duration age = Duration.between(checked, now);
    return !age.isNegative() && age.compareTo(limit) < 0;
  }

  /** Returns the conditions with which to ask for a form, if that is the cached one. */
  Map<String, String> conditions(Variant asked) {
    Map<String, String> headers = new HashMap<>();
    if (variant == asked && !etag.isEmpty()) {
      headers.put("If-None-Match", etag);
    }
    if (variant == asked && !lastModified.isEmpty()) {
      headers.put("If-Modified-Since", lastModified);
    }
    return headers;
  }

  private static Duration maxAge(Response response) {
    return response.header("Cache-Control").map(IndexState::maxAge).orElse(Duration.ZERO);
  }

  /** Reads a Cache-Control (RFC 9111); what may not be stored is stored, but never fresh. */
  private static Duration maxAge(String cacheControl) {
    Duration maxAge = Duration.ZERO;
    for (String directive : cacheControl.toLowerCase(Locale.ROOT).split(",", -1)) {
      String text = directive.strip();
      int end = text.indexOf('=');
      String name = end < 0 ? text : text.substring(0, end).strip();
      if (name.equals("no-cache") || name.equals("no-store")) {
        return Duration.ZERO;
      }
      if (name.equals("max-age") && end >= 0) {
        maxAge = seconds(text.substring(end + 1).strip());
      }
    }
    return maxAge;
  }

  private static Duration seconds(String text) {
    String digits =
        text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    boolean isNumber =
        !digits.isEmpty()
            && digits.length() < 10
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Duration.ofSeconds(Long.parseLong(digits)) : Duration.ZERO;
  }

  /** Reads a state; one that is missing, torn or of another URL is no state. */
  static IndexState read(Path file, String url) throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return none(url);
    }
    int end = text.lastIndexOf(LAST_KEY);
    if (!text.startsWith(FIRST_LINE) || end < 0 || !text.substring(end).equals(last(text, end))) {
      LOG.debug("{} is damaged; the index is loaded anew.", file);
      return none(url);
    }
    Map<String, String> values = new HashMap<>();
    for (String line : text.substring(FIRST_LINE.length(), end).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return of(values, url);
  }

  private static IndexState of(Map<String, String> values, String url) {
    if (!url.equals(values.get("url"))) {
      return none(url);
    }
    try {
      return new IndexState(
          url,
          values.getOrDefault("data", ""),
          Long.parseLong(values.getOrDefault("sum", "0")),
          values.containsKey("absent"),
          Variant.of(values.getOrDefault("form", "")),
          values.getOrDefault("etag", ""),
          values.getOrDefault("modified", ""),
          Instant.ofEpochMilli(Long.parseLong(values.getOrDefault("checked", "0"))),
          Duration.ofSeconds(Long.parseLong(values.getOrDefault("max-age", "0"))),
          Instant.ofEpochMilli(Long.parseLong(values.getOrDefault("no-zst-until", "0"))),
          Instant.ofEpochMilli(Long.parseLong(values.getOrDefault("swept", "0"))));
    } catch (NumberFormatException e) {
      LOG.debug("The state of the index {} is of another version; it is loaded anew.", url, e);
      return none(url);
    }
  }

  byte[] toBytes() {
    StringBuilder text = new StringBuilder(FIRST_LINE);
    line(text, "url", url);
    line(text, "data", dataFile);
    line(text, "sum", Long.toString(sum));
    if (absent) {
      line(text, "absent", "");
    }
    line(text, "form", variant.fileName());
    line(text, "etag", etag);
    line(text, "modified", lastModified);
    line(text, "checked", Long.toString(checked.toEpochMilli()));
    line(text, "max-age", Long.toString(maxAge.toSeconds()));
    line(text, "no-zst-until", Long.toString(noZstUntil.toEpochMilli()));
    line(text, "swept", Long.toString(swept.toEpochMilli()));
    int end = text.length() - 1;
    return (text.substring(0, end) + last(text.toString(), end)).getBytes(StandardCharsets.UTF_8);
  }

  /** A header of HTTP holds no line break; what does is nothing to be remembered. */
  private static void line(StringBuilder text, String key, String value) {
    if (value.indexOf('\n') < 0) {
      text.append(key).append('=').append(value).append('\n');
    }
  }

  /** Returns the last line, with a checksum of all before it. */
  private static String last(String text, int end) {
    CRC32 sum = new CRC32();
    sum.update(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
    return LAST_KEY + Long.toHexString(sum.getValue()) + "\n";
  }
}

package io.jconda.core.repodata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.net.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what the cached index of a subdir is and where it came from; lies beside it.
 *
 * @param url the subdir's URL without secrets
 * @param dataFile the name of the cached file, empty if there is none
 * @param absent whether the server said that there is no such subdir
 * @param variant which form was downloaded
 * @param etag the server's tag of it, empty if it gave none
 * @param lastModified the server's date of it, empty if it gave none
 * @param checked when the server last said that it is current
 * @param maxAge how long the server said that it may be used without asking
 * @param noZstUntil until when the server need not be asked for the compressed form
 */
record IndexState(
    String url,
    String dataFile,
    boolean absent,
    Variant variant,
    String etag,
    String lastModified,
    Instant checked,
    Duration maxAge,
    Instant noZstUntil) {
  private static final Logger LOG = LoggerFactory.getLogger(IndexState.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[\\s,])max-age\\s*=\\s*\"?(\\d{1,9})");
  private static final Pattern NO_CACHE = Pattern.compile("(?:^|[\\s,])no-(?:cache|store)\\b");

  /** Makes the state of a subdir that nothing is cached of. */
  static IndexState none(String url) {
    return new IndexState(
        url, "", false, Variant.ZST, "", "", Instant.EPOCH, Duration.ZERO, Instant.EPOCH);
  }

  /** Returns the state after the server served, or confirmed, a form of the index. */
  IndexState after(Response response, Variant served, String newDataFile, Instant now) {
    boolean confirmed = response.status() == 304;
    return new IndexState(
        url,
        newDataFile,
        false,
        served,
        response.header("ETag").orElse(confirmed ? etag : ""),
        response.header("Last-Modified").orElse(confirmed ? lastModified : ""),
        now,
        response.header("Cache-Control").map(IndexState::maxAge).orElse(Duration.ZERO),
        noZstUntil);
  }

  IndexState withoutZstUntil(Instant until) {
    return new IndexState(
        url, dataFile, absent, variant, etag, lastModified, checked, maxAge, until);
  }

  /** Returns the state after the server said that there is no such subdir. */
  IndexState gone(Instant now) {
    return new IndexState(url, "", true, variant, "", "", now, Duration.ZERO, noZstUntil);
  }

  /** Tells whether the index may be used without asking; not if the clock went back. */
  boolean isFresh(Instant now, Optional<Duration> lifetime) {
    Duration age = Duration.between(checked, now);
    return !age.isNegative() && age.compareTo(lifetime.orElse(maxAge)) < 0;
  }

  private static Duration maxAge(String cacheControl) {
    String text = cacheControl.toLowerCase(Locale.ROOT);
    Matcher matcher = MAX_AGE.matcher(text);
    return matcher.find() && !NO_CACHE.matcher(text).find()
        ? Duration.ofSeconds(Long.parseLong(matcher.group(1)))
        : Duration.ZERO;
  }

  /** Reads a state; one that is missing, torn or of another URL is no state. */
  static IndexState read(Path file, String url) throws IOException {
    JsonNode node;
    try {
      node = JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return none(url);
    } catch (JsonProcessingException e) {
      LOG.debug("{} is damaged; the index is loaded anew.", file, e);
      return none(url);
    }
    String dataFile = node.path("data_file").asText();
    boolean usable = node.path("url").asText().equals(url) && dataFile.matches("[A-Za-z0-9.-]*");
    if (!usable) {
      return none(url);
    }
    return new IndexState(
        url,
        dataFile,
        node.path("absent").asBoolean(),
        node.path("variant").asText().equals("json") ? Variant.JSON : Variant.ZST,
        node.path("etag").asText(),
        node.path("last_modified").asText(),
        Instant.ofEpochMilli(node.path("checked_ms").asLong()),
        Duration.ofSeconds(node.path("max_age_s").asLong()),
        Instant.ofEpochMilli(node.path("no_zst_until_ms").asLong()));
  }

  byte[] toBytes() throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("url", url);
    node.put("data_file", dataFile);
    node.put("absent", absent);
    node.put("variant", variant == Variant.JSON ? "json" : "zst");
    node.put("etag", etag);
    node.put("last_modified", lastModified);
    node.put("checked_ms", checked.toEpochMilli());
    node.put("max_age_s", maxAge.toSeconds());
    node.put("no_zst_until_ms", noZstUntil.toEpochMilli());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }
}

package io.jconda.core.repodata;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes and reads a record outside any index: in the form of an index (CEP-36), and besides with
 * what an index leaves to the place where it lies: {@code channel}, {@code subdir}, {@code fn} and
 * {@code url}. What is empty is left out; times are kept to the millisecond.
 */
public final class StandaloneRecord {
  private StandaloneRecord() {}

  /** Writes a record as an object. User info and tokens of its URL and channel are left out. */
  public static void write(PackageRecord record, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", record.name());
    out.writeStringField("version", record.version().toString());
    out.writeStringField("build", record.build());
    out.writeNumberField("build_number", record.buildNumber());
    texts("depends", record.depends(), out);
    texts("constrains", record.constrains(), out);
    if (!record.extraDepends().isEmpty()) {
      out.writeObjectFieldStart("extra_depends");
      for (Map.Entry<String, List<String>> group : record.extraDepends().entrySet()) {
        out.writeFieldName(group.getKey());
        array(group.getValue(), out);
      }
      out.writeEndObject();
    }
    texts("flags", record.flags(), out);
    texts("track_features", record.trackFeatures(), out);
    texts("features", record.features(), out);
    text("sha256", record.sha256(), out);
    text("md5", record.md5(), out);
    if (record.size().isPresent()) {
      out.writeNumberField("size", record.size().getAsLong());
    }
    time("timestamp", record.timestamp(), out);
    time("indexed_timestamp", record.indexedTimestamp(), out);
    text("noarch", record.noarch().map(Object::toString), out);
    text("license", record.license(), out);
    text("license_family", record.licenseFamily(), out);
    text("python_site_packages_path", record.pythonSitePackagesPath(), out);
    out.writeStringField("channel", withoutSecrets(record.channel()));
    out.writeStringField("subdir", record.subdir());
    out.writeStringField("fn", record.fileName());
    out.writeStringField("url", withoutSecrets(record.url()));
    out.writeEndObject();
  }

  private static void texts(String field, List<String> texts, JsonGenerator out)
      throws IOException {
    if (!texts.isEmpty()) {
      out.writeFieldName(field);
      array(texts, out);
    }
  }

  private static void array(List<String> texts, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  private static void text(String field, Optional<String> text, JsonGenerator out)
      throws IOException {
    if (text.isPresent()) {
      out.writeStringField(field, text.get());
    }
  }

  private static void time(String field, Optional<Instant> time, JsonGenerator out)
      throws IOException {
    if (time.isEmpty()) {
      return;
    }
    long millis = time.get().toEpochMilli();
    if (millis > RecordChecks.LARGEST_SECONDS) {
      out.writeNumberField(field, millis);
    } else {
      // so small a number is read as seconds
      out.writeNumberField(field, millis / 1000.0);
    }
  }

  /**
   * Returns a channel or URL as others may see it: records of channels have no secrets, but what
   * other tools wrote into an environment may.
   */
  public static String withoutSecrets(String place) {
    if (!place.contains("://") || (!place.contains("@") && !place.contains("/t/"))) {
      return place;
    }
    try {
      return Channel.of(place).name();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /**
   * Reads what {@link #write} wrote, and takes the record's last token. It is not checked as a
   * record of an index is: it must not become a path.
   *
   * @param in stands at the beginning of the record's object
   * @throws IOException if it is no record; the message says why
   */
  public static PackageRecord read(JsonParser in) throws IOException {
    return RecordParser.parseStandalone(in);
  }
}

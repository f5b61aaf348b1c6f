package io.jconda.core.repodata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jconda.InvalidSpecException;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link PackageRecord} of the JSON of one record (CEP-36, CEP-34).
 *
 * <p>A record of an index is checked, because what it says becomes paths and URLs. A standalone one
 * is one that was checked before, an installed or a virtual one; it says by itself where it lies.
 */
final class RecordParser {
  private static final JsonFactory JSON = new JsonFactory();
  private @Nullable String name;
  private @Nullable String version;
  private @Nullable String build;
  private final List<Consumer<PackageRecord.Builder>> rest = new ArrayList<>();

  private final boolean standalone;

  private RecordParser(boolean standalone) {
    this.standalone = standalone;
  }

  /**
   * Parses a record.
   *
   * @param url makes the archive's URL of its file name
   * @throws BadRecordException if the record is of no use; the message says why
   */
  static PackageRecord parse(
      IndexEntry entry, String channel, String subdir, UnaryOperator<String> url)
      throws BadRecordException {
    if (!RecordChecks.isFileName(entry.fileName())) {
      throw new BadRecordException("its file name is not allowed");
    }
    try (JsonParser parser = JSON.createParser(entry.buffer(), entry.offset(), entry.length())) {
      RecordParser record = new RecordParser(false);
      parser.nextToken();
      return record
          .read(parser)
          .channel(channel)
          .subdir(subdir)
          .fileName(entry.fileName())
          .url(url.apply(entry.fileName()))
          .build();
    } catch (BadRecordException e) {
      throw e;
    } catch (IOException e) {
      throw new BadRecordException("its JSON is broken");
    }
  }

  /**
   * Parses a record that says by itself where it lies, and takes its last token.
   *
   * @param parser stands at the beginning of its object
   * @throws BadRecordException if the record is of no use; the message says why
   */
  static PackageRecord parseStandalone(JsonParser parser) throws IOException {
    return new RecordParser(true).read(parser).build();
  }

  private PackageRecord.Builder read(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      field(field, parser);
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new BadRecordException("its JSON is broken");
    }
    PackageRecord.Builder builder = begin();
    rest.forEach(setter -> setter.accept(builder));
    return builder;
  }

  private PackageRecord.Builder begin() throws BadRecordException {
    if (name == null || version == null || build == null) {
      throw new BadRecordException(
          "it has no " + (name == null ? "name" : version == null ? "version" : "build"));
    }
    if (!standalone && !RecordChecks.isName(name.toLowerCase(Locale.ROOT))) {
      throw new BadRecordException("its name is not allowed");
    }
    if (!standalone && !RecordChecks.isBuild(build)) {
      throw new BadRecordException("its build is not allowed");
    }
    try {
      return PackageRecord.builder(name, version, build);
    } catch (InvalidSpecException e) {
      throw new BadRecordException("its version cannot be read: " + e.problem());
    }
  }

  private void field(String field, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    switch (field) {
      case "name" -> name = text(parser, field);
      case "version" -> version = text(parser, field);
      case "build" -> build = text(parser, field);
      case "build_number" -> {
        long number = number(parser, field);
        rest.add(builder -> builder.buildNumber(number));
      }
      case "depends" -> {
        List<String> specs = texts(parser, field);
        rest.add(builder -> builder.depends(specs));
      }
      case "constrains" -> {
        List<String> specs = texts(parser, field);
        rest.add(builder -> builder.constrains(specs));
      }
      case "extra_depends" -> {
        Map<String, List<String>> groups = groups(parser, field);
        rest.add(builder -> builder.extraDepends(groups));
      }
      case "flags" -> {
        List<String> flags = texts(parser, field);
        rest.add(builder -> builder.flags(flags));
      }
      case "track_features" -> {
        List<String> features = features(parser, field);
        rest.add(builder -> builder.trackFeatures(features));
      }
      case "features" -> {
        List<String> features = features(parser, field);
        rest.add(builder -> builder.features(features));
      }
      case "sha256" -> {
        String hash = hash(parser, field, 64);
        rest.add(builder -> builder.sha256(hash));
      }
      case "md5" -> {
        String hash = hash(parser, field, 32);
        rest.add(builder -> builder.md5(hash));
      }
      case "size" -> {
        long size = number(parser, field);
        rest.add(builder -> builder.size(size));
      }
      case "timestamp" -> timestamp(parser, field, PackageRecord.Builder::timestamp);
      case "indexed_timestamp" -> timestamp(parser, field, PackageRecord.Builder::indexedTimestamp);
      case "noarch" -> noarch(parser);
      case "license" -> optionalText(parser, PackageRecord.Builder::license);
      case "license_family" -> optionalText(parser, PackageRecord.Builder::licenseFamily);
      case "python_site_packages_path" -> {
        String path = text(parser, field);
        rest.add(builder -> builder.pythonSitePackagesPath(path));
      }
      case "channel" -> place(parser, PackageRecord.Builder::channel);
      case "subdir" -> place(parser, PackageRecord.Builder::subdir);
      case "fn" -> place(parser, PackageRecord.Builder::fileName);
      case "url" -> place(parser, PackageRecord.Builder::url);
      default -> parser.skipChildren();
    }
  }

  /** Takes where a record lies; an index does not say that of its records, it is said of it. */
  private void place(JsonParser parser, TextSetter setter) throws IOException {
    if (standalone) {
      optionalText(parser, setter);
    } else {
      parser.skipChildren();
    }
  }

  private interface TextSetter {
    PackageRecord.Builder set(PackageRecord.Builder builder, String text);
  }

  private interface TimeSetter {
    PackageRecord.Builder set(PackageRecord.Builder builder, Instant time);
  }

  /** Takes a text that only people read; whatever else stands there instead is passed over. */
  private void optionalText(JsonParser parser, TextSetter setter) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      String text = parser.getText();
      rest.add(builder -> setter.set(builder, text));
    } else {
      parser.skipChildren();
    }
  }

  private static String text(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadRecordException("its '%s' is no text".formatted(field));
    }
    return parser.getText();
  }

  private static List<String> texts(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new BadRecordException("its '%s' is no list".formatted(field));
    }
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(parser, field));
    }
    return texts;
  }

  private static Map<String, List<String>> groups(JsonParser parser, String field)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRecordException("its '%s' is no object".formatted(field));
    }
    Map<String, List<String>> groups = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String group = parser.currentName();
      parser.nextToken();
      groups.put(group, texts(parser, field));
    }
    return groups;
  }

  /** Takes a list, or the text with blanks or commas that older tools wrote. */
  private static List<String> features(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      return texts(parser, field);
    }
    return RecordChecks.features(text(parser, field));
  }

  private static long number(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      long number = parser.getLongValue();
      if (number >= 0) {
        return number;
      }
    }
    throw new BadRecordException("its '%s' is no whole number".formatted(field));
  }

  private String hash(JsonParser parser, String field, int digits) throws IOException {
    String hash = text(parser, field).strip().toLowerCase(Locale.ROOT);
    if (!standalone && !RecordChecks.isHash(hash, digits)) {
      throw new BadRecordException("its '%s' is no hash".formatted(field));
    }
    return hash;
  }

  /** Takes milliseconds, or the seconds of old packages; what is no time is passed over. */
  private void timestamp(JsonParser parser, String field, TimeSetter setter) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      parser.skipChildren();
      return;
    }
    try {
      Instant time = RecordChecks.time(parser.getDoubleValue());
      if (time != null) {
        rest.add(builder -> setter.set(builder, time));
      }
    } catch (DateTimeException e) {
      throw new BadRecordException("its '%s' is no time".formatted(field));
    }
  }

  private void noarch(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_FALSE) {
      return;
    }
    NoarchType type =
        token == JsonToken.VALUE_TRUE
            ? NoarchType.GENERIC
            : switch (text(parser, "noarch").toLowerCase(Locale.ROOT)) {
              case "generic" -> NoarchType.GENERIC;
              case "python" -> NoarchType.PYTHON;
              default -> throw new BadRecordException("its 'noarch' is of no known kind");
            };
    rest.add(builder -> builder.noarch(type));
  }

  /** Says why a record is of no use. */
  static final class BadRecordException extends IOException {
    BadRecordException(String reason) {
      super(reason);
    }
  }
}

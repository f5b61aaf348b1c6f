package io.jconda.core.prefix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the JSON of {@code conda-meta} records (CEP-32), old forms and new ones, and writes those
 * again that were read, with all that is in them.
 */
final class RecordJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(INDENT)
              .withArrayIndenter(INDENT));

  /**
   * Years ago some builds wrote seconds; what is above the year 9999 in seconds is milliseconds.
   */
  private static final long LAST_SECOND = 253402300799L;

  private RecordJson() {}

  static String text(ObjectNode json) {
    try {
      return WRITER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes is always writable.", e);
    }
  }

  // ---- writing

  /** New readers take the list; old ones a single spec, null for a dependency. */
  static void writeRequestedSpecs(ObjectNode json, List<String> specs) {
    if (specs.isEmpty()) {
      json.putNull("requested_spec");
    } else {
      json.put("requested_spec", RequestedSpecs.merged(specs));
    }
    strings(json.putArray("requested_specs"), specs);
  }

  private static void strings(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /** Reads a text that {@link RecordText} wrote. */
  static ObjectNode parse(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was written as JSON is no JSON.", e);
    }
  }

  // ---- reading

  /**
   * Reads one record.
   *
   * @throws IOException if it is no JSON, or lacks what every record has
   */
  static InstalledPackage read(byte[] content, String fileName) throws IOException {
    JsonNode tree = MAPPER.readTree(content);
    if (!(tree instanceof ObjectNode json)) {
      throw new IOException("it holds no JSON object");
    }
    PackageRecord record = readRecord(json);
    List<String> files = readStrings(json.path("files"));
    List<PrefixPath> paths = new ArrayList<>();
    for (JsonNode entry : json.path("paths_data").path("paths")) {
      paths.add(readPath(entry));
    }
    return InstalledPackage.builder(record)
        .paths(paths)
        .files(files)
        .linkType(LinkType.ofCode(json.path("link").path("type").asInt(LinkType.COPY.code())))
        .requestedSpecs(readRequestedSpecs(json))
        .fileName(fileName)
        .withJson(new String(content, StandardCharsets.UTF_8));
  }

  private static PackageRecord readRecord(ObjectNode json) throws IOException {
    String url = json.path("url").asText("");
    String subdir = json.path("subdir").asText("");
    if (subdir.isEmpty()) {
      subdir = subdirOf(url);
    }
    PackageRecord.Builder record =
        PackageRecord.builder(
                required(json, "name"),
                required(json, "version"),
                json.hasNonNull("build")
                    ? json.path("build").asText()
                    : json.path("build_string").asText(""))
            .buildNumber(json.path("build_number").asLong())
            .subdir(subdir)
            .channel(readChannel(json, subdir))
            .fileName(readFileName(json, url))
            .url(url)
            .depends(readStrings(json.path("depends")))
            .constrains(readStrings(json.path("constrains")))
            .extraDepends(readGroups(json.path("extra_depends")))
            .flags(readStrings(json.path("flags")))
            .trackFeatures(readWords(json.path("track_features")))
            .features(readWords(json.path("features")));
    if (json.hasNonNull("sha256")) {
      record.sha256(json.path("sha256").asText());
    }
    if (json.hasNonNull("md5")) {
      record.md5(json.path("md5").asText());
    }
    if (json.hasNonNull("size")) {
      record.size(json.path("size").asLong());
    }
    readTime(json.path("timestamp")).ifPresent(record::timestamp);
    readTime(json.path("indexed_timestamp")).ifPresent(record::indexedTimestamp);
    JsonNode noarch = json.path("noarch");
    if (noarch.asText("").equals("python")) {
      record.noarch(NoarchType.PYTHON);
    } else if (noarch.asText("").equals("generic") || noarch.asBoolean(false)) {
      record.noarch(NoarchType.GENERIC);
    }
    if (json.hasNonNull("license")) {
      record.license(json.path("license").asText());
    }
    if (json.hasNonNull("license_family")) {
      record.licenseFamily(json.path("license_family").asText());
    }
    if (json.hasNonNull("python_site_packages_path")) {
      record.pythonSitePackagesPath(json.path("python_site_packages_path").asText());
    }
    return record.build();
  }

  private static Optional<Instant> readTime(JsonNode node) {
    long time = node.asLong();
    if (time <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        time > LAST_SECOND ? Instant.ofEpochMilli(time) : Instant.ofEpochSecond(time));
  }

  private static Map<String, List<String>> readGroups(JsonNode node) {
    Map<String, List<String>> groups = new TreeMap<>();
    node.properties().forEach(entry -> groups.put(entry.getKey(), readStrings(entry.getValue())));
    return groups;
  }

  private static String required(ObjectNode json, String key) throws IOException {
    String text = json.path(key).asText("");
    if (text.isEmpty()) {
      throw new IOException("it has no '" + key + "'");
    }
    return text;
  }

  /** Old tools write a name, others the URL, some with the subdir at its end (conda: schannel). */
  private static String readChannel(ObjectNode json, String subdir) {
    String channel = json.path("channel").asText("");
    if (channel.isEmpty()) {
      channel = json.path("schannel").asText("");
    }
    while (channel.endsWith("/")) {
      channel = channel.substring(0, channel.length() - 1);
    }
    return !subdir.isEmpty() && channel.endsWith("/" + subdir)
        ? channel.substring(0, channel.length() - subdir.length() - 1)
        : channel;
  }

  private static String readFileName(ObjectNode json, String url) {
    String name = json.path("fn").asText("");
    return name.isEmpty() ? url.substring(url.lastIndexOf('/') + 1) : name;
  }

  private static String subdirOf(String url) {
    int end = url.lastIndexOf('/');
    int start = end < 0 ? -1 : url.lastIndexOf('/', end - 1);
    return start < 0 ? "" : url.substring(start + 1, end);
  }

  private static List<String> readRequestedSpecs(ObjectNode json) {
    List<String> specs = readStrings(json.path("requested_specs"));
    String single = json.path("requested_spec").asText("");
    // conda writes the text None there for a package that nobody asked for
    return specs.isEmpty() && !single.isEmpty() && !single.equals("None") && !single.equals("null")
        ? List.of(single)
        : specs;
  }

  private static List<String> readStrings(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode entry : array) {
      texts.add(entry.asText());
    }
    return texts;
  }

  /** Features are a list, or one text with blanks or commas between them. */
  private static List<String> readWords(JsonNode node) {
    if (node.isArray()) {
      return readStrings(node);
    }
    List<String> words = new ArrayList<>();
    for (String word : node.asText("").split("[ ,]+", -1)) {
      if (!word.isEmpty() && !word.equals("null")) {
        words.add(word);
      }
    }
    return words;
  }

  private static PrefixPath readPath(JsonNode json) {
    PrefixPath.Builder path =
        PrefixPath.builder(
            json.path("_path").asText(""), PathType.ofWord(json.path("path_type").asText("")));
    if (json.hasNonNull("sha256")) {
      path.sha256(json.path("sha256").asText());
    }
    if (json.hasNonNull("sha256_in_prefix")) {
      path.sha256InPrefix(json.path("sha256_in_prefix").asText());
    }
    if (json.hasNonNull("size_in_bytes")) {
      path.size(json.path("size_in_bytes").asLong());
    }
    if (!json.path("prefix_placeholder").asText("").isEmpty()) {
      path.placeholder(
          json.path("prefix_placeholder").asText(),
          json.path("file_mode").asText("").equals("binary"));
    }
    return path.noLink(json.path("no_link").asBoolean(false)).build();
  }
}

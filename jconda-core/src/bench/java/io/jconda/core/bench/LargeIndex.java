package io.jconda.core.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.jconda.core.Fixtures;
import io.jconda.core.repodata.DependencyName;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a channel with whole indexes as large as conda-forge's, from {@code conda-forge-2026} of
 * the fixtures: copy 0 of its records as they are, copy <i>k</i> with {@code -k<k>} behind every
 * package's name and behind every dependency's name that the index has, with hashes of its own. 45
 * copies are 662,000 records, 271 + 101 MB of JSON. The same number of copies gives the same bytes.
 */
final class LargeIndex {
  static final List<String> SUBDIRS = List.of("linux-64", "noarch");

  private static final int LEVEL = 3;
  private static final String FILE = "repodata.json.zst";

  private final Set<String> names;
  private final int copies;

  private LargeIndex(Set<String> names, int copies) {
    this.names = names;
    this.copies = copies;
  }

  /**
   * Writes {@code repodata.json.zst} of each subdir into a channel's folder, unless it is there.
   */
  static void write(Path channel, int copies) throws IOException {
    Path done = channel.resolve("copies-" + copies);
    if (Files.exists(done)) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (String subdir : SUBDIRS) {
      for (JsonNode packages : packages(read(subdir))) {
        packages.forEach(record -> names.add(record.path("name").asText()));
      }
    }
    LargeIndex writer = new LargeIndex(names, copies);
    for (String subdir : SUBDIRS) {
      Path file = channel.resolve(subdir).resolve(FILE);
      Files.createDirectories(file.getParent());
      Path part = file.resolveSibling(FILE + ".part");
      try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(part), LEVEL)) {
        writer.write(read(subdir), out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createFile(done);
  }

  /** Writes the indexes as they are before compression into another channel's folder. */
  static void decompress(Path channel, Path plain) throws IOException {
    for (String subdir : SUBDIRS) {
      Path file = plain.resolve(subdir).resolve("repodata.json");
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        try (InputStream in =
            new ZstdInputStream(Files.newInputStream(channel.resolve(subdir).resolve(FILE)))) {
          Files.copy(in, file);
        }
      }
    }
  }

  private static JsonNode read(String subdir) throws IOException {
    Path file = Fixtures.of("repodata/conda-forge-2026").resolve(subdir).resolve(FILE);
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static List<JsonNode> packages(JsonNode index) {
    return List.of(index.path("packages"), index.path("packages.conda"));
  }

  private void write(JsonNode index, OutputStream out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      // a flush after each value would end a block of the compression with it
      json.setCodec(new ObjectMapper().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE));
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> entry : index.properties()) {
        json.writeFieldName(entry.getKey());
        if (entry.getKey().startsWith("packages")) {
          json.writeStartObject();
          for (int copy = 0; copy < copies; copy++) {
            write(entry.getValue(), copy, json);
          }
          json.writeEndObject();
        } else {
          json.writeTree(entry.getValue());
        }
      }
      json.writeEndObject();
    }
  }

  private void write(JsonNode packages, int copy, JsonGenerator json) throws IOException {
    String ending = copy == 0 ? "" : "-k" + copy;
    for (Map.Entry<String, JsonNode> entry : packages.properties()) {
      JsonNode record = entry.getValue();
      String name = record.path("name").asText();
      json.writeFieldName(name + ending + entry.getKey().substring(name.length()));
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : record.properties()) {
        json.writeFieldName(field.getKey());
        write(field.getKey(), field.getValue(), ending, json);
      }
      json.writeEndObject();
    }
  }

  private void write(String field, JsonNode value, String ending, JsonGenerator json)
      throws IOException {
    switch (field) {
      case "name" -> json.writeString(value.asText() + ending);
      case "sha256" -> json.writeString(hash(value, ending));
      case "md5" -> json.writeString(hash(value, ending).substring(0, 32));
      case "depends", "constrains" -> {
        json.writeStartArray();
        Iterator<JsonNode> specs = value.elements();
        while (specs.hasNext()) {
          json.writeString(renamed(specs.next().asText(), ending));
        }
        json.writeEndArray();
      }
      default -> json.writeTree(value);
    }
  }

  private static String hash(JsonNode value, String ending) {
    return ending.isEmpty()
        ? value.asText()
        : Hashes.sha256((value.asText() + ending).getBytes(StandardCharsets.UTF_8));
  }

  private String renamed(String spec, String ending) {
    String name = DependencyName.of(spec);
    return names.contains(name) && spec.startsWith(name)
        ? name + ending + spec.substring(name.length())
        : spec;
  }
}

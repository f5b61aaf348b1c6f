package io.jconda.core.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.jconda.core.Fixtures;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads an index of the fixtures whole, as simply as can be: the truth that queries must tell. */
final class SlowIndex {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One record.
   *
   * @param subdir where it lies
   * @param fileName its archive
   * @param json what the index says of it
   */
  record Entry(String subdir, String fileName, JsonNode json) {
    String name() {
      return json.path("name").asText();
    }

    String version() {
      return json.path("version").asText();
    }

    String build() {
      return json.path("build").asText();
    }

    List<String> depends() {
      List<String> depends = new ArrayList<>();
      json.path("depends").forEach(text -> depends.add(text.asText()));
      return depends;
    }
  }

  private SlowIndex() {}

  static List<Entry> read(String fixture) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String subdir : List.of("linux-64", "noarch")) {
      Path file = Fixtures.of("repodata/" + fixture + "/" + subdir + "/repodata.json.zst");
      try (InputStream in =
          new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        JsonNode index = JSON.readTree(in);
        Set<String> removed = new HashSet<>();
        index.path("removed").forEach(name -> removed.add(name.asText()));
        for (String part : List.of("packages", "packages.conda")) {
          for (Map.Entry<String, JsonNode> one : index.path(part).properties()) {
            if (!removed.contains(one.getKey())) {
              entries.add(new Entry(subdir, one.getKey(), one.getValue()));
            }
          }
        }
      }
    }
    return entries;
  }
}

package io.jconda.core.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the text of journals. Is loaded with the first of them, not with the first look
 * whether there is one.
 */
final class JournalText {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int VERSION = 1;

  private JournalText() {}

  static byte[] write(
      List<String> moved,
      List<String> created,
      List<String> folders,
      List<String> emptied,
      List<String> hollow)
      throws IOException {
    ObjectNode json = MAPPER.createObjectNode().put("version", VERSION);
    put(json.putArray("moved"), moved);
    put(json.putArray("created"), created);
    put(json.putArray("folders"), folders);
    put(json.putArray("emptied"), emptied);
    put(json.putArray("hollow"), hollow);
    return MAPPER.writeValueAsBytes(json);
  }

  private static void put(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /**
   * Reads what another process wrote. It is followed whole or not at all, and never out of the
   * prefix, whoever wrote it.
   */
  static Journal read(Path prefix, Disk disk, Path file) throws IOException {
    JsonNode json;
    try {
      json = MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw damaged(file, e);
    }
    if (json.path("version").asInt() > VERSION) {
      throw new StorageException(
          "The change of %s cannot be undone or completed: %s was written by another version of JConda."
              .formatted(prefix, file),
          "Do anything to the environment with that version, which does it first; or delete %s and create the environment anew."
              .formatted(file.getParent()));
    }
    if (json.path("version").asInt() != VERSION) {
      throw damaged(file, null);
    }
    return new Journal(
        prefix,
        disk,
        paths(prefix, file, json.path("moved")),
        paths(prefix, file, json.path("created")),
        paths(prefix, file, json.path("folders")),
        paths(prefix, file, json.path("emptied")),
        paths(prefix, file, json.path("hollow")));
  }

  private static List<String> paths(Path prefix, Path file, JsonNode array) {
    if (!array.isArray()) {
      throw damaged(file, null);
    }
    List<String> paths = new ArrayList<>();
    for (JsonNode entry : array) {
      String path = entry.asText();
      if (!isInside(prefix, path)) {
        throw damaged(file, null);
      }
      paths.add(path);
    }
    return paths;
  }

  private static boolean isInside(Path prefix, String path) {
    try {
      Path whole = prefix.resolve(path).normalize();
      return whole.startsWith(prefix.normalize()) && !whole.equals(prefix.normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static StorageException damaged(Path file, @Nullable Exception cause) {
    return new StorageException(
        "What an earlier process left half done cannot be undone or completed: its journal %s is damaged."
            .formatted(file),
        "Delete %s, where what had been moved aside lies in the trash, and create the environment anew."
            .formatted(file.getParent()),
        cause);
  }
}

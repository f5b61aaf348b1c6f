package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds records in a whole index and keeps them as they stand there, every field of them, whether
 * JConda knows it or not. For one thread.
 */
final class OriginalRecords implements IndexScanner.Sink {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Set<String> wanted;
  private final Map<String, ObjectNode> found = new HashMap<>();

  /**
   * Makes a sink.
   *
   * @param wanted file names of the archives
   */
  OriginalRecords(Set<String> wanted) {
    this.wanted = wanted;
  }

  Set<String> wanted() {
    return wanted;
  }

  /** Returns what was found, by file name. */
  Map<String, ObjectNode> found() {
    return found;
  }

  @Override
  public void record(RecordBytes record) throws IOException {
    String fileName =
        new String(record.key, record.keyOffset, record.keyLength, StandardCharsets.UTF_8);
    if (wanted.contains(fileName)
        && JSON.readTree(record.buffer, record.offset, record.length) instanceof ObjectNode node) {
      found.put(fileName, node);
    }
  }

  @Override
  public void baseUrl(String baseUrl) {
    // where the archives lie is no field of a record
  }

  @Override
  public void removed(String fileName) {
    // who wants a record knows that it counts
  }
}

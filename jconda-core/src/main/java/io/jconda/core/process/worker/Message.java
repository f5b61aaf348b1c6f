package io.jconda.core.process.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Is one message of the loop in Python. */
final class Message {
  private static final Message END = new Message(MissingNode.getInstance(), new byte[0]);

  private final JsonNode json;
  private final byte[] blobs;

  Message(JsonNode json, byte[] blobs) {
    this.json = json;
    this.blobs = blobs;
  }

  /** Returns what wakes whoever waits for a message that will not come. */
  static Message end() {
    return END;
  }

  boolean isEnd() {
    return json.isMissingNode();
  }

  /** Returns what it says. */
  JsonNode json() {
    return json;
  }

  /** Returns what its JSON points into; not a copy. */
  byte[] blobs() {
    return blobs;
  }

  String operation() {
    return text("op");
  }

  long number(String field) {
    return json.path(field).longValue();
  }

  /** Returns the files that a field lists; none if it is missing. */
  List<Path> files(String field) {
    List<Path> files = new ArrayList<>();
    json.path(field).forEach(file -> files.add(Path.of(file.textValue())));
    return files;
  }

  String text(String field) {
    return json.path(field).asText();
  }
}

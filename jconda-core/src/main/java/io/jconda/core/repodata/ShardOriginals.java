package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Turns records of a shard (CEP-16) to the JSON that a whole index has of them, every field of
 * them: hashes become hex text. For one thread.
 */
final class ShardOriginals {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 100;

  private final MessagePack in;
  private final Set<String> wanted;
  private final Map<String, ObjectNode> found = new HashMap<>();

  private ShardOriginals(byte[] shard, Set<String> wanted) {
    this.in = new MessagePack(shard);
    this.wanted = wanted;
  }

  /**
   * Finds records.
   *
   * @param shard the decompressed shard
   * @param wanted file names of the archives
   * @return what was found, by file name
   * @throws MalformedIndexException if it is no shard
   */
  static Map<String, ObjectNode> of(byte[] shard, Set<String> wanted)
      throws MalformedIndexException {
    ShardOriginals originals = new ShardOriginals(shard, wanted);
    originals.read();
    return originals.found;
  }

  private void read() throws MalformedIndexException {
    for (int i = in.mapSize(); i > 0; i--) {
      switch (in.text()) {
        case "packages", "packages.conda" -> packages("");
        case "v3" -> revision();
        default -> in.skip();
      }
    }
  }

  private void revision() throws MalformedIndexException {
    if (in.peek() != MessagePack.Kind.MAP) {
      in.skip();
      return;
    }
    for (int i = in.mapSize(); i > 0; i--) {
      switch (in.text()) {
        case "conda" -> packages(".conda");
        case "tar.bz2" -> packages(".tar.bz2");
        default -> in.skip();
      }
    }
  }

  private void packages(String extension) throws MalformedIndexException {
    if (in.peek() != MessagePack.Kind.MAP) {
      in.skip();
      return;
    }
    for (int i = in.mapSize(); i > 0; i--) {
      String fileName = in.text() + extension;
      if (wanted.contains(fileName) && value(0) instanceof ObjectNode record) {
        found.put(fileName, record);
      } else if (!wanted.contains(fileName)) {
        in.skip();
      }
    }
  }

  private JsonNode value(int depth) throws MalformedIndexException {
    if (depth > DEEPEST) {
      throw in.malformed("a record in it is nested too deep");
    }
    return switch (in.peek()) {
      case BOOLEAN -> NODES.booleanNode(in.bool());
      case INTEGER -> NODES.numberNode(in.integer());
      case FLOAT -> NODES.numberNode(in.decimal());
      case TEXT -> NODES.textNode(in.text());
      case BINARY -> NODES.textNode(HexFormat.of().formatHex(in.binary()));
      case ARRAY -> array(depth);
      case MAP -> object(depth);
      // JSON has nothing that an extension could become
      case NIL, EXTENSION -> {
        in.skip();
        yield NODES.nullNode();
      }
    };
  }

  private ArrayNode array(int depth) throws MalformedIndexException {
    ArrayNode array = NODES.arrayNode();
    for (int i = in.arraySize(); i > 0; i--) {
      array.add(value(depth + 1));
    }
    return array;
  }

  private ObjectNode object(int depth) throws MalformedIndexException {
    ObjectNode object = NODES.objectNode();
    for (int i = in.mapSize(); i > 0; i--) {
      if (in.peek() == MessagePack.Kind.TEXT) {
        object.set(in.text(), value(depth + 1));
      } else {
        in.skip();
        in.skip();
      }
    }
    return object;
  }
}

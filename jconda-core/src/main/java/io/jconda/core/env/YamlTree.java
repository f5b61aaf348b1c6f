package io.jconda.core.env;

import io.jconda.InvalidFileException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads YAML as texts, lists and maps, and writes it. No type is guessed of a text, so that version
 * 3.10 does not become 3.1; what stands for nothing is an empty text.
 */
final class YamlTree {
  /** What aliases may come to; a lock file of ten thousand packages stays below. */
  private static final int MOST_NODES = 2_000_000;

  private static final int DEEPEST = 20;

  private final String origin;
  private int nodes;

  private YamlTree(String origin) {
    this.origin = origin;
  }

  /**
   * Reads a document that is a map; an empty one is an empty map.
   *
   * @param text the document
   * @param origin what it is called in messages
   * @return values are {@code String}, {@code List<?>} and {@code Map<String, ?>}
   * @throws InvalidFileException if it is none
   */
  static Map<String, Object> read(String text, String origin) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    Yaml yaml = new Yaml(new SafeConstructor(options));
    Node root;
    try {
      root = yaml.compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      // not as a cause: its message quotes the line, which may hold a password
      throw broken(origin, mark, String.valueOf(e.getProblem()));
    } catch (YAMLException e) {
      throw broken(origin, null, "it has a character that YAML does not allow");
    }
    if (root == null || isNothing(root)) {
      return Map.of();
    }
    if (root instanceof MappingNode mapping) {
      return new YamlTree(origin).map(mapping, 0);
    }
    throw broken(origin, root.getStartMark(), "keys with values are expected");
  }

  /** Writes a tree of texts, truth values, lists and maps, in block form. */
  static String write(Map<String, ?> tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    options.setLineBreak(DumperOptions.LineBreak.UNIX);
    return new Yaml(new Representer(options), options).dump(tree);
  }

  private static InvalidFileException broken(String origin, @Nullable Mark mark, String why) {
    String place =
        mark == null
            ? ""
            : " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
    return new InvalidFileException(
        "%s cannot be read%s: %s.".formatted(origin, place, why), "Correct it, and try again.");
  }

  private static boolean isNothing(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private Object value(Node node, int depth) {
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      throw broken(origin, node.getStartMark(), "it has too many values, or too deep ones");
    }
    if (node instanceof ScalarNode scalar) {
      return isNothing(node) ? "" : scalar.getValue();
    }
    if (node instanceof SequenceNode sequence) {
      List<Object> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(value(item, depth + 1));
      }
      return items;
    }
    if (node instanceof MappingNode mapping) {
      return map(mapping, depth);
    }
    throw broken(origin, node.getStartMark(), "a value is expected");
  }

  private Map<String, Object> map(MappingNode mapping, int depth) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Mark place = entry.getKeyNode().getStartMark();
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw broken(origin, place, "a key must be a text");
      }
      if (entries.put(key.getValue(), value(entry.getValueNode(), depth + 1)) != null) {
        throw broken(origin, place, "the key '%s' is there twice".formatted(key.getValue()));
      }
    }
    return entries;
  }
}

package io.jconda.core.config;

import io.jconda.Configuration.FileLine;
import io.jconda.ConfigurationException;
import io.jconda.core.config.RawValue.Flag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.ScannerImpl;
import org.yaml.snakeyaml.tokens.CommentToken;
import org.yaml.snakeyaml.tokens.Token;

/**
 * Reads a {@code .condarc}: YAML in which a comment behind a value says something.
 *
 * <p>Works on the parser's events: nothing is made of tags, no class is looked for by name, and the
 * parser is not even loaded where there is no file. A flag is the comment behind a value or, of a
 * list or map in block form, behind its key (conda: {@code common/configuration.py}, {@code
 * YamlRawParameter}).
 */
final class CondarcFile {
  private static final long LARGEST = 1 << 20;
  private static final int DEEPEST = 20;
  private static final int MOST_NODES = 100_000;
  private static final Set<String> TAGS =
      Set.of("str", "bool", "int", "float", "null", "seq", "map");
  private static final String TAG_PREFIX = "tag:yaml.org,2002:";

  private final Path file;
  private final ParserImpl events;
  private final Map<Integer, Flag> flags;
  private final Map<String, RawValue> anchors = new HashMap<>();
  private int nodes;

  private CondarcFile(Path file, String text) {
    this.file = file;
    this.flags = flags(text);
    this.events = new ParserImpl(new StreamReader(text), new LoaderOptions());
  }

  /**
   * Reads a file.
   *
   * @param file an existing file
   * @return what it says, by key
   * @throws ConfigurationException if it cannot be read, is no YAML, or holds no map
   */
  static Map<String, RawValue> read(Path file) {
    String text = text(file);
    try {
      return new CondarcFile(file, text).document();
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String place =
          mark == null
              ? ""
              : " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
      // not as a cause: its message quotes the line, which may hold a password
      throw broken(file, place, String.valueOf(e.getProblem()));
    } catch (YAMLException e) {
      throw broken(file, "", "it has a character that YAML does not allow");
    }
  }

  private static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST) {
        throw new ConfigurationException(
            "The configuration file %s has %d bytes, more than %d.".formatted(file, size, LARGEST),
            "Look whether it is a configuration file at all.");
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(
          "The configuration file %s is not written in UTF-8.".formatted(file),
          "Save it as UTF-8.",
          e);
    } catch (IOException e) {
      throw new ConfigurationException(
          "The configuration file %s cannot be read (%s).".formatted(file, e),
          "Let the user read it, or take it away.",
          e);
    }
  }

  private static ConfigurationException broken(Path file, String place, String why) {
    return new ConfigurationException(
        "The configuration file %s is no valid YAML%s: %s.".formatted(file, place, why),
        "Correct it, or leave configuration files aside with JCONDA_NO_RC=true.");
  }

  private ConfigurationException broken(Event event, String why) {
    Mark mark = event.getStartMark();
    String place = " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
    return broken(file, place, why);
  }

  /** Finds flags by line; the scanner sees comments wherever the grammar has them. */
  private static Map<Integer, Flag> flags(String text) {
    Map<Integer, Flag> found = new HashMap<>();
    if (text.indexOf('#') < 0) {
      return found;
    }
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(true);
    ScannerImpl scanner = new ScannerImpl(new StreamReader(text), options);
    while (!scanner.checkToken(Token.ID.StreamEnd)) {
      if (scanner.getToken() instanceof CommentToken comment) {
        flag(comment.getValue())
            .ifPresent(flag -> found.put(comment.getStartMark().getLine(), flag));
      }
    }
    return found;
  }

  private static Optional<Flag> flag(String comment) {
    return switch (comment.strip().replaceFirst("^[!#]+", "").toLowerCase(Locale.ROOT)) {
      case "top" -> Optional.of(Flag.TOP);
      case "bottom" -> Optional.of(Flag.BOTTOM);
      case "final" -> Optional.of(Flag.FINAL);
      default -> Optional.empty();
    };
  }

  private Map<String, RawValue> document() {
    events.getEvent();
    if (events.peekEvent() instanceof StreamEndEvent) {
      return Map.of();
    }
    Event start = events.getEvent();
    if (!(start instanceof DocumentStartEvent)) {
      throw broken(start, "a document is expected");
    }
    RawValue value = value(null, 0);
    while (events.peekEvent() instanceof DocumentEndEvent) {
      events.getEvent();
    }
    if (!(events.peekEvent() instanceof StreamEndEvent)) {
      throw broken(events.peekEvent(), "there is a second document, and only one is allowed");
    }
    if (value instanceof RawValue.Mapping mapping) {
      return mapping.entries();
    }
    if (value instanceof RawValue.Nothing) {
      return Map.of();
    }
    throw broken(start, "keys with values are expected, such as 'channels:' and a list");
  }

  /**
   * Reads the next value.
   *
   * @param key the event of its key; null for what has none
   */
  private RawValue value(@Nullable Event key, int depth) {
    Event event = events.getEvent();
    if (depth > DEEPEST) {
      throw broken(event, "values lie deeper in one another than " + DEEPEST + " levels");
    }
    RawValue value;
    if (event instanceof AliasEvent alias) {
      value = anchors.get(alias.getAnchor());
      if (value == null) {
        throw broken(event, "there is no anchor '%s' above".formatted(alias.getAnchor()));
      }
      count(event, size(value));
      return value;
    }
    count(event, 1);
    if (event instanceof ScalarEvent scalar) {
      value = scalar(scalar);
    } else if (event instanceof SequenceStartEvent start) {
      value = sequence(start, key, depth);
    } else if (event instanceof MappingStartEvent start) {
      value = mapping(start, key, depth);
    } else {
      throw broken(event, "a value is expected");
    }
    if (event instanceof NodeEvent node && node.getAnchor() != null) {
      anchors.put(node.getAnchor(), value);
    }
    return value;
  }

  /** Counts what aliases come to, so that few lines cannot stand for millions of values. */
  private void count(Event event, int more) {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw broken(event, "it comes to more than " + MOST_NODES + " values");
    }
  }

  private static int size(RawValue value) {
    if (value instanceof RawValue.Sequence sequence) {
      return 1 + sequence.items().stream().mapToInt(CondarcFile::size).sum();
    }
    if (value instanceof RawValue.Mapping mapping) {
      return 1 + mapping.entries().values().stream().mapToInt(CondarcFile::size).sum();
    }
    return 1;
  }

  private RawValue scalar(ScalarEvent scalar) {
    checkTag(scalar, scalar.getTag());
    Flag flag = flags.getOrDefault(scalar.getEndMark().getLine(), Flag.NONE);
    String text = scalar.getValue();
    boolean nothing =
        scalar.isPlain()
            && (text.isEmpty() || text.equals("~") || text.toLowerCase(Locale.ROOT).equals("null"));
    return nothing
        ? new RawValue.Nothing(origin(scalar), flag)
        : new RawValue.Scalar(text, origin(scalar), flag);
  }

  private RawValue sequence(SequenceStartEvent start, @Nullable Event key, int depth) {
    checkTag(start, start.getTag());
    List<RawValue> items = new ArrayList<>();
    while (!(events.peekEvent() instanceof SequenceEndEvent)) {
      items.add(value(null, depth + 1));
    }
    Event end = events.getEvent();
    return new RawValue.Sequence(items, origin(start), flag(start.getFlowStyle(), key, end));
  }

  private RawValue mapping(MappingStartEvent start, @Nullable Event key, int depth) {
    checkTag(start, start.getTag());
    Map<String, RawValue> entries = new LinkedHashMap<>();
    while (!(events.peekEvent() instanceof MappingEndEvent)) {
      Event name = events.peekEvent();
      if (!(value(null, depth + 1) instanceof RawValue.Scalar text)) {
        throw broken(name, "a key must be a text");
      }
      if (entries.put(text.text(), value(name, depth + 1)) != null) {
        throw broken(name, "the key '%s' is there twice".formatted(text.text()));
      }
    }
    Event end = events.getEvent();
    return new RawValue.Mapping(entries, origin(start), flag(start.getFlowStyle(), key, end));
  }

  private Flag flag(FlowStyle style, @Nullable Event key, Event end) {
    if (style == FlowStyle.FLOW) {
      return flags.getOrDefault(end.getEndMark().getLine(), Flag.NONE);
    }
    return key == null ? Flag.NONE : flags.getOrDefault(key.getEndMark().getLine(), Flag.NONE);
  }

  private void checkTag(Event event, @Nullable String tag) {
    if (tag != null
        && !tag.equals("!")
        && !(tag.startsWith(TAG_PREFIX) && TAGS.contains(tag.substring(TAG_PREFIX.length())))) {
      throw broken(event, "the tag '%s' is not allowed".formatted(tag));
    }
  }

  private FileLine origin(Event event) {
    return new FileLine(file, event.getStartMark().getLine() + 1);
  }
}

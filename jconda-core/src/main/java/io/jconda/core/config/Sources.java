package io.jconda.core.config;

import io.jconda.Configuration.Code;
import io.jconda.Configuration.Origin;
import io.jconda.Configuration.SystemProperty;
import io.jconda.Configuration.Variable;
import io.jconda.ConfigurationException;
import io.jconda.core.config.RawValue.Flag;
import io.jconda.core.config.RawValue.Mapping;
import io.jconda.core.config.RawValue.Scalar;
import io.jconda.core.config.RawValue.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what sources say of each key, the weakest source first: files, conda's variables,
 * JConda's variables, system properties, code.
 */
final class Sources {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

  /** conda's mark behind a variable's value; nothing is stronger here, so it only has to go. */
  private static final String IMPORTANT = "!important";

  private final Map<Key, List<RawValue>> values = new EnumMap<>(Key.class);

  /** Returns what is said of a key, checked for its shape; empty if nothing is. */
  List<RawValue> of(Key key) {
    return values.getOrDefault(key, List.of());
  }

  /** Adds what a file says. */
  void addFile(Path file) {
    LOG.debug("Reading {}", file);
    Map<Key, String> names = new EnumMap<>(Key.class);
    CondarcFile.read(file)
        .forEach(
            (name, value) -> {
              Optional<Key> key = Key.named(name);
              if (key.isEmpty()) {
                if (!Key.isOfOthers(name)) {
                  LOG.debug("{}: no key '{}' is known; it is left aside.", value.origin(), name);
                }
                return;
              }
              String other = names.put(key.get(), name);
              if (other != null) {
                throw twice(file.toString(), other, name, key.get());
              }
              add(key.get(), name, value);
            });
  }

  /** Adds what variables say that begin with a prefix. */
  void addVariables(String prefix, Surroundings surroundings) {
    for (Key key : Key.values()) {
      addOne(
          key,
          key.names().stream().map(name -> prefix + Key.variable(name)).toList(),
          "The environment",
          Variable::new,
          surroundings::variable);
    }
  }

  /** Adds what system properties say. */
  void addProperties(Surroundings surroundings) {
    for (Key key : Key.values()) {
      addOne(
          key,
          key.names().stream().map(name -> "jconda." + name).toList(),
          "The JVM",
          SystemProperty::new,
          surroundings::property);
    }
  }

  private void addOne(
      Key key,
      List<String> names,
      String place,
      Function<String, Origin> origin,
      Function<String, Optional<String>> source) {
    List<String> there = names.stream().filter(name -> source.apply(name).isPresent()).toList();
    if (there.size() > 1) {
      throw twice(place, there.get(0), there.get(1), key);
    }
    there.forEach(
        name ->
            add(key, name, fromText(key, source.apply(name).orElseThrow(), origin.apply(name))));
  }

  /**
   * Returns what an application says by key.
   *
   * @throws ConfigurationException if there is no such key, or a value does not fit it
   */
  Map<Key, RawValue> code(Map<String, List<String>> settings) {
    Map<Key, RawValue> said = new EnumMap<>(Key.class);
    settings.forEach(
        (name, texts) -> {
          Key key =
              Key.named(name)
                  .orElseThrow(
                      () ->
                          new ConfigurationException(
                              "There is no setting '%s'.".formatted(name),
                              "Use a key of .condarc that docs/channels.md lists."));
          said.put(key, fromTexts(key, texts, new Code()));
        });
    return said;
  }

  private static RawValue fromText(Key key, String text, Origin origin) {
    String plain = text.split(IMPORTANT, 2)[0].strip();
    return key.shape().isList() || key.shape().isMap()
        ? fromTexts(key, split(text, key.shape().separator()), origin)
        : new Scalar(plain, origin, Flag.NONE);
  }

  private static List<String> split(String text, String separator) {
    return Arrays.stream(text.split(Pattern.quote(separator)))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static RawValue fromTexts(Key key, List<String> texts, Origin origin) {
    if (key.shape().isMap()) {
      return map(key, texts, origin);
    }
    if (key.shape().isList()) {
      return list(texts.stream(), origin);
    }
    if (texts.size() != 1) {
      throw unfit(key.id(), list(texts.stream(), origin), key);
    }
    return new Scalar(texts.get(0), origin, Flag.NONE);
  }

  private static Sequence list(Stream<String> texts, Origin origin) {
    return new Sequence(
        texts.map(text -> (RawValue) new Scalar(text, origin, Flag.NONE)).toList(),
        origin,
        Flag.NONE);
  }

  private static RawValue map(Key key, List<String> texts, Origin origin) {
    Map<String, RawValue> entries = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw unfit(key.id(), new Scalar(text, origin, Flag.NONE), key);
      }
      String value = text.substring(equals + 1).strip();
      entries.put(
          text.substring(0, equals).strip(),
          key.shape() == Key.Shape.MAP
              ? new Scalar(value, origin, Flag.NONE)
              : list(Arrays.stream(value.split("\\s+")).filter(part -> !part.isEmpty()), origin));
    }
    return new Mapping(entries, origin, Flag.NONE);
  }

  private void add(Key key, String name, RawValue value) {
    boolean collection = key.shape().isList() || key.shape().isMap();
    if (value instanceof RawValue.Nothing && collection) {
      return;
    }
    boolean fits =
        key.shape().isList()
            ? value instanceof Sequence list
                && list.items().stream().allMatch(Scalar.class::isInstance)
            : key.shape().isMap()
                ? value instanceof Mapping map && fits(key, map)
                : value instanceof Scalar || value instanceof RawValue.Nothing;
    if (!fits) {
      throw unfit(name, value, key);
    }
    values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
  }

  private static boolean fits(Key key, Mapping map) {
    return map.entries().values().stream()
        .allMatch(
            value ->
                value instanceof RawValue.Nothing
                    || (key.shape() == Key.Shape.MAP
                        ? value instanceof Scalar
                        : value instanceof Sequence list
                            && list.items().stream().allMatch(Scalar.class::isInstance)));
  }

  private static ConfigurationException unfit(String name, RawValue value, Key key) {
    return new ConfigurationException(
        "%s: the value of '%s' is %s, which cannot be."
            .formatted(value.origin(), name, value.shown()),
        "Write %s.".formatted(key.shape().form()));
  }

  private static ConfigurationException twice(String place, String one, String other, Key key) {
    return new ConfigurationException(
        "%s has both '%s' and '%s', which are one setting.".formatted(place, one, other),
        "Keep one of them, best '%s'."
            .formatted(one.equalsIgnoreCase(key.id()) || !other.equals(key.id()) ? one : other));
  }
}

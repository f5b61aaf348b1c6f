package io.jconda.core.config;

import io.jconda.Configuration.Code;
import io.jconda.Configuration.Default;
import io.jconda.Configuration.Origin;
import io.jconda.ConfigurationException;
import io.jconda.InvalidSpecException;
import io.jconda.core.config.RawValue.Mapping;
import io.jconda.core.config.RawValue.Scalar;
import io.jconda.core.config.RawValue.Sequence;
import io.jconda.solve.ChannelPriority;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads merged values as what they should be, with conda's leniency towards how truth is written
 * (conda: {@code auxlib/type_coercion.py}). Immutable.
 */
final class Values {
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n", "non", "none", "");

  private final Map<Key, RawValue> merged;
  private final Variables variables;

  Values(Map<Key, RawValue> merged, Variables variables) {
    this.merged = merged;
    this.variables = variables;
  }

  /**
   * Is an element of a list.
   *
   * @param text what counts, variables replaced
   * @param raw what was written
   */
  record Item(String text, RawValue raw) {
    /** Leaves secrets out. */
    @Override
    public String toString() {
      return raw.shown();
    }
  }

  Origin origin(Key key) {
    RawValue value = merged.get(key);
    return value == null ? new Default() : value.origin();
  }

  /** Returns the keys of which anything is said. */
  Set<Key> said() {
    return Collections.unmodifiableSet(merged.keySet());
  }

  /** Returns what was written, if anything was that counts. */
  Optional<RawValue> raw(Key key) {
    RawValue value = merged.get(key);
    return value == null || value instanceof RawValue.Nothing
        ? Optional.empty()
        : Optional.of(value);
  }

  Optional<String> text(Key key) {
    Optional<RawValue> value = raw(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = expanded(key, (Scalar) value.get());
    boolean none = key.shape() == Key.Shape.TEXT_OR_NONE && text.equalsIgnoreCase("none");
    return none ? Optional.empty() : Optional.of(text);
  }

  Optional<Boolean> truth(Key key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Boolean> truth = truth(text.get());
    if (truth.isEmpty()) {
      throw unfit(key);
    }
    return truth;
  }

  static Optional<Boolean> truth(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (TRUE.contains(lower) || FALSE.contains(lower)) {
      return Optional.of(TRUE.contains(lower));
    }
    Optional<Double> number = number(lower);
    return number.isEmpty() ? Optional.empty() : Optional.of(number.get() != 0);
  }

  private static Optional<Double> number(String text) {
    return text.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,2})?")
        ? Optional.of(Double.parseDouble(text))
        : Optional.empty();
  }

  Optional<Integer> count(Key key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String digits = text.get().strip();
    if (!digits.matches("\\+?\\d{1,9}")) {
      throw unfit(key);
    }
    return Optional.of(Integer.parseInt(digits));
  }

  Optional<Double> seconds(Key key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Double> number = number(text.get().strip());
    if (number.isEmpty() || number.get() < 0 || number.get() >= 1e9) {
      throw unfit(key);
    }
    return number;
  }

  /** 1 and true stand for what the server says (conda: {@code local_repodata_ttl}). */
  Optional<Duration> lifetime(Key key) {
    Optional<String> text = text(key);
    if (text.isEmpty() || text.get().strip().matches("(?i)true|yes|on|\\+?1")) {
      return Optional.empty();
    }
    return text.get().strip().matches("(?i)false|no|off")
        ? Optional.of(Duration.ZERO)
        : Optional.of(Duration.ofSeconds(count(key).orElseThrow()));
  }

  Optional<ChannelPriority> priority(Key key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (text.get().strip().toLowerCase(Locale.ROOT)) {
          case "strict" -> ChannelPriority.STRICT;
          case "flexible", "true", "yes", "on" -> ChannelPriority.FLEXIBLE;
          case "disabled", "false", "no", "off" -> ChannelPriority.DISABLED;
          default -> throw unfit(key);
        });
  }

  List<Item> items(Key key) {
    Optional<RawValue> value = raw(key);
    return value.isEmpty() ? List.of() : items(key, (Sequence) value.get());
  }

  private List<Item> items(Key key, Sequence list) {
    List<Item> found = new ArrayList<>();
    for (RawValue raw : list.items()) {
      found.add(new Item(expanded(key, (Scalar) raw), raw));
    }
    return List.copyOf(found);
  }

  List<Channel> channels(Key key) {
    return read(key, Channel::of);
  }

  List<Platform> platforms(Key key) {
    return read(key, Platform::of);
  }

  List<Path> paths(Key key, Surroundings surroundings) {
    return read(key, surroundings::path);
  }

  Optional<Path> path(Key key, Surroundings surroundings) {
    return readOne(key, surroundings::path);
  }

  /** Reads every element of a list; what cannot be read is explained with where it stands. */
  <T> List<T> read(Key key, Function<String, T> reading) {
    List<T> found = new ArrayList<>();
    for (Item item : items(key)) {
      found.add(read(key, item, reading));
    }
    return List.copyOf(found);
  }

  /** Reads a single value, if there is one. */
  <T> Optional<T> readOne(Key key, Function<String, T> reading) {
    Optional<String> text = text(key);
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(read(key, new Item(text.get(), raw(key).orElseThrow()), reading));
  }

  <T> T read(Key key, Item item, Function<String, T> reading) {
    try {
      return reading.apply(item.text());
    } catch (IllegalArgumentException | InvalidSpecException e) {
      // neither its message nor the cause: they may quote what variables stand for
      throw unfit(key, item.raw(), remedy(key));
    }
  }

  private static String remedy(Key key) {
    return switch (key) {
      case SUBDIR, SUBDIRS -> "Write a platform such as linux-64 or osx-arm64.";
      case PINNED_PACKAGES, DISALLOWED_PACKAGES -> "Write match specs such as 'numpy >=1.26'.";
      case PKGS_DIRS, ENVS_DIRS, CLIENT_SSL_CERT, CLIENT_SSL_CERT_KEY, SSL_VERIFY ->
          "Write the path of a file or folder.";
      case CHANNEL_ALIAS, MIGRATED_CHANNEL_ALIASES ->
          "Write the URL of a server or folder, such as %s.".formatted(Defaults.CHANNEL_ALIAS);
      default -> "Write a channel's name, its URL (https, http or file) or the path of its folder.";
    };
  }

  Map<String, Item> map(Key key) {
    Map<String, Item> read = new LinkedHashMap<>();
    for (Map.Entry<String, RawValue> entry : entries(key).entrySet()) {
      if (entry.getValue() instanceof Scalar scalar) {
        read.put(entry.getKey(), new Item(expanded(key, scalar), scalar));
      }
    }
    return read;
  }

  Map<String, List<Item>> lists(Key key) {
    Map<String, List<Item>> read = new LinkedHashMap<>();
    for (Map.Entry<String, RawValue> entry : entries(key).entrySet()) {
      if (entry.getValue() instanceof Sequence list) {
        read.put(entry.getKey(), items(key, list));
      }
    }
    return read;
  }

  private Map<String, RawValue> entries(Key key) {
    Optional<RawValue> value = raw(key);
    return value.isEmpty() ? Map.of() : ((Mapping) value.get()).entries();
  }

  private String expanded(Key key, Scalar scalar) {
    return key.expands() && !(scalar.origin() instanceof Code)
        ? variables.expand(scalar.text())
        : scalar.text();
  }

  ConfigurationException unfit(Key key) {
    return unfit(key, raw(key).orElseThrow());
  }

  ConfigurationException unfit(Key key, String remedy) {
    return unfit(key, raw(key).orElseThrow(), remedy);
  }

  private static ConfigurationException unfit(Key key, RawValue raw) {
    return unfit(key, raw, "Write %s.".formatted(key.shape().form()));
  }

  static ConfigurationException unfit(Key key, RawValue raw, String remedy) {
    return new ConfigurationException(
        "%s: the value of '%s' is '%s', which cannot be."
            .formatted(raw.origin(), key.id(), raw.shown()),
        remedy);
  }
}

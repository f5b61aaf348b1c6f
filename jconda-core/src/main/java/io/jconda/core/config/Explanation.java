package io.jconda.core.config;

import io.jconda.Configuration;
import io.jconda.Configuration.Code;
import io.jconda.Configuration.Default;
import io.jconda.Configuration.Element;
import io.jconda.Configuration.Entry;
import io.jconda.Configuration.Origin;
import io.jconda.core.config.RawValue.Mapping;
import io.jconda.core.config.RawValue.Sequence;
import io.jconda.spec.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells people what the settings are and where they came from. */
final class Explanation {
  private Explanation() {}

  static Configuration of(SettingsBuilder.Resolved resolved, Settings settings) {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry("root", resolved.root().toString(), resolved.rootOrigin(), List.of()));
    for (Key key : Key.values()) {
      entries.add(
          byCode(key, resolved, settings)
              .orElseGet(
                  () ->
                      resolved
                          .values()
                          .raw(key)
                          .map(value -> entry(key, value))
                          .orElseGet(
                              () ->
                                  new Entry(
                                      key.id(), Defaults.shown(key), new Default(), List.of()))));
    }
    return new Configuration(entries);
  }

  /** What code says in another way than by a key. */
  private static Optional<Entry> byCode(
      Key key, SettingsBuilder.Resolved resolved, Settings settings) {
    Origin code = new Code();
    return switch (key) {
      case CHANNELS ->
          resolved
              .options()
              .channels()
              .map(
                  channels ->
                      new Entry(
                          key.id(),
                          channels.toString(),
                          code,
                          channels.stream()
                              .map(Channel::name)
                              .map(n -> new Element("", n, code))
                              .toList()));
      case OFFLINE ->
          resolved
              .options()
              .offline()
              .map(offline -> new Entry(key.id(), offline.toString(), code, List.of()));
      case LOCAL_REPODATA_TTL ->
          resolved
              .options()
              .indexLifetime()
              .map(
                  lifetime ->
                      new Entry(
                          key.id(),
                          settings.indexLifetime().orElse(lifetime).toSeconds() + " s",
                          code,
                          List.of()));
      default -> Optional.empty();
    };
  }

  private static Entry entry(Key key, RawValue value) {
    List<Element> elements = new ArrayList<>();
    if (value instanceof Sequence list) {
      list.items().forEach(item -> elements.add(new Element("", item.shown(), item.origin())));
    } else if (value instanceof Mapping map) {
      map.entries()
          .forEach(
              (name, item) ->
                  elements.add(new Element(Secrets.hide(name), item.shown(), item.origin())));
    }
    return new Entry(key.id(), value.shown(), value.origin(), elements);
  }
}

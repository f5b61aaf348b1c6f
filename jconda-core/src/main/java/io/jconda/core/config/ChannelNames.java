package io.jconda.core.config;

import io.jconda.ChannelException;
import io.jconda.ConfigurationException;
import io.jconda.core.config.Values.Item;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Knows what a channel's name stands for, and what a channel is called that was given by URL
 * (conda: {@code models/channel.py}).
 *
 * <p>A name lies where the longest custom channel says that is it or its beginning, else under the
 * alias. A URL below a custom channel, the alias or a migrated alias is known by its name: the same
 * channel is then one channel however it was asked for. Immutable.
 */
final class ChannelNames {
  private static final String DEFAULTS = "defaults";
  private static final String PKGS = "pkgs";
  // conda: base/constants.py, DEFAULT_CHANNELS and DEFAULT_CUSTOM_CHANNELS
  private static final String PKGS_HOST = "https://repo.anaconda.com/";
  private static final List<String> ON_UNIX = List.of("main", "r");
  private static final List<String> ON_WINDOWS = List.of("main", "r", "msys2");
  private static final Pattern MEMBER_NAME = Pattern.compile("pkgs/[A-Za-z0-9._-]+");

  private final Channel alias;
  private final List<Channel> migrated;
  private final Map<String, Channel> custom;
  private final Map<String, List<Channel>> multi;
  private final Values values;

  ChannelNames(Values values, Channel alias) {
    this.values = values;
    this.alias = alias;
    this.migrated = values.read(Key.MIGRATED_CHANNEL_ALIASES, ChannelNames::located);
    this.multi = multichannels();
    this.custom = customChannels();
    for (String name : multi.keySet()) {
      members(name, new LinkedHashSet<>(), Platform.NOARCH);
    }
  }

  /** Returns where channels lie that no other setting names. */
  static Channel alias(Values values) {
    Optional<Channel> said = values.readOne(Key.CHANNEL_ALIAS, ChannelNames::located);
    return said.isPresent() ? said.get() : Channel.of(Defaults.CHANNEL_ALIAS);
  }

  private static Channel located(String text) {
    Channel channel = Channel.of(text);
    if (channel.url().isEmpty() || channel.isEmbedded()) {
      throw new IllegalArgumentException("It is a name.");
    }
    return channel;
  }

  private Map<String, List<Channel>> multichannels() {
    Map<String, List<Channel>> found = new LinkedHashMap<>();
    for (Map.Entry<String, List<Item>> said : values.lists(Key.CUSTOM_MULTICHANNELS).entrySet()) {
      found.put(said.getKey(), channels(Key.CUSTOM_MULTICHANNELS, said.getValue()));
    }
    List<Item> defaults = values.items(Key.DEFAULT_CHANNELS);
    if (!defaults.isEmpty()) {
      // what is said of defaults as a multichannel is stronger, as in conda
      found.putIfAbsent(DEFAULTS, channels(Key.DEFAULT_CHANNELS, defaults));
    }
    return found;
  }

  private List<Channel> channels(Key key, List<Item> items) {
    List<Channel> found = new ArrayList<>();
    for (Item item : items) {
      found.add(values.read(key, item, Channel::of));
    }
    return List.copyOf(found);
  }

  /** Collects custom channels, the longest names first. */
  private Map<String, Channel> customChannels() {
    Map<String, Channel> found = new HashMap<>();
    for (Map.Entry<String, Item> said : values.map(Key.CUSTOM_CHANNELS).entrySet()) {
      String name = said.getKey().replaceAll("^/+|/+$", "");
      found.put(
          name, values.read(Key.CUSTOM_CHANNELS, said.getValue(), text -> custom(name, text)));
    }
    // conda takes the members of defaults for custom channels, by their URL's path
    for (List<Channel> members : multi.values()) {
      for (Channel member : members) {
        if (member.url().isPresent() && !member.isEmbedded()) {
          String path = member.url().get().getRawPath().substring(1);
          if (MEMBER_NAME.matcher(path).matches()) {
            found.putIfAbsent(path, member);
          }
        }
      }
    }
    found.putIfAbsent(PKGS, Channel.of(PKGS_HOST + PKGS));
    return found.size() == 1 ? found : longestFirst(found);
  }

  private static Map<String, Channel> longestFirst(Map<String, Channel> channels) {
    Map<String, Channel> sorted =
        new TreeMap<>(
            Comparator.comparing(String::length).reversed().thenComparing(String::compareTo));
    sorted.putAll(channels);
    return sorted;
  }

  /** Joins a location and a name; what has no scheme and is no path lies under the alias. */
  private Channel custom(String name, String location) {
    Channel base = Channel.of(location);
    if (base.url().isEmpty()) {
      return Channel.of(withSecrets(alias) + "/" + name);
    }
    return Channel.of(withSecrets(base) + "/" + name);
  }

  private static String withSecrets(Channel channel) {
    URI url = channel.url().orElseThrow();
    String user = channel.userInfo().map(info -> info + "@").orElse("");
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    String token = channel.token().map(secret -> "/t/" + secret).orElse("");
    return url.getScheme() + "://" + user + authority + token + url.getRawPath();
  }

  /**
   * Returns the channels that hold secrets which belong to names: the alias and custom channels.
   */
  List<Channel> withSecrets() {
    List<Channel> all = new ArrayList<>();
    all.add(alias);
    all.addAll(migrated);
    all.addAll(custom.values());
    for (List<Channel> members : multi.values()) {
      all.addAll(members);
    }
    List<Channel> found = new ArrayList<>();
    for (Channel channel : all) {
      if (channel.userInfo().isPresent() || channel.token().isPresent()) {
        found.add(channel);
      }
    }
    return List.copyOf(found);
  }

  /** Returns the URL of a channel, without secrets and without a slash at its end. */
  URI url(Channel channel) {
    return channel.url().isPresent() ? channel.url().get() : url(channel.name());
  }

  private URI url(String name) {
    for (String prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('/'))) {
      Channel found = custom.get(prefix);
      if (found != null) {
        return URI.create(found.url().orElseThrow() + name.substring(prefix.length()));
      }
      if (prefix.indexOf('/') < 0) {
        return URI.create(alias.url().orElseThrow() + "/" + name);
      }
    }
  }

  /** Returns the channel by its name, if it has one; else as it is. */
  Channel canonical(Channel channel) {
    if (channel.url().isEmpty() || channel.isEmbedded()) {
      return channel;
    }
    String url = channel.url().orElseThrow().toString();
    for (Channel old : migrated) {
      Optional<Channel> named = below(old, "", url);
      if (named.isPresent()) {
        return named.get();
      }
    }
    for (Map.Entry<String, Channel> entry : custom.entrySet()) {
      Optional<Channel> named = below(entry.getValue(), entry.getKey(), url);
      if (named.isPresent() && url(named.get()).toString().equals(url)) {
        return named.get();
      }
    }
    return below(alias, "", url).filter(named -> url(named).toString().equals(url)).orElse(channel);
  }

  private Optional<Channel> below(Channel base, String name, String url) {
    String start = base.url().orElseThrow().toString();
    if (!url.startsWith(start)) {
      return Optional.empty();
    }
    String rest = url.substring(start.length());
    if (!rest.isEmpty() && !rest.startsWith("/")) {
      return Optional.empty();
    }
    String whole = (name + rest).replaceFirst("^/", "");
    // with a blank as %20, or with the name of several, it is better known by its URL
    if (!whole.matches("[A-Za-z0-9][A-Za-z0-9._/-]*") || isSeveral(whole)) {
      return Optional.empty();
    }
    return Optional.of(Channel.of(whole));
  }

  private boolean isSeveral(String name) {
    return name.equals(DEFAULTS) || multi.containsKey(name);
  }

  /**
   * Returns the channels that one stands for, each by its canonical name.
   *
   * @throws ChannelException if one is not allowed
   */
  List<Channel> expand(Channel channel, Platform platform) {
    List<Channel> found = meant(channel, platform);
    for (Channel each : found) {
      requireAllowed(each, platform);
    }
    return found;
  }

  private List<Channel> meant(Channel channel, Platform platform) {
    return channel.url().isEmpty() && isSeveral(channel.name())
        ? members(channel.name(), new LinkedHashSet<>(), platform)
        : List.of(canonical(channel));
  }

  private List<Channel> members(String name, Set<String> above, Platform platform) {
    if (!above.add(name)) {
      throw new ConfigurationException(
          "The channel '%s' stands for several, and one of them for itself again: %s."
              .formatted(name, String.join(", ", above)),
          "Take it out of custom_multichannels or default_channels.");
    }
    List<Channel> members = multi.get(name);
    if (members == null) {
      return (platform.isWindows() ? ON_WINDOWS : ON_UNIX)
          .stream().map(each -> Channel.of(PKGS + "/" + each)).toList();
    }
    List<Channel> found = new ArrayList<>();
    for (Channel member : members) {
      if (member.url().isEmpty() && isSeveral(member.name())) {
        found.addAll(members(member.name(), new LinkedHashSet<>(above), platform));
      } else {
        found.add(canonical(member));
      }
    }
    return found.stream().distinct().toList();
  }

  /** conda: {@code validate_channels}: the denied first, then those that are not allowed. */
  private void requireAllowed(Channel channel, Platform platform) {
    if (channel.isEmbedded()) {
      return;
    }
    URI url = url(channel);
    Optional<Item> denied = listed(Key.DENYLIST_CHANNELS, url, platform);
    if (denied.isPresent()) {
      Item item = denied.get();
      throw new ChannelException(
          "Channel %s must not be used: denylist_channels has '%s' (%s)."
              .formatted(channel, item, item.raw().origin()),
          "Use another channel, or ask who wrote that setting.");
    }
    if (!values.items(Key.ALLOWLIST_CHANNELS).isEmpty()
        && listed(Key.ALLOWLIST_CHANNELS, url, platform).isEmpty()) {
      throw new ChannelException(
          "Channel %s must not be used: allowlist_channels (%s) does not have it."
              .formatted(channel, values.origin(Key.ALLOWLIST_CHANNELS)),
          "Use one of %s, or ask who wrote that setting."
              .formatted(values.items(Key.ALLOWLIST_CHANNELS)));
    }
  }

  private Optional<Item> listed(Key key, URI url, Platform platform) {
    for (Item item : values.items(key)) {
      if (urls(values.read(key, item, Channel::of), platform).contains(url)) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  private List<URI> urls(Channel channel, Platform platform) {
    return meant(channel, platform).stream()
        .filter(each -> !each.isEmbedded())
        .map(this::url)
        .toList();
  }
}

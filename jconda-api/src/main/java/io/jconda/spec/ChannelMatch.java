package io.jconda.spec;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a match spec asks of a record's channel: a name, a URL, or a pattern.
 *
 * <p>This room knows no alias, so a name accepts every URL whose path ends with it, wherever its
 * host (as conda's {@code ChannelMatch} does), except that a label is no channel of its own.
 */
final class ChannelMatch {
  private static final String FORM = "Write a channel's name, its URL, or the path of its folder.";
  private static final Set<String> SUBDIRS =
      Arrays.stream(Platform.values()).map(Platform::subdir).collect(Collectors.toSet());

  /** conda's one name for several channels. */
  private static final String DEFAULTS = "defaults";

  private static final Set<String> MEMBERS_OF_DEFAULTS =
      Set.of("pkgs/main", "pkgs/r", "pkgs/msys2");

  private final String text;
  private final @Nullable Channel channel;
  private final @Nullable TextPattern pattern;

  private ChannelMatch(String text, @Nullable Channel channel, @Nullable TextPattern pattern) {
    this.text = text;
    this.channel = channel;
    this.pattern = pattern;
  }

  static ChannelMatch of(Channel channel) {
    return new ChannelMatch(channel.name(), channel, null);
  }

  /**
   * Reads a channel.
   *
   * @param secretText the piece's text with its secrets, which the piece itself no longer has
   */
  static ChannelMatch parse(Piece piece, String secretText) {
    if (piece.isEmpty()) {
      throw piece.invalid(0, "a channel is expected", FORM);
    }
    if (secretText.startsWith("^") || secretText.indexOf('*') >= 0) {
      TextPattern pattern = TextPattern.parse(piece.whole(), piece.from(), piece.to());
      return new ChannelMatch(pattern.toString(), null, pattern);
    }
    try {
      return of(Channel.of(secretText));
    } catch (IllegalArgumentException e) {
      throw piece.invalid(0, "the channel cannot be read", FORM);
    }
  }

  /** Tells where in a channel's text the slash before a subdir is; -1 if it ends with none. */
  static int subdirSlash(String text) {
    int slash = text.lastIndexOf('/');
    return slash > 0 && isSubdir(text.substring(slash + 1)) ? slash : -1;
  }

  static boolean isSubdir(String text) {
    return SUBDIRS.contains(text);
  }

  @Nullable Channel channel() {
    return channel;
  }

  boolean isExact() {
    return pattern == null;
  }

  boolean matches(PackageRecord record) {
    String theirs = record.channel();
    if (pattern != null) {
      return pattern.matches(theirs) || pattern.matches(path(theirs));
    }
    if (theirs.equals(text)) {
      return true;
    }
    if (!isUrl(text)) {
      return named(text, theirs);
    }
    if (isUrl(theirs)) {
      return theirs.endsWith("/") && theirs.equals(text + "/");
    }
    return record.url().isEmpty()
        ? !theirs.isEmpty() && named(theirs, text)
        : record.url().startsWith(text + "/");
  }

  private static boolean named(String name, String theirs) {
    String path = path(theirs);
    if (name.equals(DEFAULTS)) {
      return MEMBERS_OF_DEFAULTS.stream().anyMatch(member -> endsWith(path, member));
    }
    return endsWith(path, name);
  }

  private static boolean endsWith(String path, String name) {
    if (!path.endsWith(name)) {
      return false;
    }
    int before = path.length() - name.length();
    return before == 0
        || (path.charAt(before - 1) == '/' && !path.substring(0, before).endsWith("/label/"));
  }

  private static boolean isUrl(String text) {
    return text.contains(":/");
  }

  /** Returns a URL's path without the first slash; a name as it is. */
  private static String path(String channel) {
    int host = channel.indexOf("://");
    int slash = host < 0 ? -1 : channel.indexOf('/', host + 3);
    String path = slash < 0 ? channel : channel.substring(slash + 1);
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public String toString() {
    return text;
  }
}

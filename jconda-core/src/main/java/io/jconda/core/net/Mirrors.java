package io.jconda.core.net;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where a URL can be asked for: at the mirrors of the channel that it is below, in their
 * order, or at itself where there are none. The channel itself is asked only if it stands among its
 * mirrors (mamba's {@code mirrored_channels} means the same).
 *
 * <p>A mirror that failed comes behind the others for a while, twice as long with each failure;
 * what it serves well makes good. Thread-safe.
 */
final class Mirrors {
  private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);
  private static final Duration FIRST_REST = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 5;

  private final List<Channel> channels;
  private final LongSupplier nanoTime;
  private final Map<String, Rest> rests = new ConcurrentHashMap<>();

  private record Channel(String prefix, List<String> mirrors) {}

  private record Rest(int failures, long untilNanos) {}

  /**
   * Is one place to ask at.
   *
   * @param uri what to ask for there
   * @param base the mirror; the URL itself where no mirror is meant
   * @param isMirror whether it stands for a mirrored channel
   */
  record Place(URI uri, String base, boolean isMirror) {}

  Mirrors(Map<URI, List<URI>> mirrors, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    List<Channel> found = new ArrayList<>();
    for (Map.Entry<URI, List<URI>> mirrored : mirrors.entrySet()) {
      List<String> of = new ArrayList<>();
      for (URI mirror : mirrored.getValue()) {
        of.add(stripped(mirror));
      }
      if (!of.isEmpty()) {
        found.add(new Channel(stripped(mirrored.getKey()), List.copyOf(of)));
      }
    }
    if (found.size() > 1) {
      found.sort(Comparator.comparing((Channel channel) -> channel.prefix().length()).reversed());
    }
    this.channels = List.copyOf(found);
  }

  private static String stripped(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Returns where to ask for a URL, best first; never empty. */
  List<Place> places(URI uri) {
    String text = uri.toString();
    for (Channel channel : channels) {
      if (text.equals(channel.prefix()) || text.startsWith(channel.prefix() + "/")) {
        String rest = text.substring(channel.prefix().length());
        long now = nanoTime.getAsLong();
        return channel.mirrors().stream()
            .sorted(Comparator.comparing(mirror -> waits(mirror, now)))
            .map(mirror -> new Place(URI.create(mirror + rest), mirror, true))
            .toList();
      }
    }
    return List.of(new Place(uri, text, false));
  }

  /** Returns how long a mirror is still to be left alone; 0 for one that is well. */
  private long waits(String mirror, long now) {
    Rest rest = rests.get(mirror);
    return rest == null ? 0 : Math.max(0, rest.untilNanos() - now);
  }

  /** Remembers that a mirror failed. */
  void failed(Place place, String why) {
    if (!place.isMirror()) {
      return;
    }
    Rest rest =
        rests.compute(
            place.base(),
            (key, before) -> {
              int failures = before == null ? 1 : before.failures() + 1;
              Duration length =
                  FIRST_REST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
              return new Rest(failures, nanoTime.getAsLong() + length.toNanos());
            });
    LOG.debug(
        "The mirror {} comes last for a while after {} failure(s): {}",
        Redacted.url(URI.create(place.base())),
        rest.failures(),
        why);
  }

  /** Remembers that a mirror served something well. */
  void succeeded(Place place) {
    // one file that came well says nothing about the one for which it rests
    rests.computeIfPresent(
        place.base(), (key, rest) -> rest.untilNanos() - nanoTime.getAsLong() > 0 ? rest : null);
  }
}

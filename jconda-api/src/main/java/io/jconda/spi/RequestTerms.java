package io.jconda.spi;

import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Says what every request to a client can say, whatever it asks for. An immutable value: every
 * method that sets something returns new terms.
 *
 * @param channels the channels, highest priority first; empty for the client's
 * @param offline whether only what is on this machine may be used
 * @param timeout how long a terminal operation may take, if that is limited; more than zero
 * @param progress who hears what it is doing, if not the client's listener
 */
public record RequestTerms(
    List<Channel> channels,
    boolean offline,
    Optional<Duration> timeout,
    Optional<ProgressListener> progress) {
  /** What counts where nothing is said. */
  public static final RequestTerms NONE =
      new RequestTerms(List.of(), false, Optional.empty(), Optional.empty());

  /** Copies the list of channels. */
  public RequestTerms {
    channels = List.copyOf(channels);
  }

  /**
   * Adds channels, each of lower priority than those before it.
   *
   * @param more names, URLs or folders, as for {@link Channel#of(String)}
   * @throws IllegalArgumentException if one is none of them
   */
  public RequestTerms withChannels(String... more) {
    return withChannels(Arrays.stream(more).map(Channel::of).toArray(Channel[]::new));
  }

  /** Adds channels, each of lower priority than those before it. */
  public RequestTerms withChannels(Channel... more) {
    List<Channel> all = new ArrayList<>(channels);
    all.addAll(List.of(more));
    return new RequestTerms(all, offline, timeout, progress);
  }

  /** Sets whether only what is on this machine may be used. */
  public RequestTerms withOffline(boolean only) {
    return new RequestTerms(channels, only, timeout, progress);
  }

  /**
   * Limits how long a terminal operation may take.
   *
   * @param limit how long; more than zero
   * @throws IllegalArgumentException if it is not more than zero
   */
  public RequestTerms withTimeout(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("A time limit must be more than zero, not " + limit + ".");
    }
    return new RequestTerms(channels, offline, Optional.of(limit), progress);
  }

  /** Sets who hears what a terminal operation is doing. */
  public RequestTerms withProgress(ProgressListener listener) {
    return new RequestTerms(channels, offline, timeout, Optional.of(listener));
  }
}

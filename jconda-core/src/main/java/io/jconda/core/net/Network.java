package io.jconda.core.net;

import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for URLs: over http and https, with retries and credentials, and in folders.
 *
 * <p>Owns connections; make one and share it. Thread-safe. No secret stands in anything that it
 * throws or logs.
 */
public final class Network implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Network.class);
  private static final Set<Integer> EXPECTED = Set.of(200, 206, 304, 404);

  private final NetworkSettings settings;
  private final boolean offline;
  private final CredentialBook credentials;
  private final Transport http;
  private final Transport files;
  private final AtomicBoolean closed;

  /** Makes a network; nothing is connected yet. */
  public Network(NetworkSettings settings) {
    this.settings = settings;
    this.offline = settings.offline();
    this.credentials = new CredentialBook(settings.credentials());
    this.http = new HttpTransport(settings, credentials);
    this.files = new FileTransport();
    this.closed = new AtomicBoolean();
  }

  private Network(Network origin, boolean offline) {
    this.settings = origin.settings;
    this.offline = offline;
    this.credentials = origin.credentials;
    this.http = origin.http;
    this.files = origin.files;
    this.closed = origin.closed;
  }

  /**
   * Returns a view of this network that is offline or is not, for one request among others; it
   * shares connections and credentials, and is closed with this one.
   *
   * @param offline whether http and https are forbidden
   */
  public Network offline(boolean offline) {
    return offline == this.offline ? this : new Network(this, offline);
  }

  /** Tells whether http and https are forbidden. */
  public boolean isOffline() {
    return offline;
  }

  /** Returns what it was made with. */
  public NetworkSettings settings() {
    return settings;
  }

  /**
   * Remembers the user info and the token of a channel for every URL under the channel's.
   *
   * @param channel a channel; one without secrets or without a URL changes nothing
   */
  public void addCredentials(Channel channel) {
    channel.url().ifPresent(url -> addCredentials(channel, url));
  }

  private void addCredentials(Channel channel, URI url) {
    channel
        .userInfo()
        .map(info -> URLDecoder.decode(info.replace("+", "%2B"), StandardCharsets.UTF_8))
        .ifPresent(info -> credentials.add(new Credential.Basic(url, info)));
    channel.token().ifPresent(token -> credentials.add(new Credential.PathToken(url, token)));
  }

  /**
   * Asks for a URL and returns an answer of status 200, 206, 304 or 404.
   *
   * <p>Blocks until the head of the answer is there; the body comes as it is read. Failed
   * connections, 408, 429 and 5xx are repeated after a while, as {@link NetworkSettings} says.
   *
   * @param uri an http, https or file URL
   * @param headers headers to send, such as {@code Range} or {@code If-None-Match}
   * @param context the operation; cancelling it ends the request
   * @throws ChannelException if there is no answer in the end, or one with another status
   * @throws OfflineException if the URL needs the network and there shall be none
   * @throws io.jconda.OperationCancelledException if the operation is cancelled, or this thread
   *     interrupted
   */
  public Response get(URI uri, Map<String, String> headers, OperationContext context) {
    Response response = exchange(uri, headers, context);
    if (EXPECTED.contains(response.status())) {
      return response;
    }
    response.close();
    throw Refusal.ofStatus(uri, response.status());
  }

  /**
   * Does what {@link #get} does, but returns an answer of whatever status that asking anew would
   * not change, such as 403.
   *
   * @param uri an http, https or file URL
   * @param headers headers to send
   * @param context the operation; cancelling it ends the request
   * @throws ChannelException if there is no answer in the end, or only 408, 429 or 5xx
   * @throws OfflineException if the URL needs the network and there shall be none
   * @throws io.jconda.OperationCancelledException if the operation is cancelled, or this thread
   *     interrupted
   */
  public Response exchange(URI uri, Map<String, String> headers, OperationContext context) {
    Transport transport = transport(uri);
    for (int attempt = 0; ; attempt++) {
      Interrupts.check(context.token());
      Duration wait = Backoff.before(attempt + 1, settings);
      ChannelException failure;
      try {
        Response response = transport.get(uri, headers, context);
        if (!Backoff.isWorthRepeating(response.status())) {
          return response;
        }
        wait = Backoff.asked(response, wait, settings);
        response.close();
        failure = Refusal.ofStatus(uri, response.status());
      } catch (IOException e) {
        failure = Refusal.of(uri, e);
        if (!Backoff.isWorthRepeating(e)) {
          throw failure;
        }
      }
      if (attempt >= settings.retries() || closed.get()) {
        throw failure;
      }
      LOG.debug("{} Asking anew in {}.", failure.problem(), wait);
      pause(wait, context.token());
    }
  }

  private Transport transport(URI uri) {
    if (closed.get()) {
      throw new IllegalStateException("The client that this network belongs to is closed.");
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (scheme.equals("file")) {
      return files;
    }
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new ChannelException(
          "%s is no URL that can be asked for.".formatted(Redacted.url(uri)),
          "Use an http, https or file URL.");
    }
    if (offline) {
      throw new OfflineException(
          "%s is needed, and JConda is offline.".formatted(Redacted.url(uri)),
          "Allow the network, or do this once while online so that it is in the cache.");
    }
    return http;
  }

  /** Waits without holding anything; a cancellation ends the wait. */
  private static void pause(Duration wait, CancellationToken token) {
    CountDownLatch cancelled = new CountDownLatch(1);
    CancellationToken.Registration registration = token.onCancel(cancelled::countDown);
    try {
      long nanos = Math.min(wait.toNanos(), token.remaining().toNanos());
      if (cancelled.await(nanos, TimeUnit.NANOSECONDS)) {
        LOG.debug("The wait before asking anew ends early.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      registration.close();
    }
    Interrupts.check(token);
  }

  /**
   * Ends what is under way and gives all connections back; again does nothing.
   *
   * <p>What is left of the HTTP client's threads are idle daemons that end by themselves.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      http.close();
      files.close();
    }
  }
}
